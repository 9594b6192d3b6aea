/**
 * Who goes first. A person waits for a preview, nobody for the next photo of a run: runs pause between photos while
 * anything else is asked.
 */
export class Turns {
  #first = 0;
  #waiting: (() => void)[] = [];

  /** Does work that runs wait for. */
  async first<T>(work: () => Promise<T>): Promise<T> {
    this.#first++;
    try {
      return await work();
    } finally {
      this.#first--;
      if (this.#first === 0) for (const go of this.#waiting.splice(0)) go();
    }
  }

  /** Resolves when nothing goes first any more, or when aborted. */
  async quiet(signal: AbortSignal): Promise<void> {
    while (this.#first > 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const go = (): void => {
          signal.removeEventListener("abort", go);
          resolve();
        };
        signal.addEventListener("abort", go);
        this.#waiting.push(go);
      });
    }
  }
}

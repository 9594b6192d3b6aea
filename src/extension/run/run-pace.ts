/** How fast a run is, and how long it will take. */

/** Moments that the rate is measured over: the last photos say more than the first, which loaded the model. */
const WINDOW = 20;

/** Watches photos come in. */
export class RunPace {
  readonly #moments: { readonly done: number; readonly ms: number }[] = [];

  /**
   * Takes in how many photos are done.
   *
   * @param ms clock that only goes forward
   */
  add(done: number, ms: number): void {
    const last = this.#moments.at(-1);
    if (last !== undefined && done <= last.done) return;
    this.#moments.push({ done, ms });
    if (this.#moments.length > WINDOW) this.#moments.shift();
  }

  /** Photos a second; `undefined` before there are two moments. */
  get rate(): number | undefined {
    const [first, last] = [this.#moments[0], this.#moments.at(-1)];
    if (first === undefined || last === undefined || last.ms <= first.ms) return undefined;
    return (1000 * (last.done - first.done)) / (last.ms - first.ms);
  }

  /** Seconds until so many are done. */
  left(total: number): number | undefined {
    const done = this.#moments.at(-1)?.done ?? 0;
    const { rate } = this;
    return rate === undefined || rate <= 0 ? undefined : Math.max(0, total - done) / rate;
  }
}

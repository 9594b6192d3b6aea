import type { CellOutput } from "../../protocol/kernel.ts";

/** How long printed text waits for more of it. */
const WAIT_MS = 15;
/** Text of this length does not wait. */
const LONG = 2 ** 16;

/** An output on its way, with what it counts in the backlog. */
export interface SentOutput {
  readonly run: string;
  readonly output: CellOutput;
  readonly size: number;
}

/** Joins what is printed in small pieces, in order: a message for each line would keep VS Code busy. */
export class OutputBatches {
  readonly #send: (output: SentOutput) => void;
  #waiting: SentOutput | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (output: SentOutput) => void) {
    this.#send = send;
  }

  add(next: SentOutput): void {
    const joined = this.#waiting && join(this.#waiting, next);
    if (joined === undefined) this.flush();
    this.#waiting = joined ?? next;
    if (next.output.kind !== "stream" || this.#waiting.size > LONG) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), WAIT_MS);
  }

  /** Sends what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) this.#send(waiting);
  }
}

function join(first: SentOutput, second: SentOutput): SentOutput | undefined {
  const [a, b] = [first.output, second.output];
  if (a.kind !== "stream" || b.kind !== "stream" || a.name !== b.name || first.run !== second.run)
    return undefined;
  return { run: first.run, output: { ...a, text: a.text + b.text }, size: first.size + second.size };
}

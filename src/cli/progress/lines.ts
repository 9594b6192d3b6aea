/** Progress where lines stay: logs, pipes, editors. */
import type { Sink } from "../io.ts";
import { leftText, Pace, type Progress, type ProgressView, rateText } from "./progress.ts";

const STEPS = 10;

/** A {@link ProgressView} that writes a line each tenth of the work; work of few pieces is not worth a line. */
export class ProgressLines implements ProgressView {
  readonly #sink: Sink;
  readonly #fewest: number;
  readonly #pace: Pace = new Pace();
  #label = "";
  #step = 0;

  /** @param fewest pieces from which on lines are written */
  constructor(sink: Sink, fewest: number) {
    this.#sink = sink;
    this.#fewest = fewest;
  }

  show(progress: Progress): void {
    const { label, done = 0, total = 0, unit = "" } = progress;
    const pace = this.#pace.of(progress, performance.now());
    if (label !== this.#label) {
      this.#label = label;
      this.#step = 0;
    }
    const step = total === 0 ? 0 : Math.floor((STEPS * done) / total);
    if (step === this.#step || total < this.#fewest) return;
    this.#step = step;
    const speed = pace === undefined || done === total ? [] : [rateText(pace.rate), leftText(pace.left)];
    this.#sink.write(`${[`${label}: ${done}/${total} ${unit}`.trimEnd(), ...speed].join(", ")}\n`);
  }

  hide(): void {}
}

/** How far the work is, as the bar and the lines show it. */
import { duration } from "../units.ts";

/** A moment of the work. */
export interface Progress {
  /** What is being done, for example `refining photo.jpg`. */
  readonly label: string;
  readonly done?: number;
  readonly total?: number;
  /** What is counted, for example `regions`. */
  readonly unit?: string;
}

/** Shows moments of the work. */
export interface ProgressView {
  show(progress: Progress): void;
  /** Takes away what stands on the screen; `show` brings it back. */
  hide(): void;
}

/** Speed since the label was first shown. */
export class Pace {
  #label = "";
  #since = 0;
  #from = 0;

  /** Units a second and milliseconds left; `undefined` while nothing can be said. */
  of({ label, done = 0, total = 0 }: Progress, now: number): { rate: number; left: number } | undefined {
    if (label !== this.#label) {
      this.#label = label;
      this.#since = now;
      this.#from = done;
    }
    if (done <= this.#from || now <= this.#since) return undefined;
    const rate = (1000 * (done - this.#from)) / (now - this.#since);
    return { rate, left: (1000 * (total - done)) / rate };
  }
}

/** `8.1/s` or, for slow work, seconds a piece. */
export function rateText(rate: number): string {
  return rate >= 1 ? `${rate.toFixed(1)}/s` : `${(1 / rate).toFixed(1)} s each`;
}

/** `2.0 s left`. */
export function leftText(ms: number): string {
  return `${duration(ms)} left`;
}

/** The progress bar on a terminal: one line on stderr, redrawn in place. */
import type { Sink } from "../io.ts";
import { leftText, Pace, type Progress, type ProgressView, rateText } from "./progress.ts";

const ERASE = "\r\x1b[2K";
/** Redraws closer together than this are not seen. */
const MIN_GAP_MS = 60;
const BAR_CELLS = 20;

/** A {@link ProgressView} for terminals. */
export class ProgressBar implements ProgressView {
  readonly #sink: Sink;
  readonly #pace: Pace = new Pace();
  #drawnAt = 0;
  #label = "";
  #visible = false;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  show(progress: Progress): void {
    const now = performance.now();
    const pace = this.#pace.of(progress, now);
    const last = progress.done === progress.total;
    if (this.#visible && progress.label === this.#label && !last && now - this.#drawnAt < MIN_GAP_MS) return;
    this.#label = progress.label;
    this.#drawnAt = now;
    this.#visible = true;
    const line = barLine(progress, pace, (this.#sink.columns ?? 80) - 1, this.#sink.hasColors?.() ?? false);
    this.#sink.write(ERASE + line);
  }

  hide(): void {
    if (this.#visible) this.#sink.write(ERASE);
    this.#visible = false;
  }
}

/**
 * The bar's text: what does not fit is left out, the least telling first.
 *
 * @param columns most characters
 */
export function barLine(
  { label, done, total, unit = "" }: Progress,
  pace: { rate: number; left: number } | undefined,
  columns: number,
  colour: boolean,
): string {
  if (done === undefined || total === undefined || total === 0) return cut(`${label} …`, columns);
  const count = `${done}/${total} ${unit}`.trimEnd();
  const rate = pace === undefined ? [] : [rateText(pace.rate)];
  const left = pace === undefined || done === total ? [] : [leftText(pace.left)];
  const bar = drawBar(done / total);
  const layouts = [
    [label, bar, count, ...rate, ...left],
    [label, bar, count, ...left],
    [label, count, ...left],
    [label, count],
  ];
  const fitting = layouts.map((parts) => parts.join("  ")).find((text) => text.length <= columns);
  const text = fitting ?? cut(count, columns);
  return colour ? text.replace(/█+/, (cells) => `\x1b[36m${cells}\x1b[39m`) : text;
}

function drawBar(share: number): string {
  const full = Math.round(share * BAR_CELLS);
  return "█".repeat(full) + "░".repeat(BAR_CELLS - full);
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}

/** Masks as horizontal stretches by row: quick to paint in part, to look up and to compare. */
import { eachStretch } from "../../protocol/mask-runs.ts";
import type { MaskRuns } from "../../protocol/views.ts";
import type { Box, Place } from "../types.ts";

/** A mask's stretches, in reading order. */
export interface Spans {
  /** `undefined` for an empty mask; rows count from its top. */
  readonly box: Box | undefined;
  /** `Uint32Array [rows + 1]`: the stretches of row `r` are `rows[r]` up to, not including, `rows[r + 1]`. */
  readonly rows: Uint32Array;
  /** `Int32Array [stretches, 2]`: x of the first pixel, and of the first one after. */
  readonly ends: Int32Array;
}

const known = new WeakMap<MaskRuns, Spans>();

/** The stretches of a mask; worked out once for each mask. */
export function spansOf(mask: MaskRuns): Spans {
  let spans = known.get(mask);
  if (spans === undefined) {
    spans = readSpans(mask);
    known.set(mask, spans);
  }
  return spans;
}

function readSpans(mask: MaskRuns): Spans {
  const builder = new SpansBuilder(mask.box);
  eachStretch(mask, (start, end, y) => builder.add(y, start, end));
  return builder.finish();
}

/** Collects stretches in reading order. */
export class SpansBuilder {
  readonly #box: Box | undefined;
  readonly #ends: number[] = [];
  readonly #rows: Uint32Array;
  #row = 0;

  constructor(box: Box | undefined) {
    this.#box = box;
    this.#rows = new Uint32Array(box === undefined ? 1 : box[3] - box[1] + 2);
  }

  /** Adds a stretch to row `y` of the photo, which lies in the box and not above the last one. */
  add(y: number, start: number, end: number): void {
    const row = y - (this.#box?.[1] ?? 0);
    while (this.#row < row) this.#rows[++this.#row] = this.#ends.length / 2;
    this.#ends.push(start, end);
  }

  finish(): Spans {
    const rows = this.#rows;
    while (this.#row < rows.length - 1) rows[++this.#row] = this.#ends.length / 2;
    return { box: this.#box, rows, ends: Int32Array.from(this.#ends) };
  }
}

/** Calls `fill` for every stretch in rows `y0` to `y1`, both inclusive. */
export function eachSpan(
  { box, rows, ends }: Spans,
  y0: number,
  y1: number,
  fill: (start: number, end: number, y: number) => void,
): void {
  if (box === undefined) return;
  const last = Math.min(y1, box[3]);
  for (let y = Math.max(y0, box[1]); y <= last; y++) {
    const row = y - box[1];
    for (let i = rows[row]!; i < rows[row + 1]!; i++) fill(ends[2 * i]!, ends[2 * i + 1]!, y);
  }
}

/** Whether a pixel belongs to the mask. */
export function hasPixel(spans: Spans, { x, y }: Place): boolean {
  let found = false;
  eachSpan(spans, y, y, (start, end) => {
    found ||= x >= start && x < end;
  });
  return found;
}

/**
 * Separable resampling. Each axis is a sparse matrix, so that a chain of resizes, crops and paddings (photo →
 * 1024 frame → 256 grid and back) is composed once per size and applied in a single pass.
 */

import { scratchFloats } from "./scratch.ts";

/** A sparse matrix `[outputs, inputs]` with the same number of taps in every row. */
export interface Axis {
  readonly outputs: number;
  readonly taps: number;
  /** `[outputs, taps]` input positions. */
  readonly index: Int32Array;
  /** `[outputs, taps]` weights; unused taps weigh 0. */
  readonly weight: Float32Array;
}

/** Bilinear interpolation of `inputs` samples at `outputs` positions, half-pixel centres, no antialiasing. */
export function linearAxis(inputs: number, outputs: number): Axis {
  const scale = inputs / outputs;
  return buildAxis(outputs, 2, (o, put) => {
    const position = Math.max(0, (o + 0.5) * scale - 0.5);
    const first = Math.min(Math.floor(position), inputs - 1);
    put(first, 1 - (position - first));
    put(Math.min(first + 1, inputs - 1), position - first);
  });
}

/** Bicubic interpolation (a = −0.75, clamped ends), half-pixel centres, no antialiasing. */
export function cubicAxis(inputs: number, outputs: number): Axis {
  const scale = inputs / outputs;
  return buildAxis(outputs, 4, (o, put) => {
    const position = (o + 0.5) * scale - 0.5;
    const first = Math.floor(position);
    for (let k = -1; k <= 2; k++) {
      const input = Math.min(Math.max(first + k, 0), inputs - 1);
      put(input, cubicKernel(Math.abs(position - (first + k))));
    }
  });
}

/** Averages by area of the inputs `[from, to)` into `outputs` samples; never more outputs than inputs. */
export function areaAxis(from: number, to: number, outputs: number): Axis {
  const scale = (to - from) / outputs;
  return buildAxis(outputs, Math.ceil(scale) + 1, (o, put) => {
    const end = Math.min(to - from, (o + 1) * scale);
    for (let i = Math.floor(o * scale); i < end; i++) {
      const overlap = Math.min(i + 1, (o + 1) * scale) - Math.max(i, o * scale);
      if (overlap > 1e-9) put(from + i, overlap / scale);
    }
  });
}

/** `second ∘ first`. Positions of `second` beyond the outputs of `first` read zeros: the frame's padding. */
export function composeAxes(first: Axis, second: Axis): Axis {
  const rows: Map<number, number>[] = [];
  for (let o = 0; o < second.outputs; o++) {
    const row = new Map<number, number>();
    for (let t = o * second.taps; t < (o + 1) * second.taps; t++) {
      const middle = second.index[t]!;
      const outer = second.weight[t]!;
      if (middle >= first.outputs || outer === 0) continue;
      for (let s = middle * first.taps; s < (middle + 1) * first.taps; s++) {
        const input = first.index[s]!;
        row.set(input, (row.get(input) ?? 0) + outer * first.weight[s]!);
      }
    }
    rows.push(row);
  }
  const taps = rows.reduce((most, row) => Math.max(most, row.size), 1);
  return buildAxis(second.outputs, taps, (o, put) => {
    for (const [input, weight] of rows[o]!) put(input, weight);
  });
}

/** The first `outputs` rows of an axis. */
export function cropAxis(axis: Axis, outputs: number): Axis {
  return {
    outputs,
    taps: axis.taps,
    index: axis.index.subarray(0, outputs * axis.taps),
    weight: axis.weight.subarray(0, outputs * axis.taps),
  };
}

/** Every `step`-th row of an axis from `first` on, before `end`. */
export function thinAxis(axis: Axis, first: number, end: number, step: number): Axis {
  const outputs = Math.max(0, Math.ceil((end - first) / step));
  const from = (o: number, t: number) => (first + o * step) * axis.taps + t;
  return buildAxis(outputs, axis.taps, (o, put) => {
    for (let t = 0; t < axis.taps; t++) put(axis.index[from(o, t)]!, axis.weight[from(o, t)]!);
  });
}

/** A part of the output: `[x0, x1) × [y0, y1)`. */
export interface Window {
  /** First column. */
  readonly x0: number;
  /** First row. */
  readonly y0: number;
  /** One past the last column. */
  readonly x1: number;
  /** One past the last row. */
  readonly y1: number;
}

/**
 * Applies one axis to the columns and one to the rows.
 *
 * @param source `[any, sourceWidth]` row-major
 * @param window part of the output to compute
 * @returns `Float32Array [y1 - y0, x1 - x0]` row-major
 */
export function resample(
  source: ArrayLike<number>,
  sourceWidth: number,
  columns: Axis,
  rows: Axis,
  window: Window,
): Float32Array {
  const width = window.x1 - window.x0;
  const out = new Float32Array(width * (window.y1 - window.y0));
  const rowsOf = new RowResampler(source, sourceWidth, columns, rows, window);
  for (let y = window.y0; y < window.y1; y++) rowsOf.row(y, 0, width, out, (y - window.y0) * width);
  return out;
}

/**
 * The rows of a window, one at a time: columns are interpolated once, those that are asked for, rows when asked for, wholly
 * or in part.
 */
export class RowResampler {
  readonly #source: ArrayLike<number>;
  readonly #sourceWidth: number;
  readonly #columns: Axis;
  readonly #rows: Axis;
  readonly #left: number;
  readonly #width: number;
  readonly #firstRow: number;
  /** `[inputs read, width]`: the source with its columns interpolated, where {@link #known} says so. */
  readonly #wide: Float32Array;
  /** Of each input row the columns that are interpolated: first and end of each stretch, ascending. */
  readonly #known: number[][];

  /** As for {@link resample}. One at a time: all share their working memory. */
  constructor(source: ArrayLike<number>, sourceWidth: number, columns: Axis, rows: Axis, window: Window) {
    const [firstRow, lastRow] = inputRange(rows, window.y0, window.y1);
    this.#source = source;
    this.#sourceWidth = sourceWidth;
    this.#columns = columns;
    this.#rows = rows;
    this.#left = window.x0;
    this.#width = window.x1 - window.x0;
    this.#firstRow = firstRow;
    this.#wide = scratchFloats("wide", (lastRow - firstRow + 1) * this.#width);
    this.#known = Array.from({ length: lastRow - firstRow + 1 }, () => []);
  }

  /**
   * Writes columns `[from, to)` of output row `y`, columns counted from the window's first.
   *
   * @param out takes column `from` at `offset`
   */
  row(y: number, from: number, to: number, out: Float32Array, offset: number): void {
    const { taps, index, weight } = this.#rows;
    for (let t = y * taps; t < (y + 1) * taps; t++)
      if (weight[t] !== 0) this.#interpolate(index[t]! - this.#firstRow, from, to);
    this.#mixRows(y * taps, (y + 1) * taps, from, to, out, offset);
    for (let t = MIXED; t < taps; t += MIXED) {
      const more = scratchFloats("more taps", to - from);
      this.#mixRows(y * taps + t, (y + 1) * taps, from, to, more, 0);
      for (let i = 0; i < more.length; i++) out[offset + i] = out[offset + i]! + more[i]!;
    }
  }

  /** Sees to it that columns `[from, to)` of an input row are interpolated. */
  #interpolate(row: number, from: number, to: number): void {
    const known = this.#known[row]!;
    let k = 0;
    while (k < known.length && known[k + 1]! < from) k += 2;
    if (k < known.length && known[k]! <= from && known[k + 1]! >= to) return;
    let first = from;
    let end = to;
    let x = from;
    let next = k;
    // Stretches that touch the new one become one with it.
    for (; next < known.length && known[next]! <= to; next += 2) {
      if (known[next]! > x) this.#gather(row, x, known[next]!);
      x = Math.max(x, known[next + 1]!);
      first = Math.min(first, known[next]!);
      end = Math.max(end, known[next + 1]!);
    }
    if (x < to) this.#gather(row, x, to);
    known.splice(k, next - k, first, end);
  }

  #gather(row: number, from: number, to: number): void {
    const { taps, index, weight } = this.#columns;
    const source = this.#source;
    const offset = (row + this.#firstRow) * this.#sourceWidth;
    const wide = this.#wide;
    let t = (this.#left + from) * taps;
    for (let i = row * this.#width + from; i < row * this.#width + to; i++) {
      let sum = 0;
      for (const last = t + taps; t < last; t++) sum += weight[t]! * source[offset + index[t]!]!;
      wide[i] = sum;
    }
  }

  /** Writes the weighted sum of up to {@link MIXED} input rows: those of the taps from `t` on, before `end`. */
  #mixRows(t: number, end: number, from: number, to: number, out: Float32Array, offset: number): void {
    const wide = this.#wide;
    const a = this.#place(t, end) + from;
    const b = this.#place(t + 1, end) + from;
    const c = this.#place(t + 2, end) + from;
    const d = this.#place(t + 3, end) + from;
    const e = this.#place(t + 4, end) + from;
    const f = this.#place(t + 5, end) + from;
    const wa = this.#weight(t, end);
    const wb = this.#weight(t + 1, end);
    const wc = this.#weight(t + 2, end);
    const wd = this.#weight(t + 3, end);
    const we = this.#weight(t + 4, end);
    const wf = this.#weight(t + 5, end);
    for (let i = 0; i < to - from; i++) {
      const near = wa * wide[a + i]! + wb * wide[b + i]! + wc * wide[c + i]!;
      const far = wd * wide[d + i]! + we * wide[e + i]! + wf * wide[f + i]!;
      out[offset + i] = near + far;
    }
  }

  #weight(t: number, end: number): number {
    return t < end ? this.#rows.weight[t]! : 0;
  }

  /** Where the input row of a tap starts; the first one for taps that weigh nothing. */
  #place(t: number, end: number): number {
    return this.#weight(t, end) === 0 ? 0 : (this.#rows.index[t]! - this.#firstRow) * this.#width;
  }
}

/** Taps of one pass over the output: both steps of bicubic upscaling together have five. */
const MIXED = 6;

/** First and last input that the outputs `[from, to)` read. */
export function inputRange(axis: Axis, from: number, to: number): [first: number, last: number] {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (let t = from * axis.taps; t < to * axis.taps; t++) {
    if (axis.weight[t] === 0) continue;
    if (axis.index[t]! < first) first = axis.index[t]!;
    if (axis.index[t]! > last) last = axis.index[t]!;
  }
  return first > last ? [0, 0] : [first, last];
}

function cubicKernel(distance: number): number {
  const a = -0.75;
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  if (distance < 2) return ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
  return 0;
}

function buildAxis(
  outputs: number,
  taps: number,
  fill: (output: number, put: (input: number, weight: number) => void) => void,
): Axis {
  const index = new Int32Array(outputs * taps);
  const weight = new Float32Array(outputs * taps);
  for (let o = 0; o < outputs; o++) {
    let t = o * taps;
    fill(o, (input, w) => {
      index[t] = input;
      weight[t++] = w;
    });
  }
  return { outputs, taps, index, weight };
}

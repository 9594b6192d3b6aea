/** Where upscaled logits are certain to have the sign of their low-res cell, so that nobody need work them out. */
import { type Frame, LOW_RES_SIZE } from "./frame.ts";
import type { Axis, Window } from "./resample.ts";
import { scratchFloats } from "./scratch.ts";

/** What is known of the upscaled logits in a low-res cell. */
export const NEGATIVE = 0;
export const POSITIVE = 1;
export const OPEN = 2;

/** Both steps of the upscaling together read this many cells to each side of the cell a photo pixel lies in. */
const SUPPORT = 2;
/** Room for the rounding of 32-bit sums, relative to the largest logit. */
const ROUNDING = 1e-4;

const CELLS = LOW_RES_SIZE * LOW_RES_SIZE;

/** The low-res cell of each photo column and row of a window. */
export interface WindowCells {
  readonly columns: Int32Array;
  readonly rows: Int32Array;
}

/** Looks up the cells of a window's columns and rows. */
export function windowCells(frame: Frame, { x0, y0, x1, y1 }: Window): WindowCells {
  return {
    columns: cellsOf(x0, x1, frame.scaledWidth / frame.width),
    rows: cellsOf(y0, y1, frame.scaledHeight / frame.height),
  };
}

function cellsOf(from: number, to: number, scale: number): Int32Array {
  const cells = new Int32Array(to - from);
  for (let i = 0; i < cells.length; i++)
    cells[i] = Math.min(LOW_RES_SIZE - 1, Math.floor(((i + from + 0.5) * scale) / 4));
  return cells;
}

/**
 * Which cells are certain. Interpolation with weights of sum 1, N of them negative in all, of values from `least` to
 * `most` gives at least least − N·(most − least), and at most the mirror image of that.
 *
 * @param lowRes `Float32Array [256, 256]`
 * @param columns the axes of the upscaling, which say how much the negative weights can add up to
 * @param window cells that are asked for; others are not looked at
 * @returns `Uint8Array [256, 256]` of {@link NEGATIVE}, {@link POSITIVE} and {@link OPEN}
 */
export function signCells(lowRes: Float32Array, columns: Axis, rows: Axis, window: WindowCells): Uint8Array {
  const a = negativeWeight(columns);
  const b = negativeWeight(rows);
  const lobes = (1 + a) * b + a * (1 + b);
  const [x0, x1] = [window.columns[0]!, window.columns.at(-1)!];
  const [y0, y1] = [window.rows[0]!, window.rows.at(-1)!];
  const { least, most } = extremesAround(lowRes, x0, x1, y0, y1);
  const cells = new Uint8Array(lowRes.length);
  for (let y = y0; y <= y1; y++) {
    for (let i = y * LOW_RES_SIZE + x0; i <= y * LOW_RES_SIZE + x1; i++) {
      const low = least[i]!;
      const high = most[i]!;
      const doubt = lobes * (high - low) + ROUNDING * Math.max(high, -low);
      cells[i] = low > doubt ? POSITIVE : high < -doubt ? NEGATIVE : OPEN;
    }
  }
  return cells;
}

interface Extremes {
  readonly least: Float32Array;
  readonly most: Float32Array;
}

/** The extremes of the values within {@link SUPPORT} cells of each cell of a part, both ends inclusive. */
function extremesAround(values: Float32Array, x0: number, x1: number, y0: number, y1: number): Extremes {
  const wide = { least: scratchFloats("least wide", CELLS), most: scratchFloats("most wide", CELLS) };
  const out = { least: scratchFloats("least", CELLS), most: scratchFloats("most", CELLS) };
  const end = Math.min(LOW_RES_SIZE - 1, y1 + SUPPORT);
  for (let y = Math.max(0, y0 - SUPPORT); y <= end; y++) slideExtremes(values, values, wide, y, x0, x1, 1);
  for (let y = y0; y <= y1; y++) slideExtremes(wide.least, wide.most, out, y, x0, x1, LOW_RES_SIZE);
  return out;
}

/** One direction of {@link extremesAround} for one row: `stride` is from a value to its neighbour. */
function slideExtremes(
  least: Float32Array,
  most: Float32Array,
  to: Extremes,
  y: number,
  x0: number,
  x1: number,
  stride: number,
): void {
  for (let x = x0; x <= x1; x++) {
    const i = y * LOW_RES_SIZE + x;
    const place = stride === 1 ? x : y;
    const first = i - Math.min(SUPPORT, place) * stride;
    const last = i + Math.min(SUPPORT, LOW_RES_SIZE - 1 - place) * stride;
    let low = least[first]!;
    let high = most[first]!;
    for (let k = first + stride; k <= last; k += stride) {
      low = Math.min(low, least[k]!);
      high = Math.max(high, most[k]!);
    }
    to.least[i] = low;
    to.most[i] = high;
  }
}

const negativeWeights = new WeakMap<Axis, number>();

/** The most that the negative weights of one output add up to, as a positive number. */
function negativeWeight(axis: Axis): number {
  let most = negativeWeights.get(axis);
  if (most === undefined) {
    most = 0;
    for (let o = 0; o < axis.outputs; o++) {
      let sum = 0;
      for (let t = o * axis.taps; t < (o + 1) * axis.taps; t++) sum += Math.min(0, axis.weight[t]!);
      most = Math.max(most, -sum);
    }
    negativeWeights.set(axis, most);
  }
  return most;
}

/**
 * Walks the rows of a window in runs of columns whose cells are of one kind.
 *
 * @param kinds `Uint8Array [256, 256]`
 * @param visit called with row and columns `[from, to)`, counted from the window's first
 */
export function forEachRun(
  kinds: Uint8Array,
  { columns, rows }: WindowCells,
  visit: (row: number, kind: number, from: number, to: number) => void,
): void {
  let runs: readonly number[] = [];
  for (let y = 0; y < rows.length; y++) {
    // The photo rows of one cell have their runs in common.
    if (y === 0 || rows[y] !== rows[y - 1]) runs = runsOf(kinds, rows[y]! * LOW_RES_SIZE, columns);
    for (let r = 0; r < runs.length; r += 3) visit(y, runs[r]!, runs[r + 1]!, runs[r + 2]!);
  }
}

/** `[kind, from, to]` for each run of one row. */
function runsOf(kinds: Uint8Array, offset: number, columns: Int32Array): number[] {
  const runs: number[] = [];
  for (let x = 0; x < columns.length; ) {
    const from = x;
    const kind = kinds[offset + columns[x]!]!;
    while (x < columns.length && kinds[offset + columns[x]!] === kind) x++;
    runs.push(kind, from, x);
  }
  return runs;
}

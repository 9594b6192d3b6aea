/** Logits on SAM's grid without the cells that nobody reads. */
import { edgeMargin } from "../../core/edges/align-edges.ts";
import { type Frame, LOW_RES_SIZE, lowResCell } from "../../core/frame.ts";

const CELLS = LOW_RES_SIZE * LOW_RES_SIZE;
/** Cells that interpolation reads beyond a window. */
const SUPPORT = 8;

/** A part of low-res logits, for example the one that a candidate's mask in photo pixels depends on. */
export interface KeptLogits {
  /** Cells, `x1` and `y1` exclusive. */
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** `Float32Array [y1 - y0, x1 - x0]`. */
  readonly data: Float32Array;
  /** Value of all other cells: certainly background. */
  readonly outside: number;
}

/**
 * Cuts out what counts: a few per cent for most regions.
 *
 * @param lowRes `Float32Array [256, 256]`
 */
export function keepLogits(lowRes: Float32Array, frame: Frame): KeptLogits {
  const margin = Math.ceil(edgeMargin(frame) / lowResCell(frame)) + SUPPORT;
  const kept = cut(lowRes, cellsAbove(lowRes, 0, margin), -1);
  return { ...kept, outside: Math.min(-1, lowest(kept.data)) };
}

/**
 * Cuts out all of a mask prompt, which has one value wherever the mask is not.
 *
 * @param lowRes `Float32Array [256, 256]`
 */
export function keepHeat(lowRes: Float32Array): KeptLogits {
  const outside = lowest(lowRes);
  return cut(lowRes, cellsAbove(lowRes, outside, 0), outside);
}

/** `x1` and `y1` exclusive. */
interface Cells {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

function cut(lowRes: Float32Array, cells: Cells, outside: number): KeptLogits {
  const { x0, y0, x1, y1 } = cells;
  const data = new Float32Array(Math.max(0, x1 - x0) * Math.max(0, y1 - y0));
  for (let y = y0; y < y1; y++) {
    const row = y * LOW_RES_SIZE;
    data.set(lowRes.subarray(row + x0, row + x1), (y - y0) * (x1 - x0));
  }
  return { ...cells, data, outside };
}

/** All cells again, `Float32Array [256, 256]`. */
export function restoreLogits({ x0, y0, x1, y1, data, outside }: KeptLogits): Float32Array {
  const lowRes = new Float32Array(CELLS).fill(outside);
  for (let y = y0; y < y1; y++) {
    const from = (y - y0) * (x1 - x0);
    lowRes.set(data.subarray(from, from + x1 - x0), y * LOW_RES_SIZE + x0);
  }
  return lowRes;
}

function cellsAbove(lowRes: Float32Array, value: number, margin: number): Cells {
  let x0 = LOW_RES_SIZE;
  let y0 = LOW_RES_SIZE;
  let x1 = -1;
  let y1 = -1;
  for (let y = 0; y < LOW_RES_SIZE; y++) {
    const row = lowRes.subarray(y * LOW_RES_SIZE, (y + 1) * LOW_RES_SIZE);
    let first = 0;
    while (first < LOW_RES_SIZE && row[first]! <= value) first++;
    if (first === LOW_RES_SIZE) continue;
    let last = LOW_RES_SIZE - 1;
    while (row[last]! <= value) last--;
    x0 = Math.min(x0, first);
    x1 = Math.max(x1, last);
    y0 = Math.min(y0, y);
    y1 = y;
  }
  if (x1 < 0) return { x0: 0, y0: 0, x1: 0, y1: 0 };
  return {
    x0: Math.max(0, x0 - margin),
    y0: Math.max(0, y0 - margin),
    x1: Math.min(LOW_RES_SIZE, x1 + 1 + margin),
    y1: Math.min(LOW_RES_SIZE, y1 + 1 + margin),
  };
}

function lowest(values: Float32Array): number {
  let least = Infinity;
  for (let i = 0; i < values.length; i++) if (values[i]! < least) least = values[i]!;
  return least;
}

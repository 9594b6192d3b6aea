/** A candidate's logits without the cells that nobody reads. */
import { edgeMargin } from "../../core/edges/align-edges.ts";
import { type Frame, LOW_RES_SIZE, lowResCell } from "../../core/frame.ts";

const CELLS = LOW_RES_SIZE * LOW_RES_SIZE;
/** Cells that interpolation reads beyond a window. */
const SUPPORT = 8;

/** The part of a candidate's low-res logits that its mask in photo pixels depends on. */
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
  const { x0, y0, x1, y1 } = positiveCells(lowRes, margin);
  const data = new Float32Array(Math.max(0, x1 - x0) * Math.max(0, y1 - y0));
  for (let y = y0; y < y1; y++) {
    const row = y * LOW_RES_SIZE;
    data.set(lowRes.subarray(row + x0, row + x1), (y - y0) * (x1 - x0));
  }
  return { x0, y0, x1, y1, data, outside: Math.min(-1, lowest(lowRes)) };
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

function positiveCells(
  lowRes: Float32Array,
  margin: number,
): { x0: number; y0: number; x1: number; y1: number } {
  let x0 = LOW_RES_SIZE;
  let y0 = LOW_RES_SIZE;
  let x1 = -1;
  let y1 = -1;
  for (let i = 0; i < CELLS; i++) {
    if (lowRes[i]! <= 0) continue;
    const x = i % LOW_RES_SIZE;
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x);
    y0 = Math.min(y0, (i - x) / LOW_RES_SIZE);
    y1 = (i - x) / LOW_RES_SIZE;
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
  let least = 0;
  for (let i = 0; i < values.length; i++) least = Math.min(least, values[i]!);
  return least;
}

/** The parts that a coarse mask misses, found in embedding space. */

import { cellCoverage, embeddingGrid } from "../cell-coverage.ts";
import { connectedComponents } from "../components.ts";
import { EMBEDDING_SIZE, type Frame, LOW_RES_SIZE } from "../frame.ts";
import { linearAxis, resample } from "../resample.ts";
import { embeddingRegression } from "./embedding-regression.ts";

/** Components that overlap the coarse mask by less than this share of the largest overlap are other objects. */
const LEAST_OVERLAP = 0.1;

/**
 * The cells around a mask that look like it: linear regression in embedding space, cut to the components that overlap
 * the coarse mask.
 *
 * @param embedding `Float32Array [256, 64, 64]`
 * @param lowRes `[256, 256]`, positive inside the mask
 * @param coarse `Uint8Array [256, 256]`, the coarse mask
 * @returns `Float32Array [256, 256]`, positive inside; `undefined` when there is nothing to learn from (no full cell, or
 *   nothing but full cells)
 */
export function lookalikes(
  embedding: Float32Array,
  lowRes: Float32Array | Uint8Array,
  coarse: Uint8Array,
  frame: Frame,
): Float32Array | undefined {
  const grid = embeddingGrid(frame);
  const regression = embeddingRegression(embedding, cellCoverage(lowRes, grid), grid);
  return regression && belonging(toLowRes(regression, grid), coarse);
}

/** Values on the embedding grid, interpolated to the decoder's grid; the padding is −1. */
function toLowRes(values: Float32Array, { columns, rows }: { columns: number; rows: number }): Float32Array {
  const padded = new Float32Array(EMBEDDING_SIZE * EMBEDDING_SIZE).fill(-1);
  for (let y = 0; y < rows; y++) {
    padded.set(values.subarray(y * columns, (y + 1) * columns), y * EMBEDDING_SIZE);
  }
  const axis = linearAxis(EMBEDDING_SIZE, LOW_RES_SIZE);
  return resample(padded, EMBEDDING_SIZE, axis, axis, { x0: 0, y0: 0, x1: LOW_RES_SIZE, y1: LOW_RES_SIZE });
}

/** Keeps the positive components that share enough with the coarse mask; all else becomes −1. Changes `values`. */
function belonging(values: Float32Array, coarse: Uint8Array): Float32Array {
  const data = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) if (values[i]! > 0) data[i] = 1;
  const { ids, list } = connectedComponents({ width: LOW_RES_SIZE, height: LOW_RES_SIZE, data });
  const overlap = new Float64Array(list.length + 1);
  for (let i = 0; i < ids.length; i++) if (data[i] === 1) overlap[ids[i]!] = overlap[ids[i]!]! + coarse[i]!;
  const least = Math.max(1, LEAST_OVERLAP * Math.max(...overlap));
  for (let i = 0; i < ids.length; i++) if (overlap[ids[i]!]! < least) values[i] = Math.min(values[i]!, -1);
  return values;
}

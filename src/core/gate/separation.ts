/** How well a mask's boundary separates embeddings. */

import type { EmbeddingGrid } from "../cell-coverage.ts";
import { EMBEDDING_CHANNELS, EMBEDDING_SIZE } from "../frame.ts";

const CELLS = EMBEDDING_SIZE * EMBEDDING_SIZE;
/** Width of the bands on both sides of the boundary, in cells. */
const BAND = 2;

/**
 * Separation e of a mask: the mean embeddings of the two-cell bands inside and outside its boundary differ by d; e is
 * how many joint standard deviations apart the bands lie along d. 0 where a band is empty.
 *
 * @param embedding `Float32Array [256, 64, 64]`
 * @param coverage `[rows, columns]` of the mask, 0..1
 */
export function separation(embedding: Float32Array, coverage: Float32Array, grid: EmbeddingGrid): number {
  const object = Uint8Array.from(coverage, (a) => (a > 0.5 ? 1 : 0));
  const background = object.map((inside) => 1 - inside);
  const inner = bandCells(object, background, grid);
  const outer = bandCells(background, object, grid);
  if (inner.length === 0 || outer.length === 0) return 0;
  const direction = difference(bandMean(embedding, inner), bandMean(embedding, outer));
  const a = spread(projections(embedding, inner, direction));
  const b = spread(projections(embedding, outer, direction));
  const width = Math.sqrt(a.variance + b.variance);
  return width === 0 ? 0 : (a.mean - b.mean) / width;
}

/** Embedding offsets of the cells of `side` within {@link BAND} steps (4-connected) of `other`. */
function bandCells(side: Uint8Array, other: Uint8Array, grid: EmbeddingGrid): Int32Array {
  let reached = other;
  for (let step = 0; step < BAND; step++) reached = dilated(reached, grid);
  const cells: number[] = [];
  for (let i = 0; i < side.length; i++) {
    if (side[i] === 0 || reached[i] === 0) continue;
    const x = i % grid.columns;
    cells.push(((i - x) / grid.columns) * EMBEDDING_SIZE + x);
  }
  return Int32Array.from(cells);
}

function dilated(cells: Uint8Array, { columns, rows }: EmbeddingGrid): Uint8Array {
  const out = cells.slice();
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, i++) {
      if (cells[i] === 0) continue;
      if (x > 0) out[i - 1] = 1;
      if (x + 1 < columns) out[i + 1] = 1;
      if (y > 0) out[i - columns] = 1;
      if (y + 1 < rows) out[i + columns] = 1;
    }
  }
  return out;
}

function bandMean(embedding: Float32Array, cells: Int32Array): Float64Array {
  const mean = new Float64Array(EMBEDDING_CHANNELS);
  for (let k = 0; k < EMBEDDING_CHANNELS; k++) {
    let sum = 0;
    for (let i = 0; i < cells.length; i++) sum += embedding[k * CELLS + cells[i]!]!;
    mean[k] = sum / cells.length;
  }
  return mean;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, k) => value - b[k]!);
}

/** Channel by channel, as the embedding lies in memory. */
function projections(embedding: Float32Array, cells: Int32Array, direction: Float64Array): Float64Array {
  const sums = new Float64Array(cells.length);
  for (let k = 0; k < EMBEDDING_CHANNELS; k++) addScaled(sums, embedding, k * CELLS, cells, direction[k]!);
  return sums;
}

function addScaled(
  sums: Float64Array,
  embedding: Float32Array,
  channel: number,
  cells: Int32Array,
  scale: number,
): void {
  for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! + scale * embedding[channel + cells[i]!]!;
}

function spread(values: Float64Array): { mean: number; variance: number } {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  return { mean, variance };
}

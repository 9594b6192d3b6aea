/** What else in the photo is made of the same stuff: a linear model of a mask in embedding space. */

import type { EmbeddingGrid } from "../cell-coverage.ts";
import { EMBEDDING_CHANNELS, EMBEDDING_SIZE } from "../frame.ts";
import { solveSymmetric } from "./conjugate-gradient.ts";
import { addNormalTimes, addTransposedTimes, groupedRows } from "./feature-rows.ts";

const CELLS = EMBEDDING_SIZE * EMBEDDING_SIZE;
/** Coverage from which a cell belongs to the window around a mask. */
const TOUCHED = 0.05;
/** Least cells of context around the mask. */
const LEAST_CONTEXT = 3;
/** Cells to learn from: 256 numbers a cell need no more, and the solver's time grows with them. */
const MOST_CELLS = 1024;

/** A part of the embedding grid, ends exclusive. */
interface CellWindow {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/**
 * Weighted ridge regression of a mask's coverage on the embedding, in the mask's box widened by half: cells whose
 * embedding speaks for the object come out positive although the mask misses them. Inside and outside weigh the same.
 *
 * @param embedding `Float32Array [256, 64, 64]`
 * @param coverage `[rows, columns]` of the mask, 0..1
 * @returns `Float32Array [rows, columns]`: positive inside; `undefined` when the mask fills no cell or its whole window
 */
export function embeddingRegression(
  embedding: Float32Array,
  coverage: Float32Array,
  grid: EmbeddingGrid,
): Float32Array | undefined {
  const window = contextWindow(coverage, grid);
  if (window === undefined) return undefined;
  const cells = trainingCells(window);
  const target = Float32Array.from(cells, ({ x, y }) => coverage[y * grid.columns + x]!);
  const inside = target.reduce((count, a) => count + (a > 0.5 ? 1 : 0), 0);
  if (inside === 0 || inside === target.length) return undefined;
  const { features, mean } = centredFeatures(embedding, cells);
  const model = ridge(features, target, inside);
  return thresholded(predict(embedding, model, mean, window), coverage, grid, window);
}

/** The box of the touched cells, padded by half its side, at least three cells. */
function contextWindow(coverage: Float32Array, { columns, rows }: EmbeddingGrid): CellWindow | undefined {
  let [x0, y0, x1, y1] = [columns, rows, -1, -1];
  for (let i = 0; i < coverage.length; i++) {
    if (coverage[i]! <= TOUCHED) continue;
    const x = i % columns;
    const y = (i - x) / columns;
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x + 1);
    y0 = Math.min(y0, y);
    y1 = y + 1;
  }
  if (x1 < 0) return undefined;
  const padX = Math.max(LEAST_CONTEXT, Math.round((x1 - x0) / 2));
  const padY = Math.max(LEAST_CONTEXT, Math.round((y1 - y0) / 2));
  return {
    x0: Math.max(0, x0 - padX),
    y0: Math.max(0, y0 - padY),
    x1: Math.min(columns, x1 + padX),
    y1: Math.min(rows, y1 + padY),
  };
}

/** A cell of the embedding grid. */
interface Cell {
  readonly x: number;
  readonly y: number;
}

/** The window's cells that the model learns from: all of them, every second one (a checkerboard), or every fourth. */
function trainingCells({ x0, y0, x1, y1 }: CellWindow): Cell[] {
  const all = (x1 - x0) * (y1 - y0);
  const taken: (x: number, y: number) => boolean =
    all <= MOST_CELLS
      ? () => true
      : all <= 2 * MOST_CELLS
        ? (x, y) => (x + y) % 2 === 0
        : (x, y) => x % 2 === 0 && y % 2 === 0;
  const cells: Cell[] = [];
  for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) if (taken(x, y)) cells.push({ x, y });
  return cells;
}

/** Embeddings of cells minus their mean, `Float32Array [cells, 256]` and zeros up to a whole group of rows. */
function centredFeatures(
  embedding: Float32Array,
  cells: readonly Cell[],
): { features: Float32Array; mean: Float64Array } {
  const places = Int32Array.from(cells, ({ x, y }) => y * EMBEDDING_SIZE + x);
  const features = new Float32Array(groupedRows(cells.length) * EMBEDDING_CHANNELS);
  const mean = new Float64Array(EMBEDDING_CHANNELS);
  for (let k = 0; k < EMBEDDING_CHANNELS; k++) {
    const channel = embedding.subarray(k * CELLS, (k + 1) * CELLS);
    let sum = 0;
    for (let i = 0; i < places.length; i++) sum += channel[places[i]!]!;
    const average = sum / places.length;
    mean[k] = average;
    for (let i = 0, to = k; i < places.length; i++, to += EMBEDDING_CHANNELS)
      features[to] = channel[places[i]!]! - average;
  }
  return { features, mean };
}

/** The model w = (XᵀWX + n·var(X)·I)⁻¹XᵀWy with y = 2a − 1, `[256]`. */
function ridge(features: Float32Array, target: Float32Array, inside: number): Float64Array {
  const n = target.length;
  const weight = new Float64Array(groupedRows(n));
  const weighted = new Float64Array(groupedRows(n));
  for (let i = 0; i < n; i++) {
    weight[i] = n / (2 * (target[i]! > 0.5 ? inside : n - inside));
    weighted[i] = weight[i]! * (2 * target[i]! - 1);
  }
  const penalty = squareSum(features) / EMBEDDING_CHANNELS;
  const right = new Float64Array(EMBEDDING_CHANNELS);
  addTransposedTimes(features, weighted, right);
  return solveSymmetric((w, out) => {
    for (let k = 0; k < EMBEDDING_CHANNELS; k++) out[k] = penalty * w[k]!;
    addNormalTimes(features, weight, w, out);
  }, right);
}

/** The model's answer for every cell of the window, row-major. */
function predict(
  embedding: Float32Array,
  model: Float64Array,
  mean: Float64Array,
  { x0, y0, x1, y1 }: CellWindow,
): Float64Array {
  const predicted = new Float64Array((x1 - x0) * (y1 - y0));
  for (let k = 0; k < EMBEDDING_CHANNELS; k++) {
    const w = model[k]!;
    const offset = w * mean[k]!;
    for (let y = y0, i = 0; y < y1; y++) {
      const row = k * CELLS + y * EMBEDDING_SIZE;
      for (let x = x0; x < x1; x++, i++) predicted[i] = predicted[i]! + w * embedding[row + x]! - offset;
    }
  }
  return predicted;
}

/** n·256·var(X): the features are centred. */
function squareSum(features: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < features.length; i++) sum += features[i]! ** 2;
  return sum;
}

/** Predictions less the value midway between their means inside and outside; −1 outside the window. */
function thresholded(
  predicted: Float64Array,
  coverage: Float32Array,
  { columns }: EmbeddingGrid,
  { x0, y0, x1, y1 }: CellWindow,
): Float32Array {
  let [inside, outside, total] = [0, 0, 0];
  for (let y = y0, i = 0; y < y1; y++) {
    for (let x = x0; x < x1; x++, i++) {
      const a = coverage[y * columns + x]!;
      total += a;
      inside += a * predicted[i]!;
      outside += (1 - a) * predicted[i]!;
    }
  }
  const threshold = (inside / total + outside / (predicted.length - total)) / 2;
  const out = new Float32Array(coverage.length).fill(-1);
  for (let y = y0, i = 0; y < y1; y++)
    for (let x = x0; x < x1; x++, i++) out[y * columns + x] = predicted[i]! - threshold;
  return out;
}

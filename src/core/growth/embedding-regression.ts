/** What else in the photo is made of the same stuff: a linear model of a mask in embedding space. */
import { EMBEDDING_CHANNELS, EMBEDDING_SIZE } from "../frame.ts";
import type { EmbeddingGrid } from "./cell-coverage.ts";
import { solveSymmetric } from "./conjugate-gradient.ts";
import { addNormalTimes, addTransposedTimes, groupedRows, timesFeatures } from "./feature-rows.ts";

const CELLS = EMBEDDING_SIZE * EMBEDDING_SIZE;
/** Coverage from which a cell belongs to the window around a mask. */
const TOUCHED = 0.05;
/** Least cells of context around the mask. */
const LEAST_CONTEXT = 3;

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
  const target = windowed(coverage, grid, window);
  const inside = target.reduce((count, a) => count + (a > 0.5 ? 1 : 0), 0);
  if (inside === 0 || inside === target.length) return undefined;
  const features = centredFeatures(embedding, window);
  const predicted = ridge(features, target, inside);
  const threshold = midway(predicted, target);
  const out = new Float32Array(coverage.length).fill(-1);
  for (let y = window.y0, i = 0; y < window.y1; y++) {
    for (let x = window.x0; x < window.x1; x++, i++) out[y * grid.columns + x] = predicted[i]! - threshold;
  }
  return out;
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

function windowed(
  values: Float32Array,
  { columns }: EmbeddingGrid,
  { x0, y0, x1, y1 }: CellWindow,
): Float32Array {
  const out = new Float32Array((x1 - x0) * (y1 - y0));
  for (let y = y0; y < y1; y++) {
    out.set(values.subarray(y * columns + x0, y * columns + x1), (y - y0) * (x1 - x0));
  }
  return out;
}

/** Embeddings of the window minus their mean, `Float32Array [cells, 256]` and zeros up to a whole group of rows. */
function centredFeatures(embedding: Float32Array, { x0, y0, x1, y1 }: CellWindow): Float32Array {
  const cells = (x1 - x0) * (y1 - y0);
  const end = cells * EMBEDDING_CHANNELS;
  const features = new Float32Array(groupedRows(cells) * EMBEDDING_CHANNELS);
  for (let k = 0; k < EMBEDDING_CHANNELS; k++) {
    let sum = 0;
    for (let y = y0, to = k; y < y1; y++) {
      for (let x = x0, i = k * CELLS + y * EMBEDDING_SIZE + x0; x < x1; x++, i++, to += EMBEDDING_CHANNELS) {
        features[to] = embedding[i]!;
        sum += embedding[i]!;
      }
    }
    const mean = sum / cells;
    for (let to = k; to < end; to += EMBEDDING_CHANNELS) features[to] = features[to]! - mean;
  }
  return features;
}

/** Predictions Xw of w = (XᵀWX + n·var(X)·I)⁻¹XᵀWy with y = 2a − 1. */
function ridge(features: Float32Array, target: Float32Array, inside: number): Float32Array {
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
  const model = solveSymmetric((w, out) => {
    for (let k = 0; k < EMBEDDING_CHANNELS; k++) out[k] = penalty * w[k]!;
    addNormalTimes(features, weight, w, out);
  }, right);
  return Float32Array.from(timesFeatures(features, model).subarray(0, n));
}

/** n·256·var(X): the features are centred. */
function squareSum(features: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < features.length; i++) sum += features[i]! ** 2;
  return sum;
}

/** Midway between the mean prediction inside and outside. */
function midway(predicted: Float32Array, target: Float32Array): number {
  let [inside, outside, total] = [0, 0, 0];
  for (let i = 0; i < target.length; i++) {
    total += target[i]!;
    inside += target[i]! * predicted[i]!;
    outside += (1 - target[i]!) * predicted[i]!;
  }
  return (inside / total + outside / (target.length - total)) / 2;
}

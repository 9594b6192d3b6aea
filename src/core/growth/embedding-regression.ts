/** What else in the photo is made of the same stuff: a linear model of a mask in embedding space. */
import { EMBEDDING_CHANNELS, EMBEDDING_SIZE } from "../frame.ts";
import type { EmbeddingGrid } from "./cell-coverage.ts";
import { solveSymmetric } from "./conjugate-gradient.ts";

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

/** Embeddings of the window minus their mean, `Float32Array [cells, 256]`. */
function centredFeatures(embedding: Float32Array, { x0, y0, x1, y1 }: CellWindow): Float32Array {
  const cells = (x1 - x0) * (y1 - y0);
  const features = new Float32Array(cells * EMBEDDING_CHANNELS);
  for (let k = 0; k < EMBEDDING_CHANNELS; k++) {
    let sum = 0;
    for (let y = y0, to = k; y < y1; y++) {
      for (let x = x0, i = k * CELLS + y * EMBEDDING_SIZE + x0; x < x1; x++, i++, to += EMBEDDING_CHANNELS) {
        features[to] = embedding[i]!;
        sum += embedding[i]!;
      }
    }
    const mean = sum / cells;
    for (let to = k; to < features.length; to += EMBEDDING_CHANNELS) features[to] = features[to]! - mean;
  }
  return features;
}

/** Predictions Xw of w = (XᵀWX + n·var(X)·I)⁻¹XᵀWy with y = 2a − 1. */
function ridge(features: Float32Array, target: Float32Array, inside: number): Float32Array {
  const n = target.length;
  const weight = target.map((a) => (a > 0.5 ? n / (2 * inside) : n / (2 * (n - inside))));
  const variance = features.reduce((sum, x) => sum + x * x, 0) / features.length;
  const weighted = target.map((a, i) => (2 * a - 1) * weight[i]!);
  const model = solveSymmetric(
    (w) => {
      const line = times(features, w);
      for (let i = 0; i < n; i++) line[i] = line[i]! * weight[i]!;
      const out = transposedTimes(features, line);
      for (let k = 0; k < out.length; k++) out[k] = out[k]! + n * variance * w[k]!;
      return out;
    },
    transposedTimes(features, weighted),
  );
  return times(features, model);
}

/** Xw, `[cells]`. */
function times(features: Float32Array, w: Float64Array): Float32Array {
  const out = new Float32Array(features.length / w.length);
  for (let i = 0, from = 0; i < out.length; i++) {
    let sum = 0;
    for (let k = 0; k < w.length; k++, from++) sum += features[from]! * w[k]!;
    out[i] = sum;
  }
  return out;
}

/** Xᵀv, `[256]`. */
function transposedTimes(features: Float32Array, v: Float32Array): Float64Array {
  const out = new Float64Array(features.length / v.length);
  for (let i = 0, from = 0; i < v.length; i++) {
    const value = v[i]!;
    for (let k = 0; k < out.length; k++, from++) out[k] = out[k]! + value * features[from]!;
  }
  return out;
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

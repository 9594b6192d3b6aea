/**
 * Fast global smoother (Min et al. 2014) on the part of a window near the contour: weighted least squares solved
 * along rows, then columns, with weights that fall where colours change.
 */
import type { Photo } from "../lab.ts";
import type { Window } from "../resample.ts";
import { scratchFloats } from "../scratch.ts";

/** Passes over rows and columns. */
const PASSES = 3;
/** Colour difference (8-bit RGB, Euclidean) at which a weight falls to 1/e. */
const COLOUR_SCALE = 5;

/** Weight by colour difference, tabulated over the squared difference's root in steps of 1/4. */
const WEIGHT = Float32Array.from({ length: 4 * 442 + 1 }, (_, i) => Math.exp(-i / 4 / COLOUR_SCALE));

/**
 * Smooths values in place along the colours of the photo.
 *
 * @param values `Float32Array [height, width]` of the window
 * @param active `Uint8Array [height, width]`: pixels that take part; runs of them are solved on their own
 * @param lambda smoothing strength of the first pass; each later pass takes a quarter
 */
export function smoothBand(
  values: Float32Array,
  active: Uint8Array,
  photo: Photo,
  window: Window,
  lambda: number,
): void {
  const width = window.x1 - window.x0;
  const height = window.y1 - window.y0;
  const right = scratchFloats("right", values.length);
  const below = scratchFloats("below", values.length);
  fillWeights(right, below, active, photo, window);
  const rows = activeRuns(active, width, height, 1, width);
  const columns = activeRuns(active, height, width, width, 1);
  const factors = new Float32Array(Math.max(width, height));
  let strength = lambda;
  for (let pass = 0; pass < PASSES; pass++) {
    solveRuns(values, right, rows, 1, strength, factors);
    solveRuns(values, below, columns, width, strength, factors);
    strength /= 4;
  }
}

/** First index and length of every run of active pixels along one axis, pairwise. */
function activeRuns(
  active: Uint8Array,
  length: number,
  lines: number,
  stride: number,
  lineStride: number,
): number[] {
  const runs: number[] = [];
  for (let line = 0; line < lines; line++) {
    let start = -1;
    for (let p = 0, i = line * lineStride; p <= length; p++, i += stride) {
      const on = p < length && active[i] === 1;
      if (on && start < 0) start = p;
      if (on || start < 0) continue;
      runs.push(line * lineStride + start * stride, p - start);
      start = -1;
    }
  }
  return runs;
}

function fillWeights(
  right: Float32Array,
  below: Float32Array,
  active: Uint8Array,
  photo: Photo,
  window: Window,
): void {
  const width = window.x1 - window.x0;
  const { data } = photo;
  for (let i = 0; i < active.length; i++) {
    if (active[i] === 0) continue;
    const x = i % width;
    const y = (i - x) / width;
    const at = ((y + window.y0) * photo.width + x + window.x0) * 3;
    right[i] = x + 1 < width && active[i + 1] === 1 ? colourWeight(data, at, at + 3) : 0;
    const down = i + width < active.length && active[i + width] === 1;
    below[i] = down ? colourWeight(data, at, at + photo.width * 3) : 0;
  }
}

function colourWeight(data: Uint8Array, a: number, b: number): number {
  const red = data[a]! - data[b]!;
  const green = data[a + 1]! - data[b + 1]!;
  const blue = data[a + 2]! - data[b + 2]!;
  return WEIGHT[(4 * Math.sqrt(red * red + green * green + blue * blue)) | 0]!;
}

/** Solves (I + λA)u = f on every run, by forward elimination and back substitution. */
function solveRuns(
  values: Float32Array,
  weights: Float32Array,
  runs: readonly number[],
  stride: number,
  lambda: number,
  factors: Float32Array,
): void {
  for (let r = 0; r < runs.length; r += 2) {
    const first = runs[r]!;
    const length = runs[r + 1]!;
    let factor = 0;
    let before = 0;
    let left = 0;
    for (let p = 0, i = first; p < length; p++, i += stride) {
      const after = p + 1 < length ? lambda * weights[i]! : 0;
      const pivot = 1 / (1 + before + after - before * factor);
      left = (values[i]! + before * left) * pivot;
      values[i] = left;
      factor = after * pivot;
      factors[p] = factor;
      before = after;
    }
    for (let p = length - 2, i = first + p * stride; p >= 0; p--, i -= stride) {
      values[i] = values[i]! + factors[p]! * values[i + stride]!;
    }
  }
}

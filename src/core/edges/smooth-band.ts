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
  const right = scratchFloats("right", values.length);
  const below = scratchFloats("below", values.length);
  const runs = activeRuns(active, width);
  fillWeights(right, below, active, runs, photo, window);
  let strength = lambda;
  for (let pass = 0; pass < PASSES; pass++) {
    solveRows(values, right, runs, strength, width);
    solveColumns(values, below, runs, strength, width);
    strength /= 4;
  }
}

/** First index and end of every run of active pixels, row by row, pairwise. */
function activeRuns(active: Uint8Array, width: number): number[] {
  const runs: number[] = [];
  for (let row = 0; row < active.length; row += width) {
    const line = active.subarray(row, row + width);
    for (let start = line.indexOf(1); start >= 0; ) {
      const next = line.indexOf(0, start);
      const end = next < 0 ? width : next;
      runs.push(row + start, row + end);
      start = next < 0 ? -1 : line.indexOf(1, end);
    }
  }
  return runs;
}

/** Weights to the right and below of active pixels, 0 where the run or the band ends. */
function fillWeights(
  right: Float32Array,
  below: Float32Array,
  active: Uint8Array,
  runs: readonly number[],
  photo: Photo,
  window: Window,
): void {
  const width = window.x1 - window.x0;
  const { data } = photo;
  for (let r = 0; r < runs.length; r += 2) {
    const end = runs[r + 1]!;
    const x = runs[r]! % width;
    const y = (runs[r]! - x) / width;
    let at = ((y + window.y0) * photo.width + x + window.x0) * 3;
    for (let i = runs[r]!; i < end; i++, at += 3) {
      right[i] = i + 1 < end ? colourWeight(data, at, at + 3) : 0;
      const down = i + width < active.length && active[i + width] === 1;
      below[i] = down ? colourWeight(data, at, at + photo.width * 3) : 0;
    }
  }
}

function colourWeight(data: Uint8Array, a: number, b: number): number {
  const red = data[a]! - data[b]!;
  const green = data[a + 1]! - data[b + 1]!;
  const blue = data[a + 2]! - data[b + 2]!;
  return WEIGHT[(4 * Math.sqrt(red * red + green * green + blue * blue)) | 0]!;
}

/**
 * Solves (I + λA)u = f on every run, eliminating from both ends to the middle: each step waits for the one before, so
 * that two chains at once take half the time of one.
 */
function solveRows(
  values: Float32Array,
  right: Float32Array,
  runs: readonly number[],
  lambda: number,
  width: number,
): void {
  const factors = new Float64Array(width);
  for (let r = 0; r < runs.length; r += 2) solveRow(values, right, runs[r]!, runs[r + 1]!, lambda, factors);
}

function solveRow(
  values: Float32Array,
  right: Float32Array,
  first: number,
  end: number,
  lambda: number,
  factors: Float64Array,
): void {
  const half = (end - first) >> 1;
  // Of an odd run, the pixel in the middle goes with the right half.
  const middle = first + half;
  let i = first;
  let j = end - 1;
  let factorI = 0;
  let factorJ = 0;
  let beforeI = 0;
  let beforeJ = 0;
  let valueI = 0;
  let valueJ = 0;
  for (; i < middle || j >= middle; i++, j--) {
    if (i < middle) {
      const after = lambda * right[i]!;
      const pivot = 1 / (1 + beforeI + after - beforeI * factorI);
      valueI = (values[i]! + beforeI * valueI) * pivot;
      factorI = after * pivot;
      values[i] = valueI;
      factors[i - first] = factorI;
      beforeI = after;
    }
    const after = j > first ? lambda * right[j - 1]! : 0;
    const pivot = 1 / (1 + beforeJ + after - beforeJ * factorJ);
    valueJ = (values[j]! + beforeJ * valueJ) * pivot;
    factorJ = after * pivot;
    values[j] = valueJ;
    factors[j - first] = factorJ;
    beforeJ = after;
  }
  // Both halves end in terms of each other's last pixel.
  valueJ = (valueJ + factorJ * valueI) / (1 - factorJ * factorI);
  valueI += factorI * valueJ;
  values[middle] = valueJ;
  if (half > 0) values[middle - 1] = valueI;
  for (i = middle - 2, j = middle + 1; j < end; i--, j++) {
    if (i >= first) values[i] = valueI = values[i]! + factors[i - first]! * valueI;
    values[j] = valueJ = values[j]! + factors[j - first]! * valueJ;
  }
}

/** The same along columns, all at once and row by row: in the order of memory, and no step waits for the last. */
function solveColumns(
  values: Float32Array,
  below: Float32Array,
  runs: readonly number[],
  lambda: number,
  width: number,
): void {
  const factors = scratchFloats("factors", values.length);
  // Of the pixel above; `before` is 0 where none is active, because weights end there.
  const before = new Float64Array(width);
  const factor = new Float64Array(width);
  const above = new Float64Array(width);
  for (let r = 0; r < runs.length; r += 2) {
    const end = runs[r + 1]!;
    for (let i = runs[r]!, x = i % width; i < end; i++, x++) {
      const weight = before[x]!;
      const after = lambda * below[i]!;
      const pivot = 1 / (1 + weight + after - weight * factor[x]!);
      const value = (values[i]! + weight * above[x]!) * pivot;
      values[i] = value;
      above[x] = value;
      factor[x] = after * pivot;
      factors[i] = after * pivot;
      before[x] = after;
    }
  }
  for (let r = runs.length - 2; r >= 0; r -= 2) {
    for (let i = runs[r]!; i < runs[r + 1]!; i++) {
      if (factors[i]! > 0) values[i] = values[i]! + factors[i]! * values[i + width]!;
    }
  }
}

/**
 * Fast global smoother (Min et al. 2014) on the part of a window near the contour: weighted least squares solved
 * along rows, then columns, with weights that fall where colours change.
 */
import type { Photo } from "../lab.ts";
import type { Window } from "../resample.ts";

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
  const right = new Float32Array(values.length);
  const below = new Float32Array(values.length);
  fillWeights(right, below, active, photo, window);
  const scratch = new Float32Array(Math.max(width, height));
  let strength = lambda;
  for (let pass = 0; pass < PASSES; pass++) {
    for (let y = 0; y < height; y++) solveLine(values, right, active, y * width, width, 1, strength, scratch);
    for (let x = 0; x < width; x++) solveLine(values, below, active, x, height, width, strength, scratch);
    strength /= 4;
  }
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
    if (x + 1 < width && active[i + 1] === 1) right[i] = colourWeight(data, at, at + 3);
    if (i + width < active.length && active[i + width] === 1)
      below[i] = colourWeight(data, at, at + photo.width * 3);
  }
}

function colourWeight(data: Uint8Array, a: number, b: number): number {
  const red = data[a]! - data[b]!;
  const green = data[a + 1]! - data[b + 1]!;
  const blue = data[a + 2]! - data[b + 2]!;
  return WEIGHT[(4 * Math.sqrt(red * red + green * green + blue * blue)) | 0]!;
}

/** Solves (I + λA)u = f along one line by forward elimination and back substitution, run by run. */
function solveLine(
  values: Float32Array,
  weights: Float32Array,
  active: Uint8Array,
  start: number,
  length: number,
  stride: number,
  lambda: number,
  scratch: Float32Array,
): void {
  let p = 0;
  while (p < length) {
    while (p < length && active[start + p * stride] === 0) p++;
    const first = p;
    let previous = 0;
    for (; p < length && active[start + p * stride] === 1; p++) {
      const i = start + p * stride;
      const before = p > first ? lambda * weights[i - stride]! : 0;
      const after = lambda * weights[i]!;
      const pivot = 1 / (1 + before + after - before * previous);
      previous = after * pivot;
      scratch[p] = previous;
      values[i] = (values[i]! + (p > first ? before * values[i - stride]! : 0)) * pivot;
    }
    for (let q = p - 2; q >= first; q--) {
      const i = start + q * stride;
      values[i] = values[i]! + scratch[q]! * values[i + stride]!;
    }
  }
}

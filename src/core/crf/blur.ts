/** Gaussian blur along rows and columns. */

/** Cut off where the Gaussian has fallen to about a thousandth. */
const REACH = 3.7;

/**
 * Sums of all values, weighted by exp(−d² / 2σ²) of their distance in pixels; outside of the picture there is nothing.
 *
 * @param values `Float32Array [height, width]`
 */
export function gaussianSums(
  values: Float32Array,
  width: number,
  height: number,
  sigma: number,
): Float32Array {
  const reach = Math.ceil(REACH * sigma);
  const kernel = Float32Array.from({ length: reach + 1 }, (_, d) => Math.exp(-(d * d) / (2 * sigma * sigma)));
  const rows = new Float32Array(values.length);
  for (let y = 0; y < height; y++) sumLine(values, rows, y * width, 1, width, kernel);
  const out = new Float32Array(values.length);
  for (let x = 0; x < width; x++) sumLine(rows, out, x, width, height, kernel);
  return out;
}

function sumLine(
  from: Float32Array,
  to: Float32Array,
  first: number,
  step: number,
  length: number,
  kernel: Float32Array,
): void {
  for (let at = 0; at < length; at++) {
    let sum = from[first + at * step]!;
    for (let d = 1; d < kernel.length; d++) {
      const before = at - d >= 0 ? from[first + (at - d) * step]! : 0;
      const after = at + d < length ? from[first + (at + d) * step]! : 0;
      sum += kernel[d]! * (before + after);
    }
    to[first + at * step] = sum;
  }
}

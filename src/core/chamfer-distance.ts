/** The octile distance of the published code, kept for the `reference` rules. */
import type { Mask } from "./mask.ts";

/**
 * Octile (1, √2 chamfer) distance of every foreground pixel to the nearest background pixel inside the
 * photo; exact for that metric after one forward and one backward raster pass.
 *
 * @returns `Float64Array [height, width]` row-major; `Infinity` without any background
 */
export function chamferDistance(mask: Mask): Float64Array {
  const { width, height, data } = mask;
  const d = new Float64Array(width * height);
  for (let i = 0; i < d.length; i++) d[i] = data[i] === 0 ? 0 : Number.POSITIVE_INFINITY;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) relax(d, width, height, x, y, -1);
  }
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) relax(d, width, height, x, y, 1);
  }
  return d;
}

/** Takes over the shortest way through the four neighbours already visited (`side` −1: above and left). */
function relax(d: Float64Array, width: number, height: number, x: number, y: number, side: -1 | 1): void {
  const i = y * width + x;
  let best = d[i]!;
  if (best === 0) return;
  const beside = x + side;
  if (beside >= 0 && beside < width) best = Math.min(best, d[i + side]! + 1);
  const row = y + side;
  if (row >= 0 && row < height) {
    const j = row * width + x;
    best = Math.min(best, d[j]! + 1);
    if (x > 0) best = Math.min(best, d[j - 1]! + Math.SQRT2);
    if (x + 1 < width) best = Math.min(best, d[j + 1]! + Math.SQRT2);
  }
  d[i] = best;
}

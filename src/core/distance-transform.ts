/**
 * Exact Euclidean distance transform in linear time (two passes: columns, then the lower envelope of
 * parabolas along each row; the scheme of Meijster, Roerdink and Hesselink 2000).
 */
import type { Mask } from "./mask.ts";
import { scratchInts } from "./scratch.ts";

/** Vertical distance where a column has no background; what is added to it on the way does not matter. */
const NONE = 2 ** 30;

/**
 * Squared Euclidean distance of every foreground pixel to the nearest background pixel **inside the
 * photo**: the photo's border is not background (section 3.2).
 *
 * @returns `Float64Array [height, width]` row-major; 0 on the background, `Infinity` where the mask has no
 * background at all
 * @example
 * ```ts
 * import { squaredDistance } from "samrefiner";
 * const data = Uint8Array.of(0, 1, 1, 1);
 * squaredDistance({ width: 4, height: 1, data }); // [0, 1, 4, 9]
 * ```
 */
export function squaredDistance(mask: Mask): Float64Array {
  const { width, height } = mask;
  const columns = columnDistance(mask);
  const result = new Float64Array(width * height);
  const apex = new Int32Array(width);
  const start = new Int32Array(width);
  for (let y = 0; y < height; y++) {
    const offset = y * width;
    lowerEnvelope(
      columns.subarray(offset, offset + width),
      apex,
      start,
      result.subarray(offset, offset + width),
    );
  }
  return result;
}

/**
 * The foreground pixel farthest from the background, as {@link squaredDistance} defines it; ties go to the first in
 * row-major order. Exact, but only rows that can hold it are worked out: no pixel is farther than its distance along
 * its row or its column.
 *
 * @returns index into the mask's data, or −1 for an empty mask
 */
export function innermostPixel(mask: Mask): number {
  const { width, height, data } = mask;
  const columns = columnDistance(mask);
  const bounds = new Float64Array(height);
  for (let y = 0; y < height; y++) bounds[y] = rowBound(columns.subarray(y * width, (y + 1) * width));
  const order = Array.from(bounds.keys()).sort((a, b) => bounds[b]! - bounds[a]! || a - b);
  const apex = new Int32Array(width);
  const start = new Int32Array(width);
  const line = new Float64Array(width);
  let best = 0;
  let place = data.indexOf(1);
  for (const y of order) {
    if (bounds[y]! < best || bounds[y] === 0) break;
    lowerEnvelope(columns.subarray(y * width, (y + 1) * width), apex, start, line);
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (line[x]! > best || (line[x] === best && best > 0 && i < place)) {
        best = line[x]!;
        place = i;
      }
    }
  }
  return place;
}

/** Largest squared distance possible in one row: by the nearer of column and row distance. */
function rowBound(row: Int32Array): number {
  let most = 0;
  let left = Number.POSITIVE_INFINITY;
  // The end of a run of foreground is looked up once per run.
  for (let x = 0, end = 0; x < row.length; x++) {
    const g = row[x]!;
    if (g === 0) {
      left = 0;
      continue;
    }
    left++;
    if (end <= x) {
      end = row.indexOf(0, x);
      if (end < 0) end = Number.POSITIVE_INFINITY;
    }
    const bound = Math.min(g >= NONE ? Number.POSITIVE_INFINITY : g, left, end - x);
    if (bound > most) most = bound;
  }
  return most * most;
}

/** Vertical distance of each pixel to the nearest background pixel of its column; {@link NONE} or more for none. */
function columnDistance({ width, height, data }: Mask): Int32Array {
  const distance = scratchInts("column distance", width * height);
  for (let i = 0; i < width; i++) distance[i] = data[i]! * NONE;
  for (let i = width; i < data.length; i++) distance[i] = Math.imul(data[i]!, distance[i - width]! + 1);
  for (let i = data.length - 1 - width; i >= 0; i--) {
    const below = distance[i + width]! + 1;
    if (below < distance[i]!) distance[i] = below;
  }
  return distance;
}

/** Minimum over u of (x − u)² + g(u)² for every x of one row; columns without background take no part. */
function lowerEnvelope(g: Int32Array, apex: Int32Array, start: Int32Array, out: Float64Array): void {
  const width = g.length;
  let top = -1;
  for (let u = 0; u < width; u++) {
    if (g[u]! >= NONE) continue;
    let from = 0;
    while (top >= 0) {
      from = firstCloser(apex[top]!, u, g);
      if (from > start[top]!) break;
      top--;
      from = 0;
    }
    if (from >= width) continue;
    top++;
    apex[top] = u;
    start[top] = from;
  }
  if (top < 0) {
    out.fill(Number.POSITIVE_INFINITY);
    return;
  }
  for (let x = width - 1; x >= 0; x--) {
    while (start[top]! > x) top--;
    const u = apex[top]!;
    out[x] = (x - u) ** 2 + g[u]! ** 2;
  }
}

/** First integer x at which the parabola of `u` is below that of `i` (i < u); never under 0. */
function firstCloser(i: number, u: number, g: Int32Array): number {
  const crossing = (u * u - i * i + g[u]! ** 2 - g[i]! ** 2) / (2 * (u - i));
  return Math.max(0, Math.floor(crossing) + 1);
}

/**
 * Exact Euclidean distance transform in linear time (two passes: columns, then the lower envelope of
 * parabolas along each row; the scheme of Meijster, Roerdink and Hesselink 2000).
 */
import { checkMask } from "./check-mask.ts";
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
 * @throws {InputError} for a mask with too few values
 * @example
 * ```ts
 * import { squaredDistance } from "samrefiner";
 * const data = Uint8Array.of(0, 1, 1, 1);
 * squaredDistance({ width: 4, height: 1, data }); // [0, 1, 4, 9]
 * ```
 */
export function squaredDistance(mask: Mask): Float64Array {
  checkMask(mask);
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
 * row-major order. Exact, but only rows that can hold it are worked out: a look at blocks of pixels leaves a band, and in
 * that no pixel is farther than its distance along its row or its column.
 *
 * @returns index into the mask's data, or −1 for an empty mask
 * @throws {InputError} for a mask with too few values
 */
export function innermostPixel(mask: Mask): number {
  checkMask(mask);
  const { width, data } = mask;
  const { from, to } = innermostRows(mask);
  const columns = bandDistance(mask, from, to);
  const rowOf = (y: number): Int32Array => columns.subarray((y - from) * width, (y - from + 1) * width);
  const bounds = Float64Array.from({ length: to - from }, (_, i) => rowBound(rowOf(from + i)));
  const order = Array.from(bounds.keys()).sort((a, b) => bounds[b]! - bounds[a]! || a - b);
  const apex = new Int32Array(width);
  const start = new Int32Array(width);
  const line = new Float64Array(width);
  let best = 0;
  let place = data.indexOf(1);
  for (const row of order) {
    if (bounds[row]! < best || bounds[row] === 0) break;
    lowerEnvelope(rowOf(from + row), apex, start, line);
    for (let x = 0, i = (from + row) * width; x < width; x++, i++) {
      if (line[x]! > best || (line[x] === best && best > 0 && i < place)) {
        best = line[x]!;
        place = i;
      }
    }
  }
  return place;
}

/** Side of the blocks by which {@link innermostRows} looks at a mask, in pixels. */
const BLOCK = 8;
/**
 * The nearest background pixel and the pixel itself lie anywhere in their blocks: distances differ from those of the
 * blocks' centres by up to one diagonal of a block (less a pixel), here in blocks, up for one pixel and down for another.
 */
const BLOCK_DOUBT = 2 * Math.SQRT2;

/** The rows `[from, to)` that may hold the pixel farthest from the background. */
function innermostRows(mask: Mask): { from: number; to: number } {
  const blocks = fullBlocks(mask);
  const squared = squaredDistance(blocks);
  const least = Math.sqrt(squared.reduce((most, v) => Math.max(most, v), 0)) - BLOCK_DOUBT;
  if (least <= 0) return { from: 0, to: mask.height };
  const first = squared.findIndex((v) => Math.sqrt(v) >= least);
  const last = squared.findLastIndex((v) => Math.sqrt(v) >= least);
  const rowOf = (block: number): number => Math.floor(block / blocks.width) * BLOCK;
  return { from: rowOf(first), to: Math.min(mask.height, rowOf(last) + BLOCK) };
}

/** Blocks of {@link BLOCK} × {@link BLOCK} pixels, 1 where all their pixels are foreground. */
function fullBlocks({ width, height, data }: Mask): Mask {
  const columns = Math.ceil(width / BLOCK);
  const rows = Math.ceil(height / BLOCK);
  const full = new Uint8Array(columns * rows).fill(1);
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(y / BLOCK) * columns;
    for (let block = row, end = i; block < row + columns; block++) {
      end = Math.min(end + BLOCK, (y + 1) * width);
      let all = full[block]!;
      for (let k = i; all === 1 && k < end; k++) all = data[k]!;
      full[block] = all;
      i = end;
    }
  }
  return { width: columns, height: rows, data: full };
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

/** {@link columnDistance} of the rows `[from, to)` alone, reused by the next call. */
function bandDistance({ width, height, data }: Mask, from: number, to: number): Int32Array {
  const band = scratchInts("band of column distances", width * (to - from));
  const run = new Int32Array(width).fill(NONE);
  for (let y = 0; y < to; y++) {
    lengthenRuns(run, data, y * width);
    if (y >= from) band.set(run, (y - from) * width);
  }
  run.fill(NONE);
  for (let y = height - 1; y >= from; y--) {
    lengthenRuns(run, data, y * width);
    for (let x = 0, i = (y - from) * width; y < to && x < width; x++, i++)
      if (run[x]! < band[i]!) band[i] = run[x]!;
  }
  return band;
}

/** Adds one row to the runs of foreground that end in the row before. */
function lengthenRuns(run: Int32Array, data: Uint8Array, row: number): void {
  for (let x = 0; x < run.length; x++) run[x] = Math.imul(data[row + x]!, run[x]! + 1);
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

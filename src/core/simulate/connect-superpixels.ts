/** Superpixels in one piece each. */
import type { Superpixels } from "./slic.ts";

/**
 * Numbers the connected pieces (4-connected) of clusters anew, in reading order. A piece that is smaller than `least` goes
 * to the piece before it, the one on its left or above.
 *
 * @param clusters `Int32Array [height, width]`
 * @param least pixels
 */
export function connectSuperpixels(
  clusters: Int32Array,
  width: number,
  height: number,
  least: number,
): Superpixels {
  const labels = new Int32Array(clusters.length).fill(-1);
  const pixels = new Int32Array(clusters.length);
  let count = 0;
  for (let start = 0; start < clusters.length; start++) {
    if (labels[start]! >= 0) continue;
    const size = flood(clusters, labels, width, height, start, count, pixels);
    const before = neighbourBefore(labels, width, start);
    if (size >= least || before < 0) count++;
    else for (let i = 0; i < size; i++) labels[pixels[i]!] = before;
  }
  return { labels, count };
}

/** The piece on the left of a piece's first pixel, else above; −1 in the photo's corner. */
function neighbourBefore(labels: Int32Array, width: number, start: number): number {
  if (start % width > 0) return labels[start - 1]!;
  return start >= width ? labels[start - width]! : -1;
}

/** Labels the piece that holds a pixel and lists its pixels; gives their number. */
function flood(
  clusters: Int32Array,
  labels: Int32Array,
  width: number,
  height: number,
  start: number,
  label: number,
  pixels: Int32Array,
): number {
  const cluster = clusters[start];
  let size = 0;
  const visit = (i: number): void => {
    if (labels[i]! >= 0 || clusters[i] !== cluster) return;
    labels[i] = label;
    pixels[size++] = i;
  };
  visit(start);
  for (let next = 0; next < size; next++) {
    const i = pixels[next]!;
    const x = i % width;
    if (x > 0) visit(i - 1);
    if (x + 1 < width) visit(i + 1);
    if (i >= width) visit(i - width);
    if (i < (height - 1) * width) visit(i + width);
  }
  return size;
}

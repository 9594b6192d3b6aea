/** Pixels of a photo as stretches of its rows: small enough to keep the regions of a large photo. */
import type { Box, Mask } from "../../core/mask.ts";
import { maskBox } from "../../core/mask.ts";
import type { Window } from "../../core/resample.ts";
import type { Size } from "../../formats/annotations/annotation-file.ts";

/** Pairs of row-major indices, first pixel and the one after the last; ascending, none longer than its row. */
export type Stretches = Uint32Array;

/** The foreground of a mask. */
export function stretchesOf(mask: Mask, box: Box | undefined = maskBox(mask)): Stretches {
  if (box === undefined) return new Uint32Array();
  const { width, data } = mask;
  const [x0, y0, x1, y1] = box;
  const ends: number[] = [];
  for (let y = y0; y <= y1; y++) pushRuns(data, y * width + x0, y * width + x1 + 1, 0, ends);
  return Uint32Array.from(ends);
}

/**
 * The foreground of a mask of a window.
 *
 * @param mask `Uint8Array [y1 - y0, x1 - x0]`, 0 or 1
 * @param width of the photo
 */
export function stretchesInWindow({ x0, y0, x1, y1 }: Window, mask: Uint8Array, width: number): Stretches {
  const columns = x1 - x0;
  const ends: number[] = [];
  for (let y = y0, from = 0; y < y1; y++, from += columns)
    pushRuns(mask, from, from + columns, y * width + x0 - from, ends);
  return Uint32Array.from(ends);
}

/** Adds the ends of the runs of ones from `from` to before `to`, moved by `shift`; the runtime's search is faster than a loop. */
function pushRuns(data: Uint8Array, from: number, to: number, shift: number, ends: number[]): void {
  const row = data.subarray(from, to);
  for (let first = row.indexOf(1); first >= 0; ) {
    const zero = row.indexOf(0, first);
    const end = zero < 0 ? row.length : zero;
    ends.push(from + first + shift, from + end + shift);
    first = row.indexOf(1, end);
  }
}

/** Writes `value` wherever the stretches are. */
export function fillStretches(data: Uint8Array | Uint16Array, stretches: Stretches, value: number): void {
  for (let k = 0; k < stretches.length; k += 2) data.fill(value, stretches[k]!, stretches[k + 1]!);
}

/** The stretches as a photo-sized mask. */
export function maskOfStretches(stretches: Stretches, { width, height }: Size): Mask {
  const data = new Uint8Array(width * height);
  fillStretches(data, stretches, 1);
  return { width, height, data };
}

/** Number of pixels. */
export function areaOf(stretches: Stretches): number {
  let area = 0;
  for (let k = 0; k < stretches.length; k += 2) area += stretches[k + 1]! - stretches[k]!;
  return area;
}

/** The tight box, both ends inclusive; `undefined` without a pixel. */
export function boxOf(stretches: Stretches, width: number): Box | undefined {
  if (stretches.length === 0) return undefined;
  let x0 = width;
  let x1 = 0;
  for (let k = 0; k < stretches.length; k += 2) {
    const from = stretches[k]! % width;
    x0 = Math.min(x0, from);
    x1 = Math.max(x1, from + stretches[k + 1]! - stretches[k]! - 1);
  }
  return [x0, Math.floor(stretches[0]! / width), x1, Math.floor((stretches.at(-1)! - 1) / width)];
}

/** Intersection over union; 1 where both are empty. */
export function stretchesIoU(a: Stretches, b: Stretches): number {
  let both = 0;
  for (let i = 0, k = 0; i < a.length && k < b.length; ) {
    both += Math.max(0, Math.min(a[i + 1]!, b[k + 1]!) - Math.max(a[i]!, b[k]!));
    if (a[i + 1]! < b[k + 1]!) i += 2;
    else k += 2;
  }
  const either = areaOf(a) + areaOf(b) - both;
  return either === 0 ? 1 : both / either;
}

/** Whether both are the same pixels. */
export function sameStretches(a: Stretches, b: Stretches): boolean {
  return a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
}

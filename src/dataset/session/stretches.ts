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
  return collect({ x0, y0, x1: x1 + 1, y1: y1 + 1 }, width, (x, y) => data[y * width + x] === 1);
}

/**
 * The pixels of a window that belong to something.
 *
 * @param width of the photo
 * @param holds whether position `i` of the window, row-major, belongs to it
 */
export function stretchesInWindow(window: Window, width: number, holds: (i: number) => boolean): Stretches {
  const columns = window.x1 - window.x0;
  return collect(window, width, (x, y) => holds((y - window.y0) * columns + x - window.x0));
}

function collect(
  { x0, y0, x1, y1 }: Window,
  width: number,
  holds: (x: number, y: number) => boolean,
): Stretches {
  const ends: number[] = [];
  for (let y = y0; y < y1; y++) {
    let inside = false;
    for (let x = x0; x < x1; x++) {
      if (holds(x, y) === inside) continue;
      ends.push(y * width + x);
      inside = !inside;
    }
    if (inside) ends.push(y * width + x1);
  }
  return Uint32Array.from(ends);
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

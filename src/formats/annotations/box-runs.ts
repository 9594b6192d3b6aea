import { type Box, boxArea, createMask, type Mask } from "../../core/mask.ts";
import { unusable } from "../unusable.ts";
import type { Size } from "./annotation-file.ts";

/**
 * Row-major runs of a mask's pixels inside a box, alternating, the first one background (maybe 0), as CVAT counts.
 *
 * @param box both ends inclusive
 */
export function encodeBoxRuns({ width, data }: Mask, [x0, y0, x1, y1]: Box): number[] {
  const counts: number[] = [];
  let value = 0;
  let length = 0;
  for (let y = y0; y <= y1; y++) {
    for (let i = y * width + x0; i <= y * width + x1; i++, length++) {
      if (data[i] === value) continue;
      counts.push(length);
      length = 0;
      value = data[i]!;
    }
  }
  return [...counts, length];
}

/**
 * The mask of such runs.
 *
 * @param where what messages call them
 * @throws {InputError} for runs that do not fill the box, or a box that reaches outside the photo
 */
export function decodeBoxRuns(where: string, counts: readonly number[], box: Box, size: Size): Mask {
  checkBox(where, box, size);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total !== boxArea(box)) throw unusable(where, `runs of ${total} pixels`, `${boxArea(box)} for its box`);
  const [x0, y0, x1] = box;
  const width = x1 - x0 + 1;
  const mask = createMask(size.width, size.height);
  let at = 0;
  counts.forEach((count, k) => {
    for (const end = at + count; at < end; at++) {
      if (k % 2 === 1) mask.data[(y0 + Math.floor(at / width)) * size.width + x0 + (at % width)] = 1;
    }
  });
  return mask;
}

/** Refuses a box that is empty or does not lie on the photo. */
export function checkBox(where: string, [x0, y0, x1, y1]: Box, size: Size): void {
  if (![x0, y0, x1, y1].every(Number.isSafeInteger) || x1 < x0 || y1 < y0) {
    throw unusable(where, `a box from ${x0}, ${y0} to ${x1}, ${y1}`, "whole pixels, at least one");
  }
  if (x0 < 0 || y0 < 0 || x1 >= size.width || y1 >= size.height) {
    const found = `a box from ${x0}, ${y0} to ${x1}, ${y1}`;
    throw unusable(where, found, `one on the photo of ${size.width}×${size.height}`);
  }
}

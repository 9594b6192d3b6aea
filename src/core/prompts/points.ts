/** Point prompts (section 3.2): the most inner pixel of the object and the surest background in its box. */
import { chamferDistance } from "../chamfer-distance.ts";
import { innermostPixel } from "../distance-transform.ts";
import type { Box, Mask, Point } from "../mask.ts";
import { scratchBytes } from "../scratch.ts";

/**
 * The foreground pixel farthest from the background, by Euclidean distance; ties go to the first in
 * row-major order. Without any background all pixels tie.
 *
 * @param box tight box of the mask
 */
export function positivePoint(mask: Mask, box: Box): Point {
  // The nearest background pixel is never more than one pixel outside the tight box.
  const part = crop(mask, [box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1], 0);
  return placeOf(innermostPixel(part.mask), part);
}

/**
 * The background pixel of the tight box farthest from the object, or `undefined` where the mask fills its box.
 *
 * @param box tight box of the mask
 */
export function negativePoint(mask: Mask, box: Box): Point | undefined {
  const part = crop(mask, box, 1);
  const index = innermostPixel(part.mask);
  return index < 0 ? undefined : placeOf(index, part);
}

/** The published code's points: octile distance, and the box without its last row and column. */
export function referencePoints(
  mask: Mask,
  box: Box,
): { positive: Point; negative: Point; distance: Float64Array } {
  const distance = chamferDistance(mask);
  const positive = farthest(distance, { x: 0, y: 0, mask });
  const outside = chamferDistance(inverted(mask));
  let negative: Point = { x: 0, y: 0 };
  let best = 0;
  for (let y = box[1]; y < box[3]; y++) {
    for (let x = box[0]; x < box[2]; x++) {
      if (outside[y * mask.width + x]! <= best) continue;
      best = outside[y * mask.width + x]!;
      negative = { x, y };
    }
  }
  return { positive, negative, distance };
}

interface Part {
  readonly x: number;
  readonly y: number;
  readonly mask: Mask;
}

/**
 * The part of a mask inside a box (clamped to the photo), good until the next call; with `flip` 1, foreground and
 * background swap.
 */
function crop(mask: Mask, box: Box, flip: 0 | 1): Part {
  const x0 = Math.max(0, box[0]);
  const y0 = Math.max(0, box[1]);
  const width = Math.min(mask.width - 1, box[2]) - x0 + 1;
  const height = Math.min(mask.height - 1, box[3]) - y0 + 1;
  const data = scratchBytes("part of a mask", width * height);
  for (let y = 0; y < height; y++) {
    const row = (y + y0) * mask.width + x0;
    data.set(mask.data.subarray(row, row + width), y * width);
  }
  if (flip === 1) for (let i = 0; i < data.length; i++) data[i] = 1 - data[i]!;
  return { x: x0, y: y0, mask: { width, height, data } };
}

function inverted(mask: Mask): Mask {
  return { width: mask.width, height: mask.height, data: mask.data.map((v) => 1 - v) };
}

function farthest(distance: Float64Array, part: Part): Point {
  let best = 0;
  for (let i = 1; i < distance.length; i++) if (distance[i]! > distance[best]!) best = i;
  return placeOf(best, part);
}

function placeOf(index: number, part: Part): Point {
  const x = index % part.mask.width;
  return { x: x + part.x, y: (index - x) / part.mask.width + part.y };
}

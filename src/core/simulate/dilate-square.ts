/** Dilation by a square, in time that does not depend on the square's size. */
import type { Mask } from "../mask.ts";

/**
 * The mask widened by a square of 2·radius + 1 pixels. Outside of the photo there is nothing.
 *
 * @param radius 6 is three rounds of a 5×5 square
 */
export function dilateSquare({ width, height, data }: Mask, radius: number): Mask {
  const rows = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) widenLine(data, rows, y * width, 1, width, radius);
  const out = new Uint8Array(data.length);
  for (let x = 0; x < width; x++) widenLine(rows, out, x, width, height, radius);
  return { width, height, data: out };
}

/** Erosion by the same square: what of the mask is farther from the background. The photo's border erodes nothing. */
export function erodeSquare(mask: Mask, radius: number): Mask {
  return complement(dilateSquare(complement(mask), radius));
}

function complement({ width, height, data }: Mask): Mask {
  return { width, height, data: data.map((value) => 1 - value) };
}

/** Sets every place of a line that is within `radius` of a one. */
function widenLine(
  from: Uint8Array,
  to: Uint8Array,
  first: number,
  step: number,
  length: number,
  radius: number,
): void {
  // Places below this one are decided.
  let next = 0;
  for (let at = 0; at < length; at++) {
    if (from[first + at * step] === 0) continue;
    const end = Math.min(length, at + radius + 1);
    for (let i = Math.max(next, at - radius); i < end; i++) to[first + i * step] = 1;
    next = end;
  }
}

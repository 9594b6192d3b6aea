/** Where a defect of a mask is put. */
import { countOnes, type Mask } from "../mask.ts";
import { dilateSquare, erodeSquare } from "./dilate-square.ts";
import type { Random } from "./seeded-random.ts";

/** Half the width of the band around the boundary, in pixels: three rounds of a 5×5 square on both sides. */
const BAND = 6;
/** A region of fewer pixels gives way to the whole mask. */
const LEAST = 5;
/** How often each region is taken. */
const CHANCES = { boundary: 0.65, inner: 0.25 };

/**
 * A region of a mask at random: the band within 6 px of its boundary (65 %), what lies deeper inside (25 %) or farther
 * outside (10 %). Where that has under 5 px it is the whole mask.
 *
 * @returns `Uint8Array [height, width]`, 1 in the region
 */
export function defectRegion(mask: Mask, random: Random): Uint8Array {
  const draw = random();
  const region =
    draw < CHANCES.boundary
      ? boundaryBand(mask)
      : draw < CHANCES.boundary + CHANCES.inner
        ? erodeSquare(mask, BAND).data
        : dilateSquare(mask, BAND).data.map((value) => 1 - value);
  return countOnes(region) < LEAST ? mask.data : region;
}

function boundaryBand(mask: Mask): Uint8Array {
  const inner = erodeSquare(mask, BAND).data;
  return dilateSquare(mask, BAND).data.map((value, i) => value - inner[i]!);
}

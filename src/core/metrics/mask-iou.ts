/** Agreement of two masks as a whole. */
import { checkSameSize } from "../check-mask.ts";
import type { Mask } from "../mask.ts";
import { type Overlap, overlapIoU } from "./overlap.ts";

/**
 * Intersection over union of two masks of one size, 0..1; 1 when both are empty.
 *
 * @throws {InputError} for masks of different sizes, or with too few values
 */
export function maskIoU(a: Mask, b: Mask): number {
  checkSameSize(a, b);
  return overlapIoU(maskOverlap(a, b));
}

/** Pixels of both masks and of either; the masks have one size. */
export function maskOverlap(a: Mask, b: Mask): Overlap {
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.data.length; i++) {
    both += a.data[i]! & b.data[i]!;
    either += a.data[i]! | b.data[i]!;
  }
  return { both, either };
}

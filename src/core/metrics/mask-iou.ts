/** Agreement of two masks as a whole. */
import type { Mask } from "../mask.ts";

/** Intersection over union of two masks of one size, 0..1; 1 when both are empty. */
export function maskIoU(a: Mask, b: Mask): number {
  let both = 0;
  let either = 0;
  for (let i = 0; i < a.data.length; i++) {
    both += a.data[i]! & b.data[i]!;
    either += a.data[i]! | b.data[i]!;
  }
  return either === 0 ? 1 : both / either;
}

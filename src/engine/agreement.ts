/** How far a refined region agrees with the coarse one. */
import { countOnes, type Mask, maskArea } from "../core/mask.ts";
import type { MaskWindow } from "../core/view-mask.ts";

/** Area of a windowed mask in pixels, and its IoU with the coarse mask, 0..1. */
export function agreementOf(
  { mask, ...window }: MaskWindow,
  coarse: Mask,
  coarseArea: number = maskArea(coarse),
): { refinedArea: number; coarseIoU: number } {
  const area = countOnes(mask);
  const width = window.x1 - window.x0;
  let both = 0;
  for (let y = window.y0; y < window.y1; y++)
    both += countBoth(mask, (y - window.y0) * width, coarse.data, y * coarse.width + window.x0, width);
  return { refinedArea: area, coarseIoU: both / (area + coarseArea - both) };
}

/** Pixels that two masks share in `count` pixels from `i` and `j` on. */
function countBoth(a: Uint8Array, i: number, b: Uint8Array, j: number, count: number): number {
  let both = 0;
  for (const end = i + count; i < end; i++, j++) both += a[i]! & b[j]!;
  return both;
}

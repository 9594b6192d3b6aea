/** Agreement of masks along their contours. */
import { type Box, boxUnion, type Mask, maskBox } from "../mask.ts";
import { maskOverlap } from "./mask-iou.ts";
import { noOverlap, type Overlap, overlapIoU } from "./overlap.ts";

/**
 * Boundary IoU (Cheng et al. 2021): the IoU of the parts of both masks within `d` pixels of their own contour,
 * d = 2 % of the photo's diagonal, at least 1. The photo's border counts as contour, as in the published code,
 * and so does its distance: 3×3 erosions, which is the chessboard distance.
 */
export function boundaryIoU(a: Mask, b: Mask, share = 0.02): number {
  return overlapIoU(boundaryOverlap(a, b, boundaryDistance(a, share)));
}

/** Pixels of both boundaries and of either, of masks of one size: each the part within `d` pixels of the contour. */
export function boundaryOverlap(a: Mask, b: Mask, d: number): Overlap {
  const boxes = [maskBox(a), maskBox(b)].filter((box) => box !== undefined);
  if (boxes.length === 0) return noOverlap;
  const window = boxes.reduce(boxUnion);
  return maskOverlap(boundaryBand(a, window, d), boundaryBand(b, window, d));
}

/** Width in pixels of the band along a contour: a share of the photo's diagonal, at least 1. */
export function boundaryDistance(
  photo: { readonly width: number; readonly height: number },
  share = 0.02,
): number {
  return Math.max(1, roundHalfEven(share * Math.hypot(photo.width, photo.height)));
}

/** Rounds as the published code does: 2 % of the diagonal of 500 × 375 is 12.5, so 12. */
function roundHalfEven(v: number): number {
  const floor = Math.floor(v);
  return v - floor === 0.5 ? floor + (floor % 2) : Math.round(v);
}

/**
 * Foreground pixels whose (2d+1)² neighbourhood leaves the mask or the photo.
 *
 * @param window of the photo that holds the whole mask
 * @returns a mask of the window's size
 */
export function boundaryBand(mask: Mask, [x0, y0, x1, y1]: Box, d: number): Mask {
  const width = x1 - x0 + 1;
  const height = y1 - y0 + 1;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = (y + y0) * mask.width + x0;
    data.set(mask.data.subarray(row, row + width), y * width);
  }
  // Nothing of the mask lies outside the window, so its border erodes like the photo's.
  const inner = erodeAxis(erodeAxis(data, width, height, d, 1, width), height, width, d, width, 1);
  for (let i = 0; i < data.length; i++) data[i] = data[i]! & (1 - inner[i]!);
  return { width, height, data };
}

/** Erosion by 2d+1 pixels along one axis: runs of ones lose d at both ends. */
function erodeAxis(
  data: Uint8Array,
  length: number,
  lines: number,
  d: number,
  stride: number,
  lineStride: number,
): Uint8Array {
  const out = new Uint8Array(data.length);
  for (let line = 0; line < lines; line++) {
    const base = line * lineStride;
    let run = 0;
    for (let p = 0; p <= length; p++) {
      if (p < length && data[base + p * stride] === 1) run++;
      else {
        for (let q = p - run + d; q < p - d; q++) out[base + q * stride] = 1;
        run = 0;
      }
    }
  }
  return out;
}

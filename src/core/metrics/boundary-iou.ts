/** Agreement of masks along their contours. */
import { checkSameSize } from "../check-mask.ts";
import { type Box, boxUnion, type Mask, maskBox } from "../mask.ts";
import { maskOverlap } from "./mask-iou.ts";
import { noOverlap, type Overlap, overlapIoU } from "./overlap.ts";

/**
 * Boundary IoU (Cheng et al. 2021): the IoU of the parts of both masks within `d` pixels of their own contour,
 * d = 2 % of the photo's diagonal, at least 1. The photo's border counts as contour, as in the published code,
 * and so does its distance: 3×3 erosions, which is the chessboard distance.
 *
 * @throws {InputError} for masks of different sizes, or with too few values
 */
export function boundaryIoU(a: Mask, b: Mask, share = 0.02): number {
  checkSameSize(a, b);
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
  const inner = erodeColumns(erodeRows(data, width, height, d), width, height, d);
  for (let i = 0; i < data.length; i++) data[i] = data[i]! & (1 - inner[i]!);
  return { width, height, data };
}

/** Erosion by 2d+1 pixels along the rows: runs of ones lose d at both ends. */
function erodeRows(data: Uint8Array, width: number, height: number, d: number): Uint8Array {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * width, (y + 1) * width);
    for (let from = row.indexOf(1); from >= 0; ) {
      const end = row.indexOf(0, from);
      const to = end < 0 ? width : end;
      if (to - from > 2 * d) out.fill(1, y * width + from + d, y * width + to - d);
      from = row.indexOf(1, to);
    }
  }
  return out;
}

/** The same down the columns, row by row as the pixels lie in memory. */
function erodeColumns(data: Uint8Array, width: number, height: number, d: number): Uint8Array {
  const out = new Uint8Array(data.length);
  // Ones above each other that end in the current row.
  const depth = new Int32Array(width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      depth[x] = data[i] === 1 ? depth[x]! + 1 : 0;
      if (depth[x]! > 2 * d) out[i - d * width] = 1;
    }
  }
  return out;
}

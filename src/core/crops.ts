/** Parts of a photo around an object: SAM sees what is small in the photo larger there. */
import type { Photo } from "./lab.ts";
import type { Box, Mask } from "./mask.ts";
import type { Window } from "./resample.ts";

/** Padding on every side, as a share of the object's longer side. */
const PADDING = 0.25;
/** Padding in pixels that is added to that. */
const LEAST_PADDING = 8;
/** A crop that shows the object less than this many times larger is not worth another run of the encoder. */
const LEAST_ENLARGEMENT = 1.2;

/**
 * The part of a photo around an object, `undefined` where the object fills so much of it that a crop would not enlarge it.
 *
 * @param box tight box of the object, both ends inclusive
 */
export function cropAround(
  [left, top, right, bottom]: Box,
  { width, height }: Pick<Photo, "width" | "height">,
): Window | undefined {
  const padding = Math.round(Math.max(right - left + 1, bottom - top + 1) * PADDING) + LEAST_PADDING;
  const x0 = Math.max(0, left - padding);
  const y0 = Math.max(0, top - padding);
  const x1 = Math.min(width, right + 1 + padding);
  const y1 = Math.min(height, bottom + 1 + padding);
  const enlargement = Math.max(width, height) / Math.max(x1 - x0, y1 - y0);
  return enlargement < LEAST_ENLARGEMENT ? undefined : { x0, y0, x1, y1 };
}

/** The pixels of a window of a photo. */
export function cropPhoto({ width, data }: Photo, window: Window): Photo {
  return cut(data, width, window, 3);
}

/** The pixels of a window of a mask. */
export function cropMask({ width, data }: Mask, window: Window): Mask {
  return cut(data, width, window, 1);
}

/** Rows of `channels` bytes a pixel. */
function cut(data: Uint8Array, stride: number, { x0, y0, x1, y1 }: Window, channels: number): Photo {
  const [width, height] = [x1 - x0, y1 - y0];
  const out = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    const row = ((y0 + y) * stride + x0) * channels;
    out.set(data.subarray(row, row + width * channels), y * width * channels);
  }
  return { width, height, data: out };
}

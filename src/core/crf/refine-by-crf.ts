/** A coarse mask refined by the dense CRF, in the part of the photo around it. */
import type { Photo } from "../lab.ts";
import { type Box, type Mask, maskBox } from "../mask.ts";
import { areaAxis, linearAxis, resample, type Window } from "../resample.ts";
import type { LogitWindow } from "../upscale.ts";
import { type CRFOptions, denseCRF } from "./dense-crf.ts";

/** Pixels around the mask that take part: two standard deviations of the place in the appearance kernel. */
const MARGIN = 134;
/** Larger parts are shrunk to about as many pixels: the lattice takes 60 bytes a pixel and more. */
const MOST_PIXELS = 2 ** 21;

/**
 * Log-odds of the object in a window around the coarse mask, see {@link denseCRF}.
 *
 * @returns `undefined` for an empty mask
 */
export function refineByCRF(
  photo: Photo,
  coarse: Mask,
  options: CRFOptions = {},
  mostPixels: number = MOST_PIXELS,
): LogitWindow | undefined {
  const box = maskBox(coarse);
  if (box === undefined) return undefined;
  const window = around(box, photo);
  const width = window.x1 - window.x0;
  const height = window.y1 - window.y0;
  const shrink = Math.sqrt(Math.min(1, mostPixels / (width * height)));
  if (shrink === 1) {
    const logits = denseCRF(cutPhoto(photo, window), cutMask(coarse, window), options);
    return { ...window, data: logits };
  }
  return { ...window, data: inSmall(photo, coarse, window, shrink, options) };
}

function around([x0, y0, x1, y1]: Box, { width, height }: Photo): Window {
  return {
    x0: Math.max(0, x0 - MARGIN),
    y0: Math.max(0, y0 - MARGIN),
    x1: Math.min(width, x1 + 1 + MARGIN),
    y1: Math.min(height, y1 + 1 + MARGIN),
  };
}

/** On a smaller picture, its log-odds enlarged. */
function inSmall(
  photo: Photo,
  coarse: Mask,
  window: Window,
  shrink: number,
  options: CRFOptions,
): Float32Array {
  const size = { width: window.x1 - window.x0, height: window.y1 - window.y0 };
  const width = Math.max(1, Math.floor(size.width * shrink));
  const height = Math.max(1, Math.floor(size.height * shrink));
  const [columns, rows] = [areaAxis(0, size.width, width), areaAxis(0, size.height, height)];
  const whole = { x0: 0, y0: 0, x1: width, y1: height };
  const rgb = cutPhoto(photo, window).data;
  const small = new Uint8Array(width * height * 3);
  for (let c = 0; c < 3; c++) {
    const plane = Uint8Array.from({ length: size.width * size.height }, (_, i) => rgb[3 * i + c]!);
    resample(plane, size.width, columns, rows, whole).forEach((value, i) => {
      small[3 * i + c] = Math.round(value);
    });
  }
  const share = resample(cutMask(coarse, window).data, size.width, columns, rows, whole);
  const mask = Uint8Array.from(share, (value) => (value >= 0.5 ? 1 : 0));
  const logits = denseCRF({ width, height, data: small }, { width, height, data: mask }, options);
  const up = { x0: 0, y0: 0, x1: size.width, y1: size.height };
  return resample(logits, width, linearAxis(width, size.width), linearAxis(height, size.height), up);
}

function cutPhoto(photo: Photo, { x0, y0, x1, y1 }: Window): Photo {
  const data = new Uint8Array((x1 - x0) * (y1 - y0) * 3);
  for (let y = y0; y < y1; y++) {
    const row = y * photo.width;
    data.set(photo.data.subarray(3 * (row + x0), 3 * (row + x1)), 3 * (y - y0) * (x1 - x0));
  }
  return { width: x1 - x0, height: y1 - y0, data };
}

function cutMask(mask: Mask, { x0, y0, x1, y1 }: Window): Mask {
  const data = new Uint8Array((x1 - x0) * (y1 - y0));
  for (let y = y0; y < y1; y++) {
    const row = y * mask.width;
    data.set(mask.data.subarray(row + x0, row + x1), (y - y0) * (x1 - x0));
  }
  return { width: x1 - x0, height: y1 - y0, data };
}

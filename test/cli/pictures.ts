/** Small photos and masks for the tool's tests. */
import sharp, { type Sharp } from "sharp";
import { encodeBinaryPNG } from "../../src/formats/mod.ts";
import { rectangle } from "../helpers/ascii-mask.ts";
import { sample } from "./cli.ts";

/** Size of the small photo. */
export const width = 200;
export const height = 150;

/** The bundled picture in small, ready to be stored in any way. */
export function smallPhoto(): Sharp {
  return sharp(sample("photo.jpg")).resize(width, height);
}

/** A rough box around the mug of {@link smallPhoto}, as PNG. */
export function mugBox(): Uint8Array {
  return boxMask(width, height, [30, 33, 112, 100]);
}

/** A filled rectangle as a binary PNG mask, both ends inclusive. */
export function boxMask(w: number, h: number, box: readonly [number, number, number, number]): Uint8Array {
  return encodeBinaryPNG(rectangle(w, h, box));
}

/** A mask of one value. */
export function plainMask(w: number, h: number, value: 0 | 1): Uint8Array {
  return encodeBinaryPNG({ width: w, height: h, data: new Uint8Array(w * h).fill(value) });
}

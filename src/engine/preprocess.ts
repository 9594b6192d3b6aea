/** From a photo to the encoder's input: resized so that the longest side is 1024, normalised, padded. */
import sharp from "sharp";
import { ENCODER_SIZE, frameOf } from "../core/frame.ts";
import type { Photo } from "../core/lab.ts";
import { linearAxis } from "../core/resample.ts";
import type { EncoderContract } from "./model-manifest.ts";

/** Part of the embedding's cache key: changes whenever the same photo would give other values. */
export const PREPROCESSING_VERSION = "bilinear-antialias-1";

/**
 * The encoder's input for a photo.
 *
 * @returns `Float32Array [1, 3, 1024, 1024]` row-major, zero right of and below the photo
 */
export async function preprocess(
  photo: Photo,
  contract: Pick<EncoderContract, "mean" | "std">,
): Promise<Float32Array> {
  const { scaledWidth, scaledHeight } = frameOf(photo.width, photo.height);
  const shrinks = scaledWidth < photo.width || scaledHeight < photo.height;
  const rgb = shrinks
    ? await shrink(photo, scaledWidth, scaledHeight)
    : enlarge(photo, scaledWidth, scaledHeight);
  return normalise(rgb, scaledWidth, scaledHeight, contract);
}

/** sharp's linear kernel is antialiased when shrinking; when enlarging it is off by half a pixel. */
async function shrink(
  { data, width, height }: Photo,
  toWidth: number,
  toHeight: number,
): Promise<Uint8Array> {
  // sharp reads no shared memory.
  const copy = Buffer.from(data);
  return sharp(copy, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize(toWidth, toHeight, { fit: "fill", kernel: "linear" })
    .raw()
    .toBuffer();
}

/** Bilinear with half-pixel centres, rows first, each pass rounded to 8 bits like the reference's image library. */
function enlarge({ data, width, height }: Photo, toWidth: number, toHeight: number): Uint8Array {
  const columns = linearAxis(width, toWidth);
  const rows = linearAxis(height, toHeight);
  const wide = new Uint8Array(toWidth * height * 3);
  for (let x = 0; x < toWidth; x++) {
    const left = columns.index[2 * x]! * 3;
    const right = columns.index[2 * x + 1]! * 3;
    const part = columns.weight[2 * x + 1]!;
    for (let y = 0, to = x * 3, row = 0; y < height; y++, to += toWidth * 3, row += width * 3) {
      for (let c = 0; c < 3; c++) wide[to + c] = mix(data[row + left + c]!, data[row + right + c]!, part);
    }
  }
  const out = new Uint8Array(toWidth * toHeight * 3);
  const stride = toWidth * 3;
  for (let y = 0; y < toHeight; y++) {
    const top = rows.index[2 * y]! * stride;
    const bottom = rows.index[2 * y + 1]! * stride;
    const part = rows.weight[2 * y + 1]!;
    for (let i = 0, to = y * stride; i < stride; i++, to++)
      out[to] = mix(wide[top + i]!, wide[bottom + i]!, part);
  }
  return out;
}

function mix(a: number, b: number, share: number): number {
  return (a + share * (b - a) + 0.5) | 0;
}

function normalise(
  rgb: Uint8Array,
  width: number,
  height: number,
  { mean, std }: Pick<EncoderContract, "mean" | "std">,
): Float32Array {
  const tensor = new Float32Array(3 * ENCODER_SIZE * ENCODER_SIZE);
  for (let c = 0; c < 3; c++) {
    const table = Float32Array.from({ length: 256 }, (_, v) => (v - mean[c]!) / std[c]!);
    for (let y = 0; y < height; y++) {
      let to = (c * ENCODER_SIZE + y) * ENCODER_SIZE;
      let from = y * width * 3 + c;
      for (const end = to + width; to < end; to++, from += 3) tensor[to] = table[rgb[from]!]!;
    }
  }
  return tensor;
}

/** From a photo to the encoder's input: resized so that the longest side is 1024, normalised, padded. */
import { ENCODER_SIZE, frameOf } from "../core/frame.ts";
import type { Photo } from "../core/lab.ts";
import { type Axis, linearAxis } from "../core/resample.ts";
import type { EncoderContract } from "./model-manifest.ts";

/** Part of the embedding's cache key: changes whenever the same photo would give other values. */
export const PREPROCESSING_VERSION = "bilinear-antialias-1";

/** Values of an encoder's input, `[1, 3, 1024, 1024]`. */
export const INPUT_VALUES: number = 3 * ENCODER_SIZE * ENCODER_SIZE;

/**
 * The encoder's input for a photo.
 *
 * @param tensor takes the input; a new one when absent
 * @returns `Float32Array [1, 3, 1024, 1024]` row-major, zero right of and below the photo
 */
export async function preprocess(
  photo: Photo,
  contract: Pick<EncoderContract, "mean" | "std">,
  tensor: Float32Array = new Float32Array(INPUT_VALUES),
): Promise<Float32Array> {
  const { scaledWidth, scaledHeight } = frameOf(photo.width, photo.height);
  const shrinks = scaledWidth < photo.width || scaledHeight < photo.height;
  const rgb = shrinks
    ? await shrink(photo, scaledWidth, scaledHeight)
    : enlarge(photo, scaledWidth, scaledHeight);
  normalise(rgb, scaledWidth, scaledHeight, contract, tensor);
  return tensor;
}

/** sharp's linear kernel is antialiased when shrinking; when enlarging it is off by half a pixel. */
async function shrink(
  { data, width, height }: Photo,
  toWidth: number,
  toHeight: number,
): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  // sharp reads no shared memory.
  const own = data.buffer instanceof SharedArrayBuffer ? data.slice() : data;
  return sharp(own, { raw: { width, height, channels: 3 }, limitInputPixels: false })
    .resize(toWidth, toHeight, { fit: "fill", kernel: "linear" })
    .raw()
    .toBuffer();
}

/** Bilinear with half-pixel centres, rows first, each pass rounded to 8 bits like the reference's image library. */
function enlarge({ data, width, height }: Photo, toWidth: number, toHeight: number): Uint8Array {
  const columns = linearAxis(width, toWidth);
  const rows = linearAxis(height, toHeight);
  const stride = toWidth * 3;
  const out = new Uint8Array(stride * toHeight);
  // Widened rows are used at most by the next few output rows: two are kept, by the parity of their number.
  const wide = [new Uint8Array(stride), new Uint8Array(stride)] as const;
  let widened = -1;
  for (let y = 0; y < toHeight; y++) {
    const top = rows.index[2 * y]!;
    const bottom = rows.index[2 * y + 1]!;
    while (widened < bottom) {
      widened++;
      widen(data, widened * width * 3, columns, wide[widened % 2]!);
    }
    mixRows(wide[top % 2]!, wide[bottom % 2]!, rows.weight[2 * y + 1]!, out, y * stride);
  }
  return out;
}

function widen(data: Uint8Array, row: number, { index, weight }: Axis, wide: Uint8Array): void {
  for (let t = 0, to = 0; to < wide.length; t += 2, to += 3) {
    const left = row + index[t]! * 3;
    const right = row + index[t + 1]! * 3;
    const part = weight[t + 1]!;
    wide[to] = mix(data[left]!, data[right]!, part);
    wide[to + 1] = mix(data[left + 1]!, data[right + 1]!, part);
    wide[to + 2] = mix(data[left + 2]!, data[right + 2]!, part);
  }
}

function mixRows(top: Uint8Array, bottom: Uint8Array, part: number, out: Uint8Array, to: number): void {
  for (let i = 0; i < top.length; i++) out[to + i] = mix(top[i]!, bottom[i]!, part);
}

function mix(a: number, b: number, share: number): number {
  return (a + share * (b - a) + 0.5) | 0;
}

function normalise(
  rgb: Uint8Array,
  width: number,
  height: number,
  { mean, std }: Pick<EncoderContract, "mean" | "std">,
  tensor: Float32Array,
): void {
  for (let c = 0; c < 3; c++) {
    const table = Float32Array.from({ length: 256 }, (_, v) => (v - mean[c]!) / std[c]!);
    const plane = tensor.subarray(c * ENCODER_SIZE * ENCODER_SIZE, (c + 1) * ENCODER_SIZE * ENCODER_SIZE);
    for (let y = 0; y < height; y++) {
      const start = y * ENCODER_SIZE;
      let from = y * width * 3 + c;
      for (let to = start; to < start + width; to++, from += 3) plane[to] = table[rgb[from]!]!;
      plane.fill(0, start + width, start + ENCODER_SIZE);
    }
    plane.fill(0, height * ENCODER_SIZE);
  }
}

/** From a photo to the encoder's input: resized so that the longest side is 1024, normalised, padded. */
import { ENCODER_SIZE, frameOf } from "../core/frame.ts";
import type { Photo } from "../core/lab.ts";
import { type Axis, linearAxis } from "../core/resample.ts";
import type { EncoderContract } from "./model-manifest.ts";

/** Part of the embedding's cache key: changes whenever the same photo would give other values. */
export const PREPROCESSING_VERSION = "bilinear-antialias-1";

/** Values of an encoder's input, `[1, 3, 1024, 1024]`. */
export const INPUT_VALUES: number = 3 * ENCODER_SIZE * ENCODER_SIZE;

/** What decides the values of an input. */
export type Normalisation = Pick<EncoderContract, "mean" | "std" | "padding">;

/**
 * The encoder's input for a photo.
 *
 * @param tensor takes the input; a new one when absent
 * @returns `Float32Array [1, 3, 1024, 1024]` row-major, padded right of and below the photo
 */
export async function preprocess(
  photo: Photo,
  contract: Normalisation,
  tensor: Float32Array = new Float32Array(INPUT_VALUES),
): Promise<Float32Array> {
  const { scaledWidth, scaledHeight } = frameOf(photo.width, photo.height);
  const target = planesOf(tensor, contract);
  if (scaledWidth < photo.width || scaledHeight < photo.height) {
    const rgb = await shrink(photo, scaledWidth, scaledHeight);
    for (let y = 0; y < scaledHeight; y++) writeRow(rgb, y * scaledWidth * 3, scaledWidth, target, y);
  } else enlarge(photo, scaledWidth, scaledHeight, target);
  pad(target, scaledWidth, scaledHeight);
  return tensor;
}

type Three<T> = readonly [red: T, green: T, blue: T];

/** The tensor by channels, and what each 8-bit value becomes there. */
interface Planes {
  /** Each `Float32Array [1024, 1024]`. */
  readonly planes: Three<Float32Array>;
  readonly values: Three<Float32Array>;
  /** What lies outside of the photo. */
  readonly padding: Three<number>;
}

function planesOf(tensor: Float32Array, { mean, std, padding = mean }: Normalisation): Planes {
  const size = ENCODER_SIZE * ENCODER_SIZE;
  const plane = (c: number): Float32Array => tensor.subarray(c * size, (c + 1) * size);
  const table = (c: number): Float32Array =>
    Float32Array.from({ length: 256 }, (_, v) => (v - mean[c]!) / std[c]!);
  const outside = (c: number): number => (padding[c]! - mean[c]!) / std[c]!;
  return {
    planes: [plane(0), plane(1), plane(2)],
    values: [table(0), table(1), table(2)],
    padding: [outside(0), outside(1), outside(2)],
  };
}

/** Right of and below the photo. */
function pad({ planes, padding }: Planes, width: number, height: number): void {
  for (const [c, plane] of planes.entries()) {
    const value = padding[c]!;
    for (let y = 0; y < height; y++) plane.fill(value, y * ENCODER_SIZE + width, (y + 1) * ENCODER_SIZE);
    plane.fill(value, height * ENCODER_SIZE);
  }
}

/** Writes a row of interleaved pixels, `from` on. */
function writeRow(
  rgb: Uint8Array,
  from: number,
  width: number,
  { planes: [red, green, blue], values: [r, g, b] }: Planes,
  y: number,
): void {
  const start = y * ENCODER_SIZE;
  for (let to = start; to < start + width; to++, from += 3) {
    red[to] = r[rgb[from]!]!;
    green[to] = g[rgb[from + 1]!]!;
    blue[to] = b[rgb[from + 2]!]!;
  }
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
function enlarge({ data, width, height }: Photo, toWidth: number, toHeight: number, target: Planes): void {
  const columns = linearAxis(width, toWidth);
  const rows = linearAxis(height, toHeight);
  // Widened rows are used at most by the next few output rows: two are kept, by the parity of their number.
  const wide = [new Uint8Array(toWidth * 3), new Uint8Array(toWidth * 3)] as const;
  let widened = -1;
  for (let y = 0; y < toHeight; y++) {
    const top = rows.index[2 * y]!;
    const bottom = rows.index[2 * y + 1]!;
    while (widened < bottom) {
      widened++;
      widen(data, widened * width * 3, columns, wide[widened % 2]!);
    }
    writeMixedRow(wide[top % 2]!, wide[bottom % 2]!, rows.weight[2 * y + 1]!, target, y);
  }
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

/** Writes the mixture of two rows; `part` is the share of the second. */
function writeMixedRow(
  top: Uint8Array,
  bottom: Uint8Array,
  part: number,
  { planes: [red, green, blue], values: [r, g, b] }: Planes,
  y: number,
): void {
  for (let i = 0, to = y * ENCODER_SIZE; i < top.length; i += 3, to++) {
    red[to] = r[mix(top[i]!, bottom[i]!, part)]!;
    green[to] = g[mix(top[i + 1]!, bottom[i + 1]!, part)]!;
    blue[to] = b[mix(top[i + 2]!, bottom[i + 2]!, part)]!;
  }
}

function mix(a: number, b: number, share: number): number {
  return (a + share * (b - a) + 0.5) | 0;
}

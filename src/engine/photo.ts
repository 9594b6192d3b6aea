/** Photos: decoding with limits, as displayed, always 8-bit sRGB. */
import type { Metadata } from "sharp";
import { InputError } from "../core/errors.ts";
import type { Photo } from "../core/lab.ts";

/** Most pixels of a photo unless the caller says otherwise: 2^28, about 268 megapixels. */
export const DEFAULT_PIXEL_LIMIT: number = 2 ** 28;

/** Containers read as photos; sharp would also take text formats such as SVG. */
const PHOTO_FORMATS = ["jpeg", "png", "webp", "tiff", "gif", "heif", "avif"];

/** What a photo's header says. */
export interface PhotoHeader {
  /** Size as stored in the file. */
  readonly stored: { readonly width: number; readonly height: number };
  /** Size as displayed, EXIF orientation applied. */
  readonly displayed: { readonly width: number; readonly height: number };
  /** EXIF orientation, 1..8: 1 is upright. */
  readonly orientation: number;
}

/**
 * Reads a photo's header without decoding it.
 *
 * @param name for messages
 * @throws {InputError} when the bytes are no photo, or more pixels than the limit
 */
export async function readPhotoHeader(
  bytes: Uint8Array,
  name: string,
  pixelLimit: number = DEFAULT_PIXEL_LIMIT,
): Promise<PhotoHeader> {
  if (bytes.length === 0)
    throw new InputError(`${name} is empty: expected a photo (JPEG, PNG, WebP, TIFF, GIF or AVIF)`);
  const meta = await metadata(bytes, name);
  const { width, height } = meta;
  if (width * height > pixelLimit) {
    throw new InputError(
      `${name} declares ${width}×${height} pixels: expected at most ${pixelLimit} pixels in all`,
    );
  }
  const { orientation: found = 1 } = meta;
  const orientation = found >= 1 && found <= 8 ? found : 1;
  const turned = orientation >= 5;
  return {
    orientation,
    stored: { width, height },
    displayed: turned ? { width: height, height: width } : { width, height },
  };
}

async function metadata(bytes: Uint8Array, name: string): Promise<Metadata> {
  const expected = "expected a photo (JPEG, PNG, WebP, TIFF, GIF or AVIF)";
  const { default: sharp } = await import("sharp");
  let meta: Metadata;
  try {
    meta = await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (cause) {
    const lfs = new TextDecoder().decode(bytes.subarray(0, 40)).startsWith("version https://git-lfs");
    const found = lfs
      ? "is a Git LFS pointer, not the file itself (run `git lfs pull`)"
      : "is not an image this reader knows";
    throw new InputError(`${name} ${found}: ${expected}`, { cause });
  }
  if (!PHOTO_FORMATS.includes(meta.format))
    throw new InputError(`${name} is ${meta.format.toUpperCase()}: ${expected}`);
  return meta;
}

/**
 * Decodes a photo to 8-bit sRGB: EXIF orientation applied, CMYK converted, gray spread to
 * three channels, 16 bits reduced to 8, alpha dropped.
 *
 * @throws {InputError} when the file is broken or truncated
 */
export async function decodePhoto(bytes: Uint8Array, name: string): Promise<Photo> {
  const { default: sharp } = await import("sharp");
  try {
    const source = sharp(bytes, { limitInputPixels: false, failOn: "truncated" });
    const { data, info } = await source
      .autoOrient()
      .removeAlpha()
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    if (channels !== 3) return toPhoto(data, width, height, channels as 1);
    return { width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  } catch (cause) {
    const reason = (cause as Error).message.split("\n")[0];
    throw new InputError(`${name} cannot be decoded (${reason}): expected a complete photo`, { cause });
  }
}

/**
 * Copies decoded pixels to a photo.
 *
 * @param data `[height, width, channels]` 8-bit, row-major; a fourth channel is ignored
 */
export function toPhoto(
  data: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: 1 | 3 | 4,
): Photo {
  const rgb = new Uint8Array(width * height * 3);
  if (channels === 3) rgb.set(data);
  else {
    for (let i = 0, from = 0, to = 0; i < width * height; i++, from += channels, to += 3) {
      rgb[to] = data[from]!;
      rgb[to + 1] = data[channels === 1 ? from : from + 1]!;
      rgb[to + 2] = data[channels === 1 ? from : from + 2]!;
    }
  }
  return { width, height, data: rgb };
}

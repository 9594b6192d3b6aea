import type { ReadMaskOptions } from "./mask-file.ts";
import { signature } from "./png/chunks.ts";
import { hasColours, readColours, rewriteColours } from "./png/colours.ts";
import { decodePNG } from "./png/decode-png.ts";
import { readMaskFile } from "./read-mask-file.ts";

/** What a picture has at each pixel, whatever it means: an id, or a colour. */
export interface PictureValues {
  readonly width: number;
  readonly height: number;
  /**
   * `[height, width]` row-major: stored ids, or `alpha << 24 | red << 16 | green << 8 | blue` of 8-bit RGB with and
   * without alpha.
   */
  readonly values: Uint8Array | Uint16Array | Uint32Array;
  /** Whether `values` are colours. */
  readonly colours: boolean;
  /**
   * The file with other values at these pixels, its own bytes where there are none.
   *
   * @throws RangeError for a value that the file cannot hold
   */
  write(pixels: readonly number[], valueAt: (i: number) => number): Uint8Array;
}

/**
 * Reads a mask file's ids, or the colours of a PNG in 8-bit RGB, without taking them for anything.
 *
 * @param bytes - the file; it is copied, so it may change afterwards.
 * @throws InputError if the file is no mask, broken or too large.
 */
export async function readPictureValues(
  bytes: Uint8Array,
  { name, pixelLimit }: Pick<ReadMaskOptions, "name" | "pixelLimit">,
): Promise<PictureValues> {
  const coloured = coloursOf(bytes, name, pixelLimit);
  if (coloured !== undefined) return coloured;
  const file = await readMaskFile(bytes, { name, pixelLimit, encoding: "labels", ignoreLabel: null });
  return {
    width: file.width,
    height: file.height,
    values: file.values,
    colours: false,
    write: (pixels, valueAt) => {
      const values = file.values.slice();
      for (const i of pixels) values[i] = valueAt(i);
      return file.write(values);
    },
  };
}

function coloursOf(
  bytes: Uint8Array,
  name: string,
  pixelLimit: number | undefined,
): PictureValues | undefined {
  if (!signature.every((byte, i) => bytes[i] === byte)) return undefined;
  const copy = new Uint8Array(bytes);
  const image = decodePNG(copy, name, pixelLimit);
  if (!hasColours(image.header)) return undefined;
  const { width, height } = image.header;
  return {
    width,
    height,
    values: readColours(image),
    colours: true,
    write: (pixels, valueAt) => (pixels.length === 0 ? copy.slice() : rewriteColours(image, pixels, valueAt)),
  };
}

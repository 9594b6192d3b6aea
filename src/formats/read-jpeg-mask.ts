import { checkPixelLimit } from "./check-pixel-limit.ts";
import { encodeBinaryPNG } from "./encode-mask.ts";
import type { MaskFile, ReadMaskOptions } from "./mask-file.ts";
import { unusable } from "./unusable.ts";

/** Difference between channels that chroma noise does not explain. */
const strongColour = 64;

/**
 * Reads a binary mask that was saved as JPEG: foreground from 128 on. It is written as PNG, 0 and 255.
 *
 * @throws InputError if the file is broken, too large, in colour, or asked for labels.
 */
export async function readJPEGMask(bytes: Uint8Array, options: ReadMaskOptions): Promise<MaskFile> {
  const { name } = options;
  if (options.encoding === "labels")
    throw unusable(name, "a JPEG", "a format that can hold labels, such as PNG");
  const { width, height } = await readSize(bytes, name);
  checkPixelLimit(name, width, height, options.pixelLimit);
  const values = await readBinary(bytes, name);
  return {
    name,
    format: "jpeg",
    width,
    height,
    encoding: "binary",
    values,
    ignoreLabel: undefined,
    notes: [`${name}: JPEG cannot hold an exact mask; thresholded at 128`],
    write: (changed) => encodeBinaryPNG({ width, height, data: changed }),
  };
}

async function readSize(bytes: Uint8Array, name: string): Promise<{ width: number; height: number }> {
  const { default: sharp } = await import("sharp");
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (error) {
    throw damaged(name, error);
  }
}

async function readBinary(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  const { data, channels } = await decode(bytes, name);
  const values = new Uint8Array(data.length / channels);
  let coloured = 0;
  for (let i = 0; i < values.length; i++) {
    const [red, green, blue] = [data[i * channels]!, data[i * channels + 1]!, data[i * channels + 2]!];
    if (channels === 3 && Math.max(red, green, blue) - Math.min(red, green, blue) > strongColour) coloured++;
    values[i] = (channels === 3 ? green : red) >= 128 ? 1 : 0;
  }
  if (coloured * 100 > values.length) throw unusable(name, "a JPEG in colour", "a mask in black and white");
  return values;
}

async function decode(bytes: Uint8Array, name: string): Promise<{ data: Uint8Array; channels: number }> {
  const { default: sharp } = await import("sharp");
  try {
    const image = sharp(bytes, { limitInputPixels: false }).toColourspace("srgb");
    const { data, info } = await image.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    return { data, channels: info.channels };
  } catch (error) {
    throw damaged(name, error);
  }
}

function damaged(name: string, cause: unknown): Error {
  return unusable(name, "a damaged JPEG", "a picture that can be decoded", cause);
}

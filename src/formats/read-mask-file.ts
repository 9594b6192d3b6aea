import { describeBytes } from "./describe-bytes.ts";
import type { MaskFile, ReadMaskOptions } from "./mask-file.ts";
import { npyMagic } from "./npy/header.ts";
import { readNpyMask } from "./npy/read-npy-mask.ts";
import { signature } from "./png/chunks.ts";
import { readJPEGMask } from "./read-jpeg-mask.ts";
import { readPNGMask } from "./read-png-mask.ts";
import { unusable } from "./unusable.ts";

const jpegStart = [0xff, 0xd8, 0xff];

/**
 * Reads a mask file; its format is told by its first bytes, not by its name.
 *
 * @param bytes - the file; it is copied, so it may change afterwards.
 * @throws InputError if the file is no PNG, JPEG or NumPy array, broken, too large, in colours that nothing names, or a
 *   Git LFS pointer.
 *
 * @example
 * ```ts
 * const file = await readMaskFile(await readFile("mask.png"), { name: "mask.png" });
 * const same = file.write(file.values); // the bytes of mask.png
 * ```
 */
export async function readMaskFile(bytes: Uint8Array, options: ReadMaskOptions): Promise<MaskFile> {
  const startsWith = (start: ArrayLike<number>): boolean =>
    Array.from(start).every((byte, i) => byte === bytes[i]);
  if (startsWith(signature)) return readPNGMask(new Uint8Array(bytes), options);
  if (startsWith(jpegStart)) return readJPEGMask(bytes, options);
  if (startsWith(npyMagic)) return readNpyMask(new Uint8Array(bytes), options);
  throw unusable(options.name, describeBytes(bytes), "a PNG, JPEG or NumPy mask");
}

import { constants } from "node:buffer";
import { inflateSync } from "node:zlib";
import { unusable } from "../unusable.ts";

/** Deflate's best: 258 bytes from two one-bit codes. */
const bestRatio = 1032;

/**
 * Inflates the image data of a PNG, never allocating more than the header declares nor, for a header
 * that lies, more than the data could fill.
 *
 * @param packed - the joined IDAT data.
 * @param expected - bytes that the header declares.
 * @throws InputError if the data is damaged, shorter or longer.
 */
export function inflatePixels(packed: Uint8Array, expected: number, name: string): Uint8Array {
  if (expected > constants.MAX_LENGTH) {
    throw unusable(
      name,
      `${expected} bytes of pixels`,
      `at most ${constants.MAX_LENGTH}, all that fits memory`,
    );
  }
  if (expected > packed.length * bestRatio) throw cutShort(name);
  const pixels = inflateBounded(packed, expected, name);
  if (pixels.length < expected) throw cutShort(name);
  return pixels;
}

function inflateBounded(packed: Uint8Array, expected: number, name: string): Uint8Array {
  // One byte more than needed in one piece: no second buffer is allocated and nothing is joined.
  const chunkSize = Math.max(64, Math.min(expected + 1, 2 ** 26));
  try {
    return inflateSync(packed, { maxOutputLength: expected, chunkSize });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "Z_BUF_ERROR") throw cutShort(name, error);
    if (code === "ERR_BUFFER_TOO_LARGE") {
      throw unusable(name, "a PNG with more image data than its size needs", `${expected} bytes`, error);
    }
    throw unusable(name, "a PNG with damaged image data", "data that can be unpacked", error);
  }
}

function cutShort(name: string, cause?: unknown): Error {
  return unusable(name, "a PNG whose image data is cut short", "every row of the picture", cause);
}

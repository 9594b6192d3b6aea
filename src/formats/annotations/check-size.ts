import { unusable } from "../unusable.ts";
import type { Size } from "./annotation-file.ts";

/**
 * The wanted size, where the file agrees with it.
 *
 * @param stated what the file says, if it does
 * @throws {InputError} for another size than the file's
 */
export function checkSize(where: string, wanted: Size, stated: Size | undefined): Size {
  if (stated !== undefined && (stated.width !== wanted.width || stated.height !== wanted.height)) {
    throw unusable(
      where,
      `annotations of a photo of ${stated.width}×${stated.height}`,
      `the photo's ${wanted.width}×${wanted.height}`,
    );
  }
  return { width: wanted.width, height: wanted.height };
}

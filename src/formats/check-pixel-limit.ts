import { unusable } from "./unusable.ts";

/** Most pixels of a mask unless the caller says otherwise: 512 megapixels. */
export const defaultPixelLimit = 512_000_000;

/**
 * Refuses a picture by its declared size, before any of it is decoded.
 *
 * @throws InputError above the limit.
 */
export function checkPixelLimit(
  name: string,
  width: number,
  height: number,
  limit: number = defaultPixelLimit,
): void {
  // Negated so that a limit of NaN refuses instead of accepting everything.
  if (!(width * height <= limit)) {
    throw unusable(name, `a picture of ${width} x ${height} pixels`, `at most ${limit} pixels in all`);
  }
}

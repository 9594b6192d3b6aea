import { InputError } from "./errors.ts";
import type { Mask } from "./mask.ts";

/**
 * Checks that a mask has as many values as its size says; a longer array may hold more behind them.
 *
 * @throws {InputError} for a mask with too few
 */
export function checkMask({ width, height, data }: Mask): void {
  const isSize = [width, height].every((side) => Number.isInteger(side) && side >= 0);
  if (isSize && data?.length >= width * height) return;
  throw new InputError(
    `The mask of ${width}×${height} pixels has ${data?.length} values: expected one a pixel`,
  );
}

/**
 * Checks that two masks can be compared.
 *
 * @throws {InputError} for masks of different sizes, or with too few values
 */
export function checkSameSize(a: Mask, b: Mask): void {
  checkMask(a);
  checkMask(b);
  if (a.width === b.width && a.height === b.height) return;
  throw new InputError(
    `The masks are ${a.width}×${a.height} and ${b.width}×${b.height} pixels: expected one size`,
  );
}

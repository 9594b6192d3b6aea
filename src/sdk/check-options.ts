/** Options and indices as scripts give them: plain JavaScript checks no types. */
import { OptionError } from "../core/errors.ts";
import type { MaskReading } from "../dataset/load-mask.ts";

/** Ways to read a mask's values, see {@link MaskReading.encoding}. */
export const maskEncodings: readonly NonNullable<MaskReading["encoding"]>[] = ["auto", "binary", "labels"];

/** Largest value of a mask file. */
const LARGEST_LABEL = 65_535;

/**
 * Checks how a mask is to be read.
 *
 * @throws {OptionError} for an unknown encoding, or an ignore label that is none
 */
export function checkReading({ encoding = "auto", ignoreLabel: label }: MaskReading): void {
  if (!maskEncodings.includes(encoding)) {
    throw new OptionError(`Unknown encoding ${describe(encoding)}: expected ${maskEncodings.join(", ")}`);
  }
  if (label === undefined || label === null || isWhole(label, LARGEST_LABEL)) return;
  throw new OptionError(
    `Option "ignoreLabel" is ${describe(label)}: expected a whole number from 0 to ${LARGEST_LABEL}, or null`,
  );
}

/**
 * Checks the index of a mask of a result.
 *
 * @param count masks of the result
 * @throws {OptionError} when there is no such mask
 */
export function checkMaskIndex(index: unknown, count: number): void {
  if (isWhole(index, count - 1)) return;
  const expected = count === 1 ? "0, the only mask" : `a whole number from 0 to ${count - 1}`;
  throw new OptionError(`There is no refined mask of index ${describe(index)}: expected ${expected}`);
}

function isWhole(value: unknown, largest: number): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= largest;
}

function describe(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Options and indices as scripts give them: plain JavaScript checks no types. */
import { OptionError } from "../core/errors.ts";

/** Largest value of a mask file. */
const LARGEST_LABEL = 65_535;

/**
 * Checks {@link RefineOptions.ignoreLabel}.
 *
 * @throws {OptionError} unless it is a label, `null` or absent
 */
export function checkIgnoreLabel(label: unknown): void {
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

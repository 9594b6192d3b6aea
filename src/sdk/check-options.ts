/** Options and indices as scripts give them: plain JavaScript checks no types. */
import { InputError, OptionError } from "../core/errors.ts";
import type { MaskReading } from "../dataset/load-mask.ts";

/** Ways to read a mask's values, see {@link MaskReading.encoding}. */
export const maskEncodings: readonly NonNullable<MaskReading["encoding"]>[] = ["auto", "binary", "labels"];

/** Largest value of a mask file. */
const LARGEST_LABEL = 65_535;

/**
 * Checks how a mask is to be read.
 *
 * @throws {OptionError} for an unknown encoding, an ignore label that is none, or what {@link checkCall} refuses
 */
export function checkReading(options: MaskReading & WithSignal): void {
  checkCall(options);
  const { encoding = "auto", ignoreLabel: label } = options;
  if (!maskEncodings.includes(encoding)) {
    throw new OptionError(`Unknown encoding ${describe(encoding)}: expected ${maskEncodings.join(", ")}`);
  }
  if (label === undefined || label === null || isWhole(label, LARGEST_LABEL)) return;
  throw new OptionError(
    `Option "ignoreLabel" is ${describe(label)}: expected a whole number from 0 to ${LARGEST_LABEL}, or null`,
  );
}

/** Options of what can be stopped. */
interface WithSignal {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Checks that options are an object, and that what stops the call can.
 *
 * @throws {OptionError} otherwise
 */
export function checkCall(options: unknown): void {
  if (typeof options !== "object" || options === null)
    throw new OptionError(`The options are ${describe(options)}: expected an object`);
  const { signal } = options as WithSignal;
  if (signal === undefined || typeof signal?.throwIfAborted === "function") return;
  throw new OptionError(`Option "signal" is ${describe(signal)}: expected an AbortSignal`);
}

/**
 * Checks a path.
 *
 * @param what it is the path of, for example `journal`
 * @throws {InputError} for anything else
 */
export function checkPath(path: unknown, what: string): void {
  if (typeof path === "string" && path !== "") return;
  throw new InputError(`The ${what} is ${describe(path)}: expected a path`);
}

/**
 * Checks an option that is a path.
 *
 * @throws {OptionError} for anything else
 */
export function checkPathOption(name: string, path: unknown): void {
  if (path === undefined || (typeof path === "string" && path !== "")) return;
  throw new OptionError(`Option "${name}" is ${describe(path)}: expected a path`);
}

/**
 * Checks an option that counts something.
 *
 * @throws {OptionError} for what is no whole number from 1 on
 */
export function checkCount(name: string, value: unknown): void {
  if (value === undefined || isWhole(value, Number.MAX_SAFE_INTEGER, 1)) return;
  throw new OptionError(`Option "${name}" is ${describe(value)}: expected a whole number from 1 on`);
}

/**
 * Checks an option that is a list of texts.
 *
 * @throws {OptionError} for anything else
 */
export function checkTexts(name: string, value: unknown): void {
  if (value === undefined || (Array.isArray(value) && value.every((text) => typeof text === "string")))
    return;
  throw new OptionError(`Option "${name}" is ${describe(value)}: expected a list of texts`);
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

function isWhole(value: unknown, largest: number, least = 0): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= largest;
}

function describe(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

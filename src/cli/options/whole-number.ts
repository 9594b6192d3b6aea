/** Options that take a whole number. */
import { OptionError } from "../../sdk/mod.ts";

/**
 * A parser for whole numbers of a range, both ends included.
 *
 * @param flag how messages call the option, for example `--threads`
 */
export function wholeNumber(flag: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    throw new OptionError(`${flag} is "${text}": expected a whole number from ${low} to ${high}`);
  };
}

/** Options that take a number. */
import { OptionError } from "../../sdk/mod.ts";

/** A parser for numbers from 0 on. */
export function number(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= 0 && value < Infinity) return value;
  throw new OptionError(`"${text}": expected a number from 0 on`);
}

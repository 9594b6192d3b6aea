/** Options that take one word of a list. */
import { OptionError } from "../../sdk/mod.ts";

/**
 * A parser that accepts only the given words.
 *
 * @param what how messages call the word, for example `device`
 */
export function choice<T extends string>(what: string, words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) throw new OptionError(`Unknown ${what} "${text}": expected ${words.join(", ")}`);
    return word;
  };
}

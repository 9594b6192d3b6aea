import { locateValues } from "../json-text/locate-values.ts";
import { decodeText } from "../text/decode-text.ts";
import { unusable } from "../unusable.ts";

/**
 * The text of a JSON file and the value that it holds.
 *
 * @throws {InputError} for bytes that are no UTF-8 or no JSON
 */
export function parseJSON(name: string, bytes: Uint8Array): { text: string; value: unknown } {
  const text = decodeText(name, bytes);
  try {
    return { text, value: JSON.parse(text.replace(/^\ufeff/, "")) };
  } catch (cause) {
    throw unusable(name, `broken JSON (${describeProblem(text)})`, "a whole JSON file", cause);
  }
}

/** The place of the first problem: engines phrase theirs differently. */
function describeProblem(text: string): string {
  try {
    locateValues(text, () => false);
    return "too large";
  } catch (error) {
    return (error as Error).message;
  }
}

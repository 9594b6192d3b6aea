import { constants } from "node:buffer";
import { JsonLists } from "../json-text/json-lists.ts";
import { locateValues } from "../json-text/locate-values.ts";
import { decodeText } from "../text/decode-text.ts";
import { unusable } from "../unusable.ts";

/**
 * The value of a JSON file, with or without a byte order mark.
 *
 * @throws {InputError} for bytes that are no UTF-8 or no JSON
 */
export function parseJSON(name: string, bytes: Uint8Array): unknown {
  if (bytes.length > constants.MAX_STRING_LENGTH) return new JsonLists(name, bytes).value();
  const text = decodeText(name, bytes);
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (cause) {
    throw unusable(name, `broken JSON (${describeProblem(text)})`, "a whole JSON file", cause);
  }
}

/** The place of the first problem: engines phrase theirs differently. */
function describeProblem(text: string): string {
  try {
    locateValues(text, () => false, 0);
    return "too large";
  } catch (error) {
    return (error as Error).message;
  }
}

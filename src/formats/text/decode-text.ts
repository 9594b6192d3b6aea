import { unusable } from "../unusable.ts";

/**
 * The text of a UTF-8 file. A byte order mark stays, so that encoding the text gives the same bytes back.
 *
 * @throws {InputError} for bytes that are no UTF-8, or more of them than a string holds
 */
export function decodeText(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw unusable(name, "bytes that are no UTF-8 text", "a text file", cause);
  }
}

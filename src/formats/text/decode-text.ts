import { constants } from "node:buffer";
import { unusable } from "../unusable.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The text of a UTF-8 file. A byte order mark stays, so that encoding the text gives the same bytes back.
 *
 * @throws {InputError} for bytes that are no UTF-8, or more of them than a string holds (512 MB)
 */
export function decodeText(name: string, bytes: Uint8Array): string {
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    const megabytes = (length: number): string => `${Math.floor(length / 2 ** 20)} MB`;
    const most = megabytes(constants.MAX_STRING_LENGTH);
    throw unusable(name, `a text of ${megabytes(bytes.length)}`, `at most ${most}: split the file`);
  }
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw unusable(name, "bytes that are no UTF-8 text", "a text file", cause);
  }
}

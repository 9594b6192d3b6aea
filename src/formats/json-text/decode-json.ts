import { constants } from "node:buffer";
import { unusable } from "../unusable.ts";

/**
 * The text of a JSON file, to the last character what its bytes say: a byte order mark stays.
 *
 * @param name what messages call the file
 * @throws {InputError} for bytes that are not UTF-8, and for files that are too long for one string (512 MB)
 */
export function decodeJSON(name: string, bytes: Uint8Array): string {
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    const megabytes = (length: number) => `${Math.floor(length / 2 ** 20)} MB`;
    throw unusable(
      name,
      megabytes(bytes.length),
      `JSON of at most ${megabytes(constants.MAX_STRING_LENGTH)}`,
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw unusable(name, "bytes that are no UTF-8", "JSON text", error);
  }
}

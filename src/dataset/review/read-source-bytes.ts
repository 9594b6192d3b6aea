import { readFile } from "node:fs/promises";
import { InputError } from "../../core/errors.ts";
import { hashOf } from "../run/content.ts";
import type { FileStamp } from "../run/journal/records.ts";
import { readOriginal } from "../run/originals.ts";
import { type ReviewPlace, sourcePath } from "./reviewed-file.ts";

/**
 * A source as the run read it; in place, the stored original.
 *
 * @throws {InputError} when it was changed since, or its original is missing or damaged
 */
export async function readSourceBytes(place: ReviewPlace, { path, sha256 }: FileStamp): Promise<Uint8Array> {
  const at = sourcePath(place, path);
  const bytes = await readFile(at).catch((cause: Error) => {
    throw new InputError(`${at} cannot be read (${cause.message}): expected the source of the results`, {
      cause,
    });
  });
  if (hashOf(bytes) === sha256) return bytes;
  if (place.state.header.out === null) return readOriginal(place.journal.path, sha256);
  throw new InputError(`${at} was changed since the run read it: expected it as it was`);
}

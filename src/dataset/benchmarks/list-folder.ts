/** The files of a data set's folder. */
import { readdir } from "node:fs/promises";
import { InputError } from "../../core/errors.ts";

/** A folder's entries. */
export interface Listing {
  readonly files: ReadonlySet<string>;
  readonly folders: readonly string[];
}

/**
 * Lists a folder, in the order of names.
 *
 * @param expected what belongs there, for the message
 * @throws {InputError} when it is missing
 */
export async function listFolder(path: string, expected: string): Promise<Listing> {
  const entries = await readdir(path, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === "ENOENT" ? "no such folder" : cause.message;
    throw new InputError(`${path} cannot be read (${why}): expected ${expected}`, { cause });
  });
  const names = (wanted: (entry: (typeof entries)[number]) => boolean): string[] =>
    entries
      .filter(wanted)
      .map(({ name }) => name)
      .sort();
  return {
    files: new Set(names((entry) => !entry.isDirectory())),
    folders: names((entry) => entry.isDirectory() || entry.isSymbolicLink()),
  };
}

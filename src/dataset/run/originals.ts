/** The store of originals beside the journal of an in-place run: a file per content, named by its sha256. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../core/errors.ts";
import { makeFolderOf, writeFileAtomic } from "../../formats/mod.ts";
import { hashOf, hashOfFile } from "./content.ts";

/** Folder of a journal's store. */
export function originalsFolder(journal: string): string {
  return `${journal}.originals`;
}

/** Path of one original. */
export function originalPath(journal: string, sha256: string): string {
  return join(originalsFolder(journal), sha256);
}

/**
 * Stores a file unless it is there already.
 *
 * @throws {OutputError} when the store cannot be written
 */
export async function storeOriginal(journal: string, bytes: Uint8Array, sha256: string): Promise<void> {
  const path = originalPath(journal, sha256);
  if ((await hashOfFile(path)) === sha256) return;
  await makeFolderOf(path);
  await writeFileAtomic(path, bytes, { overwrite: true });
}

/**
 * Reads an original.
 *
 * @throws {InputError} when it is missing or damaged
 */
export async function readOriginal(journal: string, sha256: string): Promise<Uint8Array> {
  const path = originalPath(journal, sha256);
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new InputError(`${path} cannot be read (${cause.message}): expected the stored original`, {
      cause,
    });
  });
  if (hashOf(bytes) !== sha256) throw new InputError(`${path} is damaged: expected the stored original`);
  return bytes;
}

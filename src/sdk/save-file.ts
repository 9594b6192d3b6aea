/** Writing results so that no half file is ever left. */
import { fileURLToPath } from "node:url";
import { makeFolderOf, writeFileAtomic } from "../formats/mod.ts";
import type { SaveOptions } from "./types.ts";

/**
 * Writes bytes to a temporary file beside the path and renames it.
 *
 * @throws {OutputError} when the path exists (unless `overwrite`), or cannot be written
 */
export async function saveFile(
  path: string | URL,
  bytes: Uint8Array,
  options: SaveOptions = {},
): Promise<void> {
  const { overwrite = false, makeFolder = false } = options;
  const file = path instanceof URL ? fileURLToPath(path) : path;
  if (makeFolder) {
    await makeFolderOf(file);
  }
  await writeFileAtomic(file, bytes, { overwrite });
}

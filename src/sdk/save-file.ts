/** Writing results so that no half file is ever left. */
import { fileURLToPath } from "node:url";
import { OutputError } from "../core/errors.ts";
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
  const file = pathOf(path);
  if (makeFolder) {
    await makeFolderOf(file);
  }
  await writeFileAtomic(file, bytes, { overwrite });
}

function pathOf(path: string | URL): string {
  if (typeof path === "string" && path !== "") return path;
  if (path instanceof URL && path.protocol === "file:") return fileURLToPath(path);
  throw new OutputError(`${path} cannot be written: expected a path or a file URL`);
}

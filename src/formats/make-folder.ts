import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { outputError } from "./output-error.ts";

/**
 * Makes the folder that a file is written into, and those above it.
 *
 * @throws {OutputError} about the file
 */
export async function makeFolderOf(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    // It is the folder's name that a file has taken.
    throw outputError(path, cause.code === "EEXIST" ? Object.assign(cause, { code: "ENOTDIR" }) : cause);
  });
}

/** Finding out before the work whether its result can be written. */
import { randomUUID } from "node:crypto";
import { open, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { outputError } from "../formats/mod.ts";
import type { SaveOptions } from "./types.ts";

/**
 * Fails as writing to the path would, without leaving anything behind.
 *
 * @throws {OutputError} when the path exists (unless `overwrite`) or is a folder, or its folder takes no files
 */
export async function checkOutput(path: string, options: SaveOptions = {}): Promise<void> {
  const { overwrite = false, makeFolder = false } = options;
  try {
    const found = await stat(path).catch(absent);
    if (found?.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    if (found !== undefined && !overwrite)
      throw Object.assign(new Error("it exists already"), { code: "EEXIST" });
    const folder = dirname(resolve(path));
    await probe(makeFolder ? await nearestFolder(folder) : folder);
  } catch (error) {
    throw outputError(path, error);
  }
}

/** Permissions, read-only disks and odd file systems are only told by a write. */
async function probe(folder: string): Promise<void> {
  const path = join(folder, `.samrefiner-${randomUUID()}.tmp`);
  try {
    await (await open(path, "wx")).close();
  } finally {
    await rm(path, { force: true });
  }
}

/** The folder, or the first above it that exists. */
async function nearestFolder(folder: string): Promise<string> {
  for (let at = folder; ; at = dirname(at)) {
    if ((await stat(at).catch(absent)) !== undefined || at === dirname(at)) return at;
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { link, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { outputError } from "./output-error.ts";

/** How a file is put in place. */
export interface AtomicWriteOptions {
  /** Replace an existing file. Without it an existing file is never replaced, not even in a race. */
  readonly overwrite: boolean;
}

/** Temporary files on their way; a process that exits meanwhile removes them. */
const unfinished = new Set<string>();

function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
}

/**
 * Writes a file so that others see the old one or the whole new one: a hidden temporary file in the same
 * folder, synced, then renamed. A replaced file keeps its permissions; through a symbolic link its target
 * is replaced. The temporary file is removed on any failure, and when the process exits.
 *
 * @throws OutputError if the file exists, is a folder, or the folder or disk does not take it.
 */
export async function writeFileAtomic(
  path: string,
  bytes: Uint8Array,
  { overwrite }: AtomicWriteOptions,
): Promise<void> {
  const target = overwrite ? await realpath(path).catch(() => path) : path;
  const temporary = join(dirname(target), `.samrefiner-${randomUUID()}.tmp`);
  if (unfinished.size === 0) process.once("exit", removeUnfinished);
  unfinished.add(temporary);
  try {
    const mode = await modeOf(target);
    await writeSynced(temporary, bytes, overwrite ? mode : undefined);
    await (overwrite ? rename(temporary, target) : moveWithoutReplacing(temporary, target));
  } catch (error) {
    throw outputError(path, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
    unfinished.delete(temporary);
    if (unfinished.size === 0) process.off("exit", removeUnfinished);
  }
}

/** Permissions of an existing file, `undefined` if there is none. */
async function modeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
  return found && found.mode & 0o777;
}

async function writeSynced(path: string, bytes: Uint8Array, mode: number | undefined): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(bytes);
    if (mode !== undefined) await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** `rename` replaces silently; a hard link fails if the name is taken. */
async function moveWithoutReplacing(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    await claimAndRename(from, to);
  }
}

/** For file systems without hard links: only who creates the name may replace what is there. */
async function claimAndRename(from: string, to: string): Promise<void> {
  await (await open(to, "wx")).close();
  try {
    await rename(from, to);
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  }
}

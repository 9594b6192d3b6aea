/** One process at a time in a model's folder. */
import { mkdir, open, readFile, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { ModelError } from "../../core/errors.ts";

/**
 * Works in a folder that nobody else works in meanwhile. A process that died leaves its lock behind; it does not count.
 *
 * @param folder created when needed
 * @param what is done, for the message
 * @throws {ModelError} where another process is at it
 */
export async function withLockedFolder<T>(folder: string, what: string, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true }).catch((cause: Error) => {
    throw new ModelError(`${folder} cannot be made (${cause.message}): expected a folder for models`, {
      cause,
    });
  });
  const path = join(folder, ".lock");
  await lock(path, what);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
    // Where nothing was done, nothing is left.
    await rmdir(folder).catch(() => undefined);
  }
}

async function lock(path: string, what: string): Promise<void> {
  if (await taken(path)) return;
  const owner = Number(await readFile(path, "utf8").catch(() => ""));
  if (isAlive(owner)) throw new ModelError(`Cannot ${what}: process ${owner} is at it already`);
  await rm(path, { force: true });
  if (!(await taken(path))) throw new ModelError(`Cannot ${what}: another process is at it already`);
}

/** Whether the lock is ours now. */
async function taken(path: string): Promise<boolean> {
  const handle = await open(path, "wx").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "EEXIST") return undefined;
    throw new ModelError(`${path} cannot be written (${cause.message}): expected a folder for models`, {
      cause,
    });
  });
  if (handle === undefined) return false;
  await handle.writeFile(String(process.pid));
  await handle.close();
  return true;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Temporary files that a killed run has left beside its results. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const TEMPORARY = /^\.samrefiner-[0-9a-f-]{36}\.tmp$/;

/**
 * Finds them; folders that are not there are clean.
 *
 * @returns what removes those that still lie there. Other processes write into these folders too, so it is called late:
 * a file on its way has long been renamed then.
 */
export async function findTemporaryFiles(folders: Iterable<string>): Promise<() => Promise<void>> {
  const found: string[] = [];
  for (const folder of new Set(folders)) {
    const names = await readdir(folder).catch(() => []);
    found.push(...names.filter((name) => TEMPORARY.test(name)).map((name) => join(folder, name)));
  }
  return async () => {
    for (const path of found) await rm(path, { force: true });
  };
}

/** Paths of a run's files. */
import { isAbsolute, relative as pathBetween, resolve, sep } from "node:path";
import { OutputError } from "../../core/errors.ts";

/**
 * Absolute path of a file that a run writes. Journals come from other machines, too: none may name a file elsewhere.
 *
 * @param base absolute folder
 * @param relative path below it
 * @throws {OutputError} when it would lie outside of the folder
 */
export function pathBelow(base: string, relative: string): string {
  const path = resolve(base, relative);
  const below = pathBetween(base, path);
  if (below === "" || below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below))
    throw new OutputError(`${relative} cannot be written: it would lie outside of ${base}`);
  return path;
}

import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InputError } from "../../core/errors.ts";
import type { Folders } from "./folders.ts";

/** Files this product wrote, and folders that are no data. */
const ownFile = /\.(refined|explain|compare)\.[^.]+$|\.samrefiner\.[^.]+$/i;
const noData = new Set(["node_modules", "__MACOSX", "$RECYCLE.BIN", "System Volume Information"]);

/** How a walk is done. */
export interface WalkOptions {
  /** Absolute folders that are left out, for example that of the results. */
  readonly exclude?: readonly string[];
  /** Takes a folder below the first that cannot be read. */
  readonly onUnreadable: (folder: string, error: InputError) => void;
}

/**
 * The files below a folder, folder by folder in natural order. Left out: hidden files, `node_modules`, results of
 * this product. Every folder is visited once, however many symbolic links lead to it: those are followed last.
 *
 * @throws {InputError} when the folder itself cannot be read
 */
export async function* walkFiles(
  root: string,
  folders: Folders,
  { exclude = [], onUnreadable }: WalkOptions,
): AsyncGenerator<string, void> {
  const visited = new Set<string>();
  const left = new Set(exclude.map((folder) => resolve(folder)));
  const waiting = [root];
  const linked: string[] = [];
  for (let folder = waiting.pop() ?? linked.shift(); folder !== undefined; ) {
    const here = await realpath(folder).catch(() => resolve(folder as string));
    if (!visited.has(here) && !left.has(folder) && !left.has(here)) {
      visited.add(here);
      const content = await folders.read(folder).catch((cause: unknown) => {
        if ((cause as Error).name === "AbortError") throw cause;
        const error = unreadable(folder as string, cause);
        if (folder === root) throw error;
        onUnreadable(folder as string, error);
      });
      for (const name of content?.files ?? []) if (!ownFile.test(name)) yield join(folder, name);
      const inner = (content?.folders ?? []).filter((name) => !noData.has(name)).reverse();
      for (const name of inner) (content?.links.has(name) ? linked : waiting).push(join(folder, name));
    }
    folder = waiting.pop() ?? linked.shift();
  }
}

function unreadable(folder: string, cause: unknown): InputError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reasons: Record<string, string> = { ENOENT: "no such folder", EACCES: "permission denied" };
  const why = reasons[code ?? ""] ?? message;
  return new InputError(`${folder} cannot be read (${why}): expected a folder`, { cause });
}

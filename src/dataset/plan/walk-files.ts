import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InputError } from "../../core/errors.ts";
import type { FolderContent, Folders } from "./folders.ts";
import { isResultFolder } from "./is-result-folder.ts";

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
 * this product and folders of them. Every folder is visited once, however many symbolic links lead to it: those are followed last.
 *
 * @throws {InputError} when the folder itself cannot be read
 */
export async function* walkFiles(
  root: string,
  folders: Folders,
  { exclude = [], onUnreadable }: WalkOptions,
): AsyncGenerator<string, void> {
  const done = new Set(await Promise.all(exclude.map(realFolder)));
  const waiting: string[] = [];
  const linked: string[] = [];
  for (
    let folder: string | undefined = root;
    folder !== undefined;
    folder = waiting.pop() ?? linked.shift()
  ) {
    const real = await realFolder(folder);
    if (done.has(real)) continue;
    done.add(real);
    const content = await readOrReport(folder, folders, folder === root ? undefined : onUnreadable);
    if (folder !== root && (await isResultFolder(folder, content.files))) continue;
    yield* content.files.filter((name) => !ownFile.test(name)).map((name) => join(folder as string, name));
    for (const name of content.folders.filter(isData).reverse())
      (content.links.has(name) ? linked : waiting).push(join(folder, name));
  }
}

/** A store of originals lies beside its journal. */
function isData(folder: string): boolean {
  return !noData.has(folder) && !folder.endsWith(".jsonl.originals");
}

function realFolder(folder: string): Promise<string> {
  return realpath(folder).catch(() => resolve(folder));
}

/** @param report takes the error of a folder that cannot be read, which is thrown without it */
async function readOrReport(
  folder: string,
  folders: Folders,
  report: WalkOptions["onUnreadable"] | undefined,
): Promise<Pick<FolderContent, "files" | "folders" | "links">> {
  try {
    return await folders.read(folder);
  } catch (cause) {
    if ((cause as Error).name === "AbortError") throw cause;
    const error = unreadable(folder, cause);
    if (report === undefined) throw error;
    report(folder, error);
    return { files: [], folders: [], links: new Set() };
  }
}

function unreadable(folder: string, cause: unknown): InputError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reasons: Record<string, string> = { ENOENT: "no such folder", EACCES: "permission denied" };
  const why = reasons[code ?? ""] ?? message;
  return new InputError(`${folder} cannot be read (${why}): expected a folder`, { cause });
}

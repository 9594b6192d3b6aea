/** What lies in folders, each read once however often it is asked for. */
import type { Dirent } from "node:fs";
import { opendir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileStem } from "./names.ts";
import { naturalOrder } from "./natural-order.ts";

/** The names in one folder, in natural order; hidden ones are left out. */
export interface FolderContent {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Of both: those that are symbolic links. */
  readonly links: ReadonlySet<string>;
  /** File names by their stem, see `fileStem`. */
  readonly byStem: ReadonlyMap<string, readonly string[]>;
}

/** Reads folders and keeps what it found; it describes one moment. */
export class Folders {
  readonly #contents = new Map<string, Promise<FolderContent>>();
  readonly #real = new Map<string, Promise<string>>();
  readonly #signal: AbortSignal | undefined;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /**
   * What lies in a folder.
   *
   * @throws the file system's error when it cannot be read
   */
  read(folder: string): Promise<FolderContent> {
    const path = resolve(folder);
    const known = this.#contents.get(path);
    if (known !== undefined) return known;
    const content = readFolder(path, this.#signal);
    this.#contents.set(path, content);
    return content;
  }

  /** What lies in a folder; nothing where there is none or it cannot be read. */
  async look(folder: string): Promise<FolderContent> {
    try {
      return await this.read(folder);
    } catch {
      this.#signal?.throwIfAborted();
      return { files: [], folders: [], links: new Set(), byStem: new Map() };
    }
  }

  /** Where a file lies when all symbolic links are followed; the path itself where there is none. */
  async realPath(path: string): Promise<string> {
    const [folder, name] = [dirname(path), basename(path)];
    // Folders hold thousands of files: only theirs is asked for, and once.
    const known = this.#real.get(folder) ?? realpath(folder).catch(() => folder);
    this.#real.set(folder, known);
    const { links } = await this.look(folder);
    return links.has(name) ? realpath(path).catch(() => path) : join(await known, name);
  }

  /** Full paths of the files in a folder that have one of these stems, in natural order. */
  async withStem(folder: string, stems: readonly string[]): Promise<string[]> {
    const { byStem } = await this.look(folder);
    const names = stems.flatMap((stem) => byStem.get(stem) ?? []);
    return [...new Set(names)].sort(naturalOrder).map((name) => join(folder, name));
  }
}

async function readFolder(path: string, signal: AbortSignal | undefined): Promise<FolderContent> {
  const files: string[] = [];
  const folders: string[] = [];
  const links = new Set<string>();
  for await (const entry of await opendir(path, { bufferSize: 512 })) {
    signal?.throwIfAborted();
    if (entry.name.startsWith(".")) continue;
    const kind = await kindOf(path, entry);
    if (kind === "file") files.push(entry.name);
    if (kind === "folder") folders.push(entry.name);
    if (entry.isSymbolicLink()) links.add(entry.name);
  }
  files.sort(naturalOrder);
  folders.sort(naturalOrder);
  return { files, folders, links, byStem: groupByStem(files) };
}

/** Some file systems do not tell a kind, as with links: then the file itself is asked. */
async function kindOf(folder: string, entry: Dirent): Promise<"file" | "folder" | undefined> {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  const found = await stat(join(folder, entry.name)).catch(() => undefined);
  if (found?.isFile()) return "file";
  return found?.isDirectory() ? "folder" : undefined;
}

function groupByStem(files: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of files) {
    const stem = fileStem(name);
    const group = groups.get(stem);
    if (group === undefined) groups.set(stem, [name]);
    else group.push(name);
  }
  return groups;
}

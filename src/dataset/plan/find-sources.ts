import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { InputError } from "../../core/errors.ts";
import type { Folders } from "./folders.ts";
import { commonFolder } from "./inside.ts";
import { fileExtension } from "./names.ts";
import { type FileRole, type Surroundings, tellFile } from "./tell-files.ts";
import { walkFiles } from "./walk-files.ts";

/** A file that belongs to the dataset. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  readonly role: FileRole;
  /** Whether the user named the file itself, not only a folder it lies in. */
  readonly named: boolean;
}

/** A file or folder that the user named. */
interface Source {
  readonly path: string;
  readonly isFolder: boolean;
}

/** Where sources lie. */
export interface SourceRoots {
  readonly sources: readonly Source[];
  /** The deepest folder that holds all of them. */
  readonly root: string;
  /** The folder that no link of an annotation file may leave: a file given by itself may link to beside its folder. */
  readonly within: string;
}

/**
 * Finds the files and folders that were named.
 *
 * @throws {InputError} when one of them is missing
 */
export async function findSources(given: readonly string[]): Promise<SourceRoots> {
  if (given.length === 0)
    throw new InputError("No source was given: expected a folder, a mask or an annotation file");
  const sources = await Promise.all(given.map(findSource));
  const holding = sources.map(({ path, isFolder }) => (isFolder ? path : dirname(path)));
  const linking = sources.map(({ path, isFolder }) => (isFolder ? path : dirname(dirname(path))));
  return { sources, root: commonFolder(holding), within: commonFolder(linking) };
}

async function findSource(given: string): Promise<Source> {
  const path = resolve(given);
  try {
    return { path, isFolder: (await stat(path)).isDirectory() };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "no such file or folder" : message;
    throw new InputError(
      `${given} cannot be read (${why}): expected a folder, a mask or an annotation file`,
      {
        cause,
      },
    );
  }
}

/** How files are looked for. */
export interface ListOptions extends Surroundings {
  readonly exclude: readonly string[];
  readonly onUnreadable: (folder: string, error: InputError) => void;
}

/** The files of all sources, each once, with what they are. */
export async function* listFiles(
  sources: readonly Source[],
  options: ListOptions,
): AsyncGenerator<FoundFile, void> {
  const seen = new Set<string>();
  for (const { path, isFolder } of [...sources].sort((a, b) => Number(a.isFolder) - Number(b.isFolder))) {
    // Named files come first: a folder that holds them must not make them less named.
    for await (const file of isFolder ? filesBelow(path, options) : [path]) {
      if (seen.has(file)) continue;
      seen.add(file);
      yield {
        path: file,
        role: isFolder ? await tellFile(file, options) : roleOfNamed(file),
        named: !isFolder,
      };
    }
  }
}

function filesBelow(root: string, options: ListOptions): AsyncGenerator<string, void> {
  return walkFiles(root, options.folders as Folders, options);
}

/** What is named is to be refined. */
function roleOfNamed(path: string): FileRole {
  return [".json", ".xml", ".txt"].includes(fileExtension(path)) ? "document" : "mask";
}

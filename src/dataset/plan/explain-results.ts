/** COCO result files name photos only by the ids of an instances file. */
import { dirname } from "node:path";
import { InputError } from "../../core/errors.ts";
import type { AnnotationFile } from "../../formats/annotations/annotation-file.ts";

/** What an instances file calls its photos. */
export interface LinkTable {
  /** Absolute path of the instances file: its links count from there. */
  readonly file: string;
  /** By photo id. */
  readonly links: ReadonlyMap<string, string>;
}

/** The table of an instances file, nothing for others. */
export function linkTables(file: string, { format, photos }: AnnotationFile): LinkTable[] {
  if (format !== "coco" && format !== "lvis") return [];
  return [
    { file, links: new Map(photos.flatMap(({ id, link }) => (link === undefined ? [] : [[id, link]]))) },
  ];
}

/** Whether a file's photos can only be told by another file. */
export function needsTable({ format }: AnnotationFile): boolean {
  return format === "coco-results";
}

/**
 * The table that knows all photos of a result file; of several the one in the file's folder.
 *
 * @param path absolute path of the result file
 * @throws {InputError} when there is none, or several
 */
export function tableFor(
  path: string,
  { photos, name }: AnnotationFile,
  tables: readonly LinkTable[],
  show: (path: string) => string,
): LinkTable {
  const knowing = tables.filter(({ links }) => photos.every(({ id }) => links.has(id)));
  const near = knowing.filter(({ file }) => dirname(file) === dirname(path));
  const found = near.length > 0 ? near : knowing;
  if (found.length === 1) return found[0]!;
  if (found.length > 1) {
    const files = found.map(({ file }) => show(file)).join(", ");
    throw new InputError(
      `${name} has ${found.length} instances files that list its photos (${files}): expected one`,
    );
  }
  const looked = tables.length > 0 ? tables.map(({ file }) => show(file)).join(", ") : "the dataset";
  throw new InputError(
    `${name} names its photos only by id: looked for an instances file that lists them all in ${looked}`,
  );
}

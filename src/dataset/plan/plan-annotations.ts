import { basename, dirname, join } from "node:path";
import { InputError } from "../../core/errors.ts";
import type { AnnotationFile, AnnotationFormat } from "../../formats/annotations/annotation-file.ts";
import { detectAnnotations } from "../../formats/annotations/registry.ts";
import { readSource } from "../read-source.ts";
import { type LinkTable, linkTables, needsTable, tableFor } from "./explain-results.ts";
import type { FileHeads } from "./file-heads.ts";
import type { PhotoSearch } from "./find-photo.ts";
import type { FoundFile } from "./find-sources.ts";
import { hasPictures, isPolygonsOfCityscapes } from "./layouts/cityscapes.ts";
import { labelmapName } from "./layouts/labelmaps.ts";
import { linkPhoto } from "./link-photo.ts";
import { fileExtension } from "./names.ts";
import type { PlanDraft } from "./plan-draft.ts";

/** What planning annotation files needs. */
export interface AnnotationPlanning {
  readonly draft: PlanDraft;
  readonly search: PhotoSearch;
  readonly heads: FileHeads;
  /** Absolute folder that no link may leave. */
  readonly within: string;
  /** The format of a file; `undefined` where it is in none that is known. */
  readonly detect: (name: string, bytes: Uint8Array, named: boolean) => AnnotationFormat | undefined;
  /** The only format that is taken; `undefined` where any is. */
  readonly format: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Names that a note lists before it says how many more there are. */
const listed = 5;

/** Adds the photos of annotation files; text files in no known format are named in a note. */
export async function planAnnotations(
  files: readonly FoundFile[],
  planning: AnnotationPlanning,
): Promise<void> {
  const { draft } = planning;
  const unknown: string[] = [];
  const tables: LinkTable[] = [];
  const results: (readonly [path: string, file: AnnotationFile])[] = [];
  for (const file of await withoutPolygons(files, planning)) {
    const { path } = file;
    const annotations = await draft.attempt(path, undefined, () => readAnnotations(file, planning));
    if (annotations === null) unknown.push(path);
    if (!annotations) continue;
    if (needsTable(annotations)) results.push([path, annotations]);
    else await addPhotos(path, annotations, path, planning);
    tables.push(...linkTables(path, annotations));
  }
  for (const [path, file] of results) await addResults(path, file, tables, planning);
  const strange = unknown.filter((path) => basename(path) !== labelmapName && !isListOfVOC(path));
  if (strange.length > 0) draft.note(noteUnknown(strange, planning.format));
}

async function addResults(
  path: string,
  file: AnnotationFile,
  tables: readonly LinkTable[],
  planning: AnnotationPlanning,
): Promise<void> {
  const { draft, search } = planning;
  const known = tables.length > 0 ? tables : await tablesBeside(path, planning);
  const table = await draft.attempt(path, undefined, async () => tableFor(path, file, known, search.show));
  if (table !== undefined) await addPhotos(path, linked(file, table), table.file, planning);
}

function linked(file: AnnotationFile, { links }: LinkTable): AnnotationFile {
  return { ...file, photos: file.photos.map((photo) => ({ ...photo, link: links.get(photo.id) })) };
}

/** A result file that is given by itself is explained by what lies in its folder. */
async function tablesBeside(path: string, planning: AnnotationPlanning): Promise<LinkTable[]> {
  const folder = dirname(path);
  const { files } = await planning.search.folders.look(folder);
  const found: LinkTable[] = [];
  for (const name of files.filter((other) => fileExtension(other) === ".json")) {
    const file = { path: join(folder, name), role: "document", named: false } as const;
    // What cannot be read explains nothing; whether it could be refined is not asked here.
    const annotations = await readAnnotations(file, { ...planning, detect: detectAnnotations }).catch(
      () => null,
    );
    if (annotations !== null) found.push(...linkTables(file.path, annotations));
  }
  return found;
}

/** Names of photos, by which VOC's trees say what is for training: no annotations, and nothing to wonder about. */
function isListOfVOC(path: string): boolean {
  return basename(dirname(dirname(path))) === "ImageSets" && fileExtension(path) === ".txt";
}

/**
 * Cityscapes' polygons lie beside the pictures that are refined and kept in agreement; polygons, painted one over the
 * other, cannot follow pixels. Named ones, and those without pictures, are refused.
 */
async function withoutPolygons(
  files: readonly FoundFile[],
  { draft, search }: AnnotationPlanning,
): Promise<readonly FoundFile[]> {
  let left = 0;
  const others: FoundFile[] = [];
  for (const file of files) {
    if (!isPolygonsOfCityscapes(file.path)) others.push(file);
    else if (file.named || !(await hasPictures(file.path, search.folders)))
      draft.refuse(file.path, polygonsError(search.show(file.path)));
    else left++;
  }
  if (left > 0) draft.note(notePolygons(left));
  return others;
}

function polygonsError(name: string): InputError {
  const pictures = basename(name).replace(/polygons\.json$/, "labelIds.png");
  return new InputError(
    `${name}: found polygons of Cityscapes, expected the pictures that cityscapesScripts make of them, such as ${pictures}`,
  );
}

function notePolygons(count: number): string {
  const files = count === 1 ? "1 polygon file" : `${count} polygon files`;
  return `${files} of Cityscapes stay as they are: only the pictures are refined, and no longer agree with them`;
}

function noteUnknown(paths: readonly string[], format: string | undefined): string {
  const names = [...new Set(paths.map((path) => basename(path)))];
  const more = names.length > listed ? ` and ${names.length - listed} more names` : "";
  const files = paths.length === 1 ? "1 text file is" : `${paths.length} text files are`;
  const kind = format === undefined ? "in no annotation format that is known" : `not in the format ${format}`;
  return `${files} ${kind}: ${names.slice(0, listed).join(", ")}${more}`;
}

/** The annotations of a file; `null` where a file that was only come across is none. */
async function readAnnotations(
  { path, named }: FoundFile,
  { search, heads, detect, signal }: AnnotationPlanning,
): Promise<AnnotationFile | null> {
  signal?.throwIfAborted();
  const name = search.show(path);
  await heads.assertFetched(path, "an annotation file", search.show);
  const { bytes } = await readSource(path, "annotation file", signal);
  const format = detect(name, bytes, named);
  if (format !== undefined) return format.read(name, bytes);
  if (!named) return null;
  throw new InputError(`${name}: found a file in no annotation format that is known, expected annotations`);
}

/** @param linkedFrom absolute path of the file that the links count from */
async function addPhotos(
  path: string,
  { photos, format }: AnnotationFile,
  linkedFrom: string,
  { draft, search, heads, within, signal }: AnnotationPlanning,
): Promise<void> {
  // A photo on which nothing lies need not be there.
  for (const { id, link } of photos.filter(({ regions }) => regions.length > 0)) {
    signal?.throwIfAborted();
    const photo = await draft.attempt(path, id, async () => {
      const found = await linkPhoto({ file: linkedFrom, link, alone: photos.length === 1, within }, search);
      await heads.assertFetched(found, "a photo", search.show);
      return found;
    });
    if (photo !== undefined) draft.add(photo, { kind: "annotations", path, photoId: id, format });
  }
}

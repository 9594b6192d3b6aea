import { basename } from "node:path";
import { InputError } from "../../core/errors.ts";
import type { AnnotationFile, AnnotationFormat } from "../../formats/annotations/annotation-file.ts";
import { readSource } from "../read-source.ts";
import type { FileHeads } from "./file-heads.ts";
import type { PhotoSearch } from "./find-photo.ts";
import type { FoundFile } from "./find-sources.ts";
import { linkPhoto } from "./link-photo.ts";
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
  const polygons = files.filter(({ path, named }) => !named && cityscapesPolygons.test(path));
  if (polygons.length > 0) draft.note(notePolygons(polygons.length));
  for (const file of files) {
    if (polygons.includes(file)) continue;
    const annotations = await draft.attempt(file.path, undefined, () => readAnnotations(file, planning));
    if (annotations === null) unknown.push(file.path);
    else if (annotations !== undefined) await addPhotos(file.path, annotations, planning);
  }
  if (unknown.length > 0) draft.note(noteUnknown(unknown));
}

/** They lie beside the pictures that are refined and kept in agreement; polygons cannot follow pixels. */
const cityscapesPolygons = /_gt(Fine|Coarse)_polygons\.json$/;

function notePolygons(count: number): string {
  return `${count === 1 ? "1 polygon file" : `${count} polygon files`} of Cityscapes stay as they are: only the pictures are refined`;
}

function noteUnknown(paths: readonly string[]): string {
  const names = [...new Set(paths.map((path) => basename(path)))];
  const more = names.length > listed ? ` and ${names.length - listed} more names` : "";
  const files = paths.length === 1 ? "1 text file is" : `${paths.length} text files are`;
  return `${files} in no annotation format that is known: ${names.slice(0, listed).join(", ")}${more}`;
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

async function addPhotos(
  path: string,
  { photos, format }: AnnotationFile,
  { draft, search, heads, within, signal }: AnnotationPlanning,
): Promise<void> {
  for (const { id, link } of photos) {
    signal?.throwIfAborted();
    const photo = await draft.attempt(path, id, async () => {
      const found = await linkPhoto({ file: path, link, alone: photos.length === 1, within }, search);
      await heads.assertFetched(found, "a photo", search.show);
      return found;
    });
    if (photo !== undefined) draft.add(photo, { kind: "annotations", path, photoId: id, format });
  }
}

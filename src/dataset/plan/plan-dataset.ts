/** Finding out what a run over a dataset will do. */
import { OptionError } from "../../core/errors.ts";
import { annotationFormats, detectAnnotations } from "../../formats/annotations/registry.ts";
import type { DatasetPlan } from "./dataset-plan.ts";
import { FileHeads } from "./file-heads.ts";
import { imagesPlace, type PhotoSearch } from "./find-photo.ts";
import { type FoundFile, findSources, listFiles } from "./find-sources.ts";
import { Folders } from "./folders.ts";
import { parsePairingTemplate } from "./pairing-template.ts";
import { type AnnotationPlanning, planAnnotations } from "./plan-annotations.ts";
import { PlanDraft } from "./plan-draft.ts";
import { planMasks } from "./plan-masks.ts";
import { shownLike } from "./shown-like.ts";

/** How a dataset is read. */
export interface PlanOptions {
  /** Templates that say where photos lie, tried before the known layouts, see docs/pairing.md. @default [] */
  readonly pairing?: readonly string[] | undefined;
  /** The photo of all masks, or the folder that all photos lie in. */
  readonly images?: string | undefined;
  /** `masks` leaves annotation files out; the name of an annotation format leaves everything else out. */
  readonly format?: string | undefined;
  /** Folders that are left out, such as that of the results. @default [] */
  readonly exclude?: readonly string[] | undefined;
  /** Stops the call; it then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called for every file that is come across. */
  readonly onProgress?: ((progress: PlanProgress) => void) | undefined;
}

/** How far planning is. */
export interface PlanProgress {
  /** Files come across so far. */
  readonly files: number;
}

/**
 * Finds the masks and annotations of a dataset and the photos they lie on. Photos are not read.
 *
 * @param source a folder, a mask, an annotation file, or several of them
 * @throws {InputError} when a source is missing; what is found wrong inside is in the plan's `refused`
 * @throws {OptionError} for a template or format that is not understood
 */
export async function planDataset(
  source: string | readonly string[],
  options: PlanOptions = {},
): Promise<DatasetPlan> {
  const { signal, exclude = [], pairing = [] } = options;
  const detect = detector(options.format);
  const templates = pairing.map(parsePairingTemplate);
  const given = typeof source === "string" ? [source] : source;
  const { sources, root, within } = await findSources(given);
  const folders = new Folders(signal);
  const heads = new FileHeads();
  const draft = new PlanDraft();
  const images = options.images === undefined ? undefined : await imagesPlace(options.images, folders);
  const search: PhotoSearch = { folders, heads, root, images, templates, show: shownLike(given[0]!) };
  const files = await collect(
    listFiles(sources, {
      root,
      folders,
      heads,
      exclude,
      onUnreadable: (path, error) => draft.refuse(path, error),
    }),
    options,
  );
  const documents = files.filter(({ role }) => role === "document");
  if (detect !== undefined)
    await planAnnotations(documents, {
      ...{ draft, search, heads, within, detect, signal },
      format: options.format,
    });
  if (options.format === undefined || options.format === "masks")
    await planMasks(files, { draft, search, heads, within, signal });
  noteBarePhotos(files, draft);
  return draft.finish(root);
}

type Detector = AnnotationPlanning["detect"];

function detector(format: string | undefined): Detector | undefined {
  if (format === undefined) return detectAnnotations;
  if (format === "masks") return undefined;
  const forced = annotationFormats.find(({ name }) => name === format);
  if (forced === undefined) {
    const names = ["masks", ...annotationFormats.map(({ name }) => name)].join(", ");
    throw new OptionError(`The format is "${format}": expected one of ${names}`);
  }
  // Who names a file and its format knows better than its looks.
  return (name, bytes, named) => (named || forced.detect(name, bytes) ? forced : undefined);
}

async function collect(
  found: AsyncIterable<FoundFile>,
  { signal, onProgress }: PlanOptions,
): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  let count = 0;
  for await (const file of found) {
    signal?.throwIfAborted();
    if (file.role !== "other") files.push(file);
    onProgress?.({ files: ++count });
  }
  return files;
}

function noteBarePhotos(files: readonly FoundFile[], draft: PlanDraft): void {
  const bare = files.filter(({ path, role }) => role === "photo" && !draft.has(path)).length;
  if (bare === 1) draft.note("1 photo has neither mask nor annotations");
  if (bare > 1) draft.note(`${bare} photos have neither mask nor annotations`);
}

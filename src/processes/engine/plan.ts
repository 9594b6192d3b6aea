/** What a run would do, as the host shows it. */
import { resolve, sep } from "node:path";
import type { EngineRequests, PlanView, SourceChoice } from "../../protocol/engine.ts";
import { type DatasetPlan, type PhotoWork, planRun, type Target } from "../../sdk/mod.ts";
import type { RequestContext } from "./request-context.ts";

/** Answers `plan`. */
export async function plan(
  choice: EngineRequests["plan"][0],
  { signal, progress }: RequestContext,
): Promise<PlanView> {
  progress({ stage: "read", done: 0, total: 0 });
  return planView(await planSources(choice, undefined, signal));
}

/**
 * Finds masks and photos.
 *
 * @param out folder of the results, which is no part of the dataset
 * @throws {InputError} {@link planRun}
 * @throws {OptionError} {@link planRun}
 */
export async function planSources(
  { sources, image, pairing, format, exclude = [] }: SourceChoice,
  out: string | undefined,
  signal: AbortSignal,
): Promise<DatasetPlan> {
  const found = await planRun(sources, {
    ...(image === undefined ? {} : { images: image }),
    ...(pairing === undefined || pairing.length === 0 ? {} : { pairing }),
    ...(format === undefined ? {} : { format }),
    ...(out === undefined ? {} : { out }),
    exclude,
    signal,
  });
  return leaveOut(found, exclude);
}

/** The SDK leaves out folders; the host also names photos and masks, such as one that ended the process. */
function leaveOut(found: DatasetPlan, exclude: readonly string[]): DatasetPlan {
  if (exclude.length === 0) return found;
  const left = new Set(exclude.map((path) => resolve(path)));
  const isLeft = (path: string): boolean =>
    left.has(path) || [...left].some((folder) => path.startsWith(folder + sep));
  const works = found.works.flatMap((work) => {
    const targets = work.targets.filter(({ path }) => !isLeft(path));
    return targets.length === 0 || isLeft(work.photo) ? [] : [{ ...work, targets }];
  });
  return { ...found, works, refused: found.refused.filter(({ path }) => !isLeft(path)) };
}

function planView({ root, works, refused }: DatasetPlan): PlanView {
  return {
    root,
    photos: works.map(({ key, photo, targets }) => ({ key, photo, files: targets.map(({ path }) => path) })),
    refused: refused.map(({ path, error }) => ({ path, message: error.message })),
    formats: countFormats(works),
  };
}

function countFormats(works: readonly PhotoWork[]): PlanView["formats"] {
  const files = new Map<string, Set<string>>();
  for (const target of works.flatMap(({ targets }) => targets)) {
    const format = formatOf(target);
    files.set(format, (files.get(format) ?? new Set()).add(target.path));
  }
  return [...files].map(([format, paths]) => ({ format, files: paths.size }));
}

function formatOf(target: Target): string {
  return target.kind === "labels" ? "mask files" : (formatNames[target.format] ?? target.format);
}

/** Annotation formats as people call them. */
const formatNames: Readonly<Record<string, string>> = {
  coco: "COCO",
  lvis: "LVIS",
  "coco-results": "COCO results",
  labelme: "labelme",
  via: "VIA",
  isat: "ISAT",
  cvat: "CVAT",
  "yolo-seg": "YOLO-seg",
};

/** Annotation files against annotation files of the same objects: IoU and boundary IoU of each. */
import { setImmediate } from "node:timers/promises";
import { InputError } from "../../core/errors.ts";
import { boundaryIoU } from "../../core/metrics/boundary-iou.ts";
import { maskIoU } from "../../core/metrics/mask-iou.ts";
import type { AnnotatedPhoto, AnnotatedRegion } from "../../formats/annotations/annotation-file.ts";
import { AnnotationSources } from "../run/annotation-sources.ts";
import type {
  EvaluateOptions,
  InstanceClassScores,
  InstanceEvaluation,
  InstanceMeans,
  InstanceScores,
} from "./evaluation.ts";
import type { FilePair, FilePairs } from "./pair-files.ts";

/**
 * Compares objects that have the same id in the same photo. Objects that are never refined (crowds, boxes, points)
 * are left out.
 *
 * @throws {InputError} when no object can be compared
 */
export async function evaluateInstances(
  { pairs, problems: unpaired }: FilePairs,
  options: EvaluateOptions,
): Promise<InstanceEvaluation> {
  const problems = [...unpaired];
  const instances: InstanceScores[] = [];
  for (const [i, pair] of pairs.entries()) {
    const before = problems.length;
    try {
      for await (const scores of compareFiles(pair, problems, options.signal)) instances.push(scores);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (pairs.length === 1 && problems.length === before) throw error;
      problems.push(error.message);
    }
    options.onPhoto?.(i + 1, pairs.length);
  }
  if (instances.length === 0) throw new InputError(problems[0] ?? `${pairs[0]?.truth} holds no objects`);
  return {
    kind: "instances",
    overall: meansOf(instances),
    classes: byClass(instances),
    instances,
    problems,
    notes: [],
  };
}

/** @throws {InputError} when one of the files cannot be used */
async function* compareFiles(
  { found, truth }: FilePair,
  problems: string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<InstanceScores, void> {
  const sources = new AnnotationSources();
  const [{ file: given }, { file: wanted }] = [await sources.get(found), await sources.get(truth)];
  if (given.format !== wanted.format) {
    throw new InputError(`${found} is a ${given.format} file: expected ${wanted.format} as ${truth}`);
  }
  const photos = new Map(given.photos.map((photo) => [photo.id, photo]));
  for (const photo of wanted.photos) {
    // Signals are only heard between turns of the event loop.
    await setImmediate();
    signal?.throwIfAborted();
    const other = photos.get(photo.id);
    if (other === undefined) problems.push(`${found} has no photo ${photo.id}: it is left out`);
    else yield* comparePhotos(other, found, photo, truth, problems);
  }
}

function* comparePhotos(
  given: AnnotatedPhoto,
  found: string,
  wanted: AnnotatedPhoto,
  truth: string,
  problems: string[],
): Generator<InstanceScores, void> {
  const size = wanted.size ?? given.size;
  if (size === undefined)
    throw new InputError(`${truth} states no size of its photo: expected width and height`);
  const left = new Map(refinable(given).map((region) => [region.id, region]));
  for (const region of refinable(wanted)) {
    const other = left.get(region.id);
    left.delete(region.id);
    try {
      if (other === undefined) problems.push(`${found} has no ${region.id}: it is left out`);
      else yield scoresOf(wanted.id, other, region, size);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error.message);
    }
  }
  for (const id of left.keys())
    problems.push(`${found} has ${id}, which ${truth} does not have: it is left out`);
}

function refinable({ regions }: AnnotatedPhoto): AnnotatedRegion[] {
  return regions.filter(({ skip }) => skip === undefined);
}

function scoresOf(
  photo: string,
  found: AnnotatedRegion,
  truth: AnnotatedRegion,
  size: { readonly width: number; readonly height: number },
): InstanceScores {
  const [a, b] = [found.mask(size), truth.mask(size)];
  return { photo, id: truth.id, label: truth.label, iou: maskIoU(a, b), boundaryIoU: boundaryIoU(a, b) };
}

function byClass(instances: readonly InstanceScores[]): InstanceClassScores[] {
  const labels = [...new Set(instances.map(({ label }) => label))].sort();
  return labels.map((label) => ({
    label,
    ...meansOf(instances.filter((instance) => instance.label === label)),
  }));
}

function meansOf(instances: readonly InstanceScores[]): InstanceMeans {
  const mean = (of: (instance: InstanceScores) => number): number =>
    instances.reduce((sum, instance) => sum + of(instance), 0) / instances.length;
  return {
    instances: instances.length,
    iou: mean(({ iou }) => iou),
    boundaryIoU: mean(({ boundaryIoU }) => boundaryIoU),
  };
}

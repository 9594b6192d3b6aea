/** COCO results against a COCO ground truth: mask AP and boundary AP. */
import { setImmediate } from "node:timers/promises";
import { InputError } from "../../../core/errors.ts";
import { AveragePrecision } from "../../../core/metrics/average-precision/average-precision.ts";
import type { CocoClassScores, CocoEvaluation, EvaluateOptions } from "../evaluation.ts";
import { type CocoResult, type CocoResults, readCocoResults } from "./coco-results.ts";
import { type CocoId, type CocoTruth, readCocoTruth } from "./coco-truth.ts";

/** A parsed JSON file. */
export interface JsonFile {
  readonly name: string;
  readonly json: unknown;
}

/**
 * Scores results photo by photo. Results and objects that cannot be used are left out and named.
 *
 * @throws {InputError} for files that are no results or no ground truth
 */
export async function evaluateCoco(
  found: JsonFile,
  truth: JsonFile,
  options: EvaluateOptions,
): Promise<CocoEvaluation> {
  const wanted = readCocoTruth(truth.name, truth.json);
  const given = readCocoResults(found.name, found.json as readonly unknown[]);
  const { results, problems } = knownResults(given, wanted, found.name);
  const tally = new Tally();
  for (const [i, photo] of wanted.photos.entries()) {
    // Signals are only heard between turns of the event loop.
    await setImmediate();
    options.signal?.throwIfAborted();
    const objects = readable(photo.annotations, (annotation) => annotation.readObject(), problems);
    const detections = readable(
      results.get(photo.id) ?? [],
      (result) => result.readDetection(photo.size),
      problems,
    );
    tally.mask.add(objects, detections);
    tally.boundary.add(objects, detections);
    for (const { category } of objects) tally.objects.add(category);
    for (const { category } of detections) tally.detections.add(category);
    options.onPhoto?.(i + 1, wanted.photos.length);
  }
  return { ...tally.scores(wanted), problems, notes: [...wanted.notes, ...given.notes] };
}

/** Results by photo; those on unknown photos or of unknown classes are named. */
function knownResults(
  { results }: CocoResults,
  { photos, categories }: CocoTruth,
  name: string,
): { results: Map<CocoId, CocoResult[]>; problems: string[] } {
  const byPhoto = new Map<CocoId, CocoResult[]>(photos.map(({ id }) => [id, []]));
  const [strayPhotos, strayClasses] = [new Counter(), new Counter()];
  for (const result of results) {
    const list = byPhoto.get(result.photo);
    if (list === undefined) strayPhotos.add(result.photo);
    else if (!categories.has(result.category)) strayClasses.add(result.category);
    else list.push(result);
  }
  const describe = (counter: Counter, what: string): string[] =>
    counter.entries().map(([id, count]) => {
      return `${name} has ${count} result${count === 1 ? "" : "s"} with ${what} ${id}, which the ground truth does not have: left out`;
    });
  const problems = [...describe(strayPhotos, "image_id"), ...describe(strayClasses, "category_id")];
  return { results: byPhoto, problems };
}

/** What can be read of a list; the rest is named. */
function readable<T, U>(list: readonly T[], read: (item: T) => U, problems: string[]): U[] {
  return list.flatMap((item) => {
    try {
      return [read(item)];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
}

/** How often ids occurred. */
class Counter {
  readonly #counts = new Map<CocoId, number>();

  add(id: CocoId): void {
    this.#counts.set(id, this.of(id) + 1);
  }

  of(id: CocoId): number {
    return this.#counts.get(id) ?? 0;
  }

  total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  entries(): [CocoId, number][] {
    return [...this.#counts];
  }
}

/** What was counted so far. */
class Tally {
  readonly mask = new AveragePrecision("mask");
  readonly boundary = new AveragePrecision("boundary");
  readonly objects = new Counter();
  readonly detections = new Counter();

  scores({ photos, categories }: CocoTruth): Omit<CocoEvaluation, "problems" | "notes"> {
    const [mask, boundary] = [this.mask.categories(), this.boundary.categories()];
    const classes = [...categories].flatMap(([id, label]): CocoClassScores[] => {
      const [byMask, byBoundary] = [mask.get(id), boundary.get(id)];
      if (byMask === undefined || byBoundary === undefined) return [];
      const counts = { objects: this.objects.of(id), detections: this.detections.of(id) };
      return [{ id, label, ...counts, mask: byMask, boundary: byBoundary }];
    });
    const overall = {
      photos: photos.length,
      objects: this.objects.total(),
      detections: this.detections.total(),
      mask: this.mask.scores(),
      boundary: this.boundary.scores(),
    };
    return { kind: "coco", overall, classes };
  }
}

/** Mask files against mask files: IoU, boundary IoU, mIoU, mBA. */
import { InputError } from "../../core/errors.ts";
import { type LabelOverlap, labelOverlaps, meanOverLabels } from "../../core/metrics/label-overlaps.ts";
import { meanBoundaryAccuracy } from "../../core/metrics/mean-boundary-accuracy.ts";
import { addOverlaps, noOverlap, type Overlap, overlapIoU } from "../../core/metrics/overlap.ts";
import { type LoadedMask, loadMask, type MaskReading } from "../load-mask.ts";
import type { EvaluateOptions, LabelClassScores, LabelEvaluation, LabelPhotoScores } from "./evaluation.ts";
import type { FilePair, FilePairs } from "./pair-files.ts";

type Encoding = NonNullable<MaskReading["encoding"]>;

/**
 * Compares mask files pair by pair. As long as every ground truth looks binary, masks are; the first label map makes
 * all of them label maps, since a label map of one class looks binary too.
 *
 * @throws {InputError} when no pair can be compared
 */
export async function evaluateLabels(
  { pairs, problems }: FilePairs,
  options: EvaluateOptions,
  pixelLimit: number,
): Promise<LabelEvaluation> {
  const asked = options.encoding ?? "auto";
  const run = (encoding: Encoding): Promise<LabelSums | undefined> =>
    comparePairs(pairs, { ...options, encoding }, pixelLimit);
  const sums = (await run(asked)) ?? (await run("labels"))!;
  if (sums.photos.length === 0) throw new InputError(sums.problems[0]!);
  return { ...sums.scores(), problems: [...problems, ...sums.problems] };
}

/** `undefined` when masks that were taken for binary turn out to be label maps. */
async function comparePairs(
  pairs: readonly FilePair[],
  options: EvaluateOptions & { readonly encoding: Encoding },
  pixelLimit: number,
): Promise<LabelSums | undefined> {
  const sums = new LabelSums();
  for (const [i, pair] of pairs.entries()) {
    options.signal?.throwIfAborted();
    try {
      const [found, truth] = await readPair(pair, options, pixelLimit);
      if (options.encoding === "auto" && truth.encoding === "labels") return undefined;
      sums.add(pair.name, found, truth, options);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      sums.problems.push(error.message);
    }
    options.onPhoto?.(i + 1, pairs.length);
  }
  return sums;
}

async function readPair(
  { found, truth }: FilePair,
  { encoding, ignoreLabel, signal }: EvaluateOptions & { readonly encoding: Encoding },
  pixelLimit: number,
): Promise<[LoadedMask, LoadedMask]> {
  const read = (path: string, as: Encoding): Promise<LoadedMask> =>
    loadMask(path, { encoding: as, ignoreLabel }, pixelLimit, signal);
  const wanted = await read(truth, encoding);
  // What is compared with a binary mask is binary, also where it has classes: unless the truth's 1 may be a class.
  const prediction = await read(found, wanted.encoding === "binary" ? encoding : "labels");
  checkSizes(found, prediction, truth, wanted);
  if (wanted.encoding === prediction.encoding) return [prediction, wanted];
  const ids = await read(truth, "labels");
  return ids.map.data.includes(255) ? [await read(found, "binary"), wanted] : [prediction, ids];
}

function checkSizes(found: string, { map: a }: LoadedMask, truth: string, { map: b }: LoadedMask): void {
  if (a.width === b.width && a.height === b.height) return;
  throw new InputError(
    `${found} is ${a.width}×${a.height} pixels: expected ${b.width}×${b.height} as ${truth}`,
  );
}

interface ClassSum {
  photos: number;
  mask: Overlap;
  boundary: Overlap;
}

/** What was compared so far. */
class LabelSums {
  readonly photos: LabelPhotoScores[] = [];
  readonly problems: string[] = [];
  readonly #notes = new Set<string>();
  readonly #classes = new Map<number, ClassSum>();

  add(name: string, found: LoadedMask, truth: LoadedMask, { background }: EvaluateOptions): void {
    const rules = { ignoreLabel: truth.ignoreLabel, background };
    const overlaps = labelOverlaps(found.map, truth.map, rules);
    const { iou, boundary } = meanOverLabels(overlaps);
    const mBA = meanBoundaryAccuracy(found.map, truth.map, rules);
    this.photos.push({ name, iou, boundaryIoU: boundary, ...(mBA === undefined ? {} : { mBA }) });
    for (const overlap of overlaps) this.#addClass(overlap);
    for (const note of truth.notes) this.#notes.add(note);
  }

  #addClass({ label, inTruth, mask, boundary }: LabelOverlap): void {
    const sum = this.#classes.get(label) ?? { photos: 0, mask: noOverlap, boundary: noOverlap };
    this.#classes.set(label, {
      photos: sum.photos + Number(inTruth),
      mask: addOverlaps(sum.mask, mask),
      boundary: addOverlaps(sum.boundary, boundary),
    });
  }

  scores(): Omit<LabelEvaluation, "problems"> {
    const classes = [...this.#classes]
      .sort(([a], [b]) => a - b)
      .map(
        ([label, { photos, mask, boundary }]): LabelClassScores => ({
          label,
          photos,
          iou: overlapIoU(mask),
          boundaryIoU: overlapIoU(boundary),
        }),
      );
    const wanted = classes.filter(({ photos }) => photos > 0);
    const mIoU = mean(wanted.map(({ iou }) => iou));
    const mBoundaryIoU = mean(wanted.map(({ boundaryIoU }) => boundaryIoU));
    const mBA = mean(this.photos.flatMap((photo) => photo.mBA ?? []));
    const overall = {
      photos: this.photos.length,
      iou: mean(this.photos.map(({ iou }) => iou)) ?? 0,
      boundaryIoU: mean(this.photos.map(({ boundaryIoU }) => boundaryIoU)) ?? 0,
      ...(mIoU === undefined ? {} : { mIoU }),
      ...(mBoundaryIoU === undefined ? {} : { mBoundaryIoU }),
      ...(mBA === undefined ? {} : { mBA }),
    };
    return { kind: "labels", overall, classes, photos: this.photos, notes: [...this.#notes] };
  }
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => a + b) / values.length;
}

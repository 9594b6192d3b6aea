/** Mask files against mask files: IoU, boundary IoU, mIoU, mBA. */
import { InputError } from "../../core/errors.ts";
import type { LabelMap } from "../../core/mask.ts";
import { type LabelOverlap, labelOverlaps, meanOverLabels } from "../../core/metrics/label-overlaps.ts";
import { meanBoundaryAccuracy } from "../../core/metrics/mean-boundary-accuracy.ts";
import { addOverlaps, noOverlap, type Overlap, overlapIoU } from "../../core/metrics/overlap.ts";
import { type LoadedMask, loadMask, type MaskReading } from "../load-mask.ts";
import type { EvaluateOptions, LabelClassScores, LabelEvaluation, LabelPhotoScores } from "./evaluation.ts";
import type { FilePair, FilePairs } from "./pair-files.ts";

/**
 * Compares mask files pair by pair. Files that cannot be used are named; the others are compared.
 *
 * @throws {InputError} when no pair can be compared
 */
export async function evaluateLabels(
  { pairs, problems }: FilePairs,
  options: EvaluateOptions,
  pixelLimit: number,
): Promise<LabelEvaluation> {
  const sums = new LabelSums(problems);
  for (const [i, pair] of pairs.entries()) {
    options.signal?.throwIfAborted();
    try {
      sums.add(pair.name, ...(await readPair(pair, options, pixelLimit)), options);
    } catch (error) {
      if (!(error instanceof InputError) || pairs.length === 1) throw error;
      sums.problems.push(error.message);
    }
    options.onPhoto?.(i + 1, pairs.length);
  }
  if (sums.photos.length === 0) throw new InputError(sums.problems[problems.length]!);
  return sums.scores();
}

/**
 * Prediction and ground truth in one encoding. A label map with one class looks binary, so a ground truth is taken
 * for binary only where it has white or shades in it; of 0 and 1 both readings are the same.
 */
async function readPair(
  pair: FilePair,
  { encoding = "auto", ignoreLabel, signal }: EvaluateOptions,
  pixelLimit: number,
): Promise<[LoadedMask, LoadedMask]> {
  const read: Read = (path, as, colours) =>
    loadMask(path, { encoding: as, ignoreLabel, colours }, pixelLimit, signal);
  const fixed = encoding !== "auto";
  const truth = fixed ? await read(pair.truth, encoding) : await readCertain(pair.truth, read);
  const found = fixed
    ? await read(pair.found, encoding, truth.colours)
    : await readLike(truth, pair.found, read);
  checkSizes(pair.found, found, pair.truth, truth);
  return [found, truth];
}

type Read = (
  path: string,
  encoding: NonNullable<MaskReading["encoding"]>,
  colours?: LoadedMask["colours"],
) => Promise<LoadedMask>;

/** The mask as labels, unless it is certainly binary. */
async function readCertain(path: string, read: Read, colours?: LoadedMask["colours"]): Promise<LoadedMask> {
  const mask = await read(path, "auto", colours);
  // A note says that shades were thresholded.
  if (mask.encoding === "labels" || mask.notes.length > 0) return mask;
  const labels = await read(path, "labels", colours);
  return hasWhite(labels.map) ? mask : labels;
}

/** Whether the values of a mask that looks binary are background and something brighter than 1, or all white. */
function hasWhite({ data }: LabelMap): boolean {
  let most = 0;
  for (const value of data) most = Math.max(most, value);
  return most === 255 || most === 65_535 || (most > 1 && data.includes(0));
}

/** A prediction in the encoding and colours of its ground truth; where that has 0 and 1 only, in its own encoding. */
async function readLike(truth: LoadedMask, path: string, read: Read): Promise<LoadedMask> {
  if (truth.encoding === "binary") return read(path, "binary", truth.colours);
  return truth.map.data.every((label) => label <= 1)
    ? readCertain(path, read, truth.colours)
    : read(path, "labels", truth.colours);
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
  readonly problems: string[];
  readonly #notes = new Set<string>();
  readonly #classes = new Map<number, ClassSum>();

  constructor(problems: readonly string[]) {
    this.problems = [...problems];
  }

  add(name: string, found: LoadedMask, truth: LoadedMask, { background }: EvaluateOptions): void {
    const rules = { ignoreLabel: truth.ignoreLabel, background };
    const overlaps = labelOverlaps(found.map, truth.map, rules);
    const { iou, boundary } = meanOverLabels(overlaps);
    const mBA = meanBoundaryAccuracy(found.map, truth.map, rules);
    this.photos.push({ name, iou, boundaryIoU: boundary, ...(mBA === undefined ? {} : { mBA }) });
    for (const overlap of overlaps) this.#addClass(overlap);
    for (const mask of [found, truth]) this.#note(mask, rules.ignoreLabel);
  }

  /** What the reader says of label maps is about writing them; what counts nowhere is said once. */
  #note({ encoding, map, notes }: LoadedMask, ignoreLabel: number | undefined): void {
    if (encoding === "binary") for (const note of notes) this.#notes.add(note);
    else if (ignoreLabel !== undefined && map.data.includes(ignoreLabel))
      this.#notes.add(
        `label ${ignoreLabel} is the ignore label: where the ground truth has it, nothing counts`,
      );
  }

  #addClass({ label, inTruth, mask, boundary }: LabelOverlap): void {
    const sum = this.#classes.get(label) ?? { photos: 0, mask: noOverlap, boundary: noOverlap };
    this.#classes.set(label, {
      photos: sum.photos + Number(inTruth),
      mask: addOverlaps(sum.mask, mask),
      boundary: addOverlaps(sum.boundary, boundary),
    });
  }

  scores(): LabelEvaluation {
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
    return {
      kind: "labels",
      overall,
      classes,
      photos: this.photos,
      problems: this.problems,
      notes: [...this.#notes],
    };
  }
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => a + b) / values.length;
}

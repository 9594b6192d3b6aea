/** COCO's average precision and recall, of masks or with their boundaries. */
import type { RunLengthMask } from "../../run-length.ts";
import { boundaryDistance } from "../boundary-iou.ts";
import { runBoundary } from "../run-boundary.ts";
import { detectionIoU } from "../run-iou.ts";
import type { CocoDetection, CocoObject } from "./coco-objects.ts";
import { areaRanges, iouThresholds, MOST_DETECTIONS } from "./coco-parameters.ts";
import { type CategoryTally, type CocoScores, meanScores, scoresOf } from "./coco-scores.ts";
import { counts, matchDetections } from "./match-detections.ts";

/** What measures how well a detection fits an object. */
export type CocoMeasure = "mask" | "boundary";

/**
 * Average precision as pycocotools defines it (`COCOeval`), photo by photo: of masks (`segm`), or of masks and
 * boundaries as the boundary IoU API does (`boundary`, Cheng et al. 2021: the lower of mask IoU and boundary IoU, the
 * mask's alone for crowds). Photos count in the order in which they are added, by ascending id in pycocotools; it
 * decides between equal scores.
 */
export class AveragePrecision {
  readonly #measure: CocoMeasure;
  readonly #tallies: Map<number | string, CategoryTally> = new Map();

  constructor(measure: CocoMeasure = "mask") {
    this.#measure = measure;
  }

  /** Adds a photo. Its masks have its size. */
  add(objects: readonly CocoObject[], detections: readonly CocoDetection[]): void {
    const categories = new Set([...objects, ...detections].map(({ category }) => category));
    for (const category of categories) {
      const ofClass = (thing: CocoObject | CocoDetection): boolean => thing.category === category;
      this.#addCategory(category, objects.filter(ofClass), detections.filter(ofClass));
    }
  }

  /** Scores of every class that was added; -1 where there is no object to be found. */
  categories(): Map<number | string, CocoScores> {
    return new Map([...this.#tallies].map(([category, tally]) => [category, scoresOf(tally)]));
  }

  /** Means over the classes for which a score is defined; -1 where it is for none. */
  scores(): CocoScores {
    return meanScores([...this.categories().values()]);
  }

  #addCategory(
    category: number | string,
    objects: readonly CocoObject[],
    detections: readonly CocoDetection[],
  ): void {
    const tally = this.#tallies.get(category) ?? { wanted: areaRanges.map(() => 0), detections: [] };
    this.#tallies.set(category, tally);
    const best = [...detections].sort((a, b) => b.score - a.score).slice(0, MOST_DETECTIONS);
    const ious = iouTable(best, objects, this.#measure);
    const judged = areaRanges.map((range) => matchDetections(best, objects, ious, range));
    areaRanges.forEach((range, a) => {
      tally.wanted[a]! += objects.filter((object) => counts(object, range)).length;
    });
    best.forEach(({ score }, rank) => {
      tally.detections.push({ score, rank, judgements: judged.map((list) => list[rank]!) });
    });
  }
}

function iouTable(
  detections: readonly CocoDetection[],
  objects: readonly CocoObject[],
  measure: CocoMeasure,
): number[][] {
  const boundaryOf = boundaries();
  return detections.map(({ mask }) =>
    objects.map((object) => {
      const iou = detectionIoU(mask, object.mask, object.crowd);
      // Below the lowest threshold a boundary cannot change anything.
      if (measure === "mask" || object.crowd || iou < iouThresholds[0]!) return iou;
      return Math.min(iou, detectionIoU(boundaryOf(mask), boundaryOf(object.mask), false));
    }),
  );
}

/** Computes the boundary of each mask once. */
function boundaries(): (mask: RunLengthMask) => RunLengthMask {
  const known = new Map<RunLengthMask, RunLengthMask>();
  return (mask) => {
    const boundary = known.get(mask) ?? runBoundary(mask, boundaryDistance(mask));
    known.set(mask, boundary);
    return boundary;
  };
}

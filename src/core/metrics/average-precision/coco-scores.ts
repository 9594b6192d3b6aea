/** The twelve numbers of COCO's evaluation. */
import { type AreaRange, areaRanges, iouThresholds, MOST_DETECTIONS } from "./coco-parameters.ts";
import type { Judgement } from "./match-detections.ts";
import { type CurveScores, precisionRecall } from "./precision-recall.ts";

/** Scores as fractions of 1, or -1 where there is no object to be found. */
export interface CocoScores {
  /** Average precision over the IoU thresholds 0.50, 0.55 … 0.95. */
  readonly AP: number;
  /** At IoU 0.50. */
  readonly AP50: number;
  /** At IoU 0.75. */
  readonly AP75: number;
  /** Objects of up to 32² pixels. */
  readonly APs: number;
  /** Objects from 32² to 96² pixels. */
  readonly APm: number;
  /** Objects from 96² pixels on. */
  readonly APl: number;
  /** Average recall over the IoU thresholds, with one detection per class and photo. */
  readonly AR1: number;
  /** With ten. */
  readonly AR10: number;
  /** With a hundred. */
  readonly AR100: number;
  /** Average recall of small objects. */
  readonly ARs: number;
  /** Average recall of medium objects. */
  readonly ARm: number;
  /** Average recall of large objects. */
  readonly ARl: number;
}

/** Names of the scores, in the order in which pycocotools prints them. */
export const cocoScoreNames: readonly (keyof CocoScores)[] = [
  "AP",
  "AP50",
  "AP75",
  "APs",
  "APm",
  "APl",
  "AR1",
  "AR10",
  "AR100",
  "ARs",
  "ARm",
  "ARl",
];

/** One class over all photos. */
export interface CategoryTally {
  /** Objects that count, by area range. */
  readonly wanted: number[];
  readonly detections: JudgedDetection[];
}

/** A detection and how it fared. */
export interface JudgedDetection {
  readonly score: number;
  /** 0 for the best score of its class in its photo. */
  readonly rank: number;
  /** By area range. */
  readonly judgements: readonly Judgement[];
}

/** Place of IoU 0.75 among the thresholds. */
const AT_75 = 5;

/** Scores of one class. */
export function scoresOf(tally: CategoryTally): CocoScores {
  const sorted = { ...tally, detections: tally.detections.toSorted((a, b) => b.score - a.score) };
  const [all, small, medium, large] = (["all", "small", "medium", "large"] as const).map((name) =>
    curvesOf(sorted, name, MOST_DETECTIONS),
  ) as [CurveScores[], CurveScores[], CurveScores[], CurveScores[]];
  return {
    AP: mean(all, "precision"),
    AP50: all[0]?.precision ?? -1,
    AP75: all[AT_75]?.precision ?? -1,
    APs: mean(small, "precision"),
    APm: mean(medium, "precision"),
    APl: mean(large, "precision"),
    AR1: mean(curvesOf(sorted, "all", 1), "recall"),
    AR10: mean(curvesOf(sorted, "all", 10), "recall"),
    AR100: mean(all, "recall"),
    ARs: mean(small, "recall"),
    ARm: mean(medium, "recall"),
    ARl: mean(large, "recall"),
  };
}

/** Means of each score over the classes for which it is defined. */
export function meanScores(classes: readonly CocoScores[]): CocoScores {
  const entries = cocoScoreNames.map((name) => {
    const defined = classes.map((scores) => scores[name]).filter((score) => score !== -1);
    return [name, defined.length === 0 ? -1 : defined.reduce((a, b) => a + b) / defined.length];
  });
  return Object.fromEntries(entries) as CocoScores;
}

/** One curve per IoU threshold; none without objects. */
function curvesOf(
  { wanted, detections }: CategoryTally,
  range: AreaRange["name"],
  most: number,
): CurveScores[] {
  const a = areaRanges.findIndex(({ name }) => name === range);
  const objects = wanted[a] ?? 0;
  if (objects === 0) return [];
  const judgements = detections
    .filter(({ rank }) => rank < most)
    .map((detection) => detection.judgements[a]!);
  return iouThresholds.map((_, t) => {
    const counted = judgements.filter(({ ignored }) => ((ignored >> t) & 1) === 0);
    return precisionRecall(
      counted.map(({ hit }) => ((hit >> t) & 1) === 1),
      objects,
    );
  });
}

function mean(curves: readonly CurveScores[], of: keyof CurveScores): number {
  if (curves.length === 0) return -1;
  return curves.reduce((sum, curve) => sum + curve[of], 0) / curves.length;
}

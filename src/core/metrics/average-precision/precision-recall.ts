/** The area under a precision-recall curve, as COCO reads it. */
import { RECALLS } from "./coco-parameters.ts";

/** Where a curve ends and what lies under it. */
export interface CurveScores {
  /** Precision averaged over 101 recalls, 0..1. */
  readonly precision: number;
  /** Recall of all detections together, 0..1. */
  readonly recall: number;
}

/**
 * Precision and recall of detections.
 *
 * @param hits whether each detection is right, best scores first
 * @param wanted objects to be found, at least 1
 */
export function precisionRecall(hits: readonly boolean[], wanted: number): CurveScores {
  const precisions: number[] = [];
  const recalls: number[] = [];
  let right = 0;
  for (const hit of hits) {
    if (hit) right++;
    precisions.push(right / (precisions.length + 1));
    recalls.push(right / wanted);
  }
  // The best precision at this recall or a higher one.
  for (let i = precisions.length - 2; i >= 0; i--)
    precisions[i] = Math.max(precisions[i]!, precisions[i + 1]!);
  let sum = 0;
  let at = 0;
  for (let i = 0; i < RECALLS; i++) {
    while (at < recalls.length && recalls[at]! < i * 0.01) at++;
    sum += precisions[at] ?? 0;
  }
  return { precision: sum / RECALLS, recall: right / wanted };
}

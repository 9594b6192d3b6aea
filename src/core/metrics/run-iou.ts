/** Agreement of masks held as runs, without decoding them. */
import { type RunLengthMask, runArea } from "../run-length.ts";

/** Pixels that two masks of one size share: both lists of runs are walked through once. */
export function runIntersection({ counts: a }: RunLengthMask, { counts: b }: RunLengthMask): number {
  let shared = 0;
  let position = 0;
  let [i, j] = [0, 0];
  let [endA, endB] = [a[0] ?? 0, b[0] ?? 0];
  while (i < a.length && j < b.length) {
    const end = Math.min(endA, endB);
    // Odd runs are foreground.
    if ((i & j & 1) === 1) shared += end - position;
    position = end;
    if (endA === end) endA += a[++i] ?? 0;
    if (endB === end) endB += b[++j] ?? 0;
  }
  return shared;
}

/**
 * IoU of a detection and an object as COCO counts it: intersection over union, or over the detection alone where the
 * object is a crowd, of which a detection is one. 0 when there is nothing to divide by.
 */
export function detectionIoU(detection: RunLengthMask, object: RunLengthMask, crowd: boolean): number {
  const both = runIntersection(detection, object);
  if (both === 0) return 0;
  const area = runArea(detection);
  return both / (crowd ? area : area + runArea(object) - both);
}

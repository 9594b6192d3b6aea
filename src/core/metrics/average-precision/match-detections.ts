/** Which detections hit an object, as COCO's evaluation assigns them. */

import type { CocoDetection, CocoObject } from "./coco-objects.ts";
import { type AreaRange, inRange, iouThresholds } from "./coco-parameters.ts";

/** How one detection fared at every IoU threshold: bit t stands for threshold t. */
export interface Judgement {
  readonly hit: number;
  /** Counts as neither right nor wrong. */
  readonly ignored: number;
}

/** Whether an object counts in an area range. */
export function counts({ crowd, ignore = false, area }: CocoObject, range: AreaRange): boolean {
  return !crowd && !ignore && inRange(area, range);
}

/**
 * Judges the detections of one class in one photo.
 *
 * @param detections best scores first
 * @param ious of every detection with every object
 */
export function matchDetections(
  detections: readonly CocoDetection[],
  objects: readonly CocoObject[],
  ious: readonly (readonly number[])[],
  range: AreaRange,
): Judgement[] {
  // Objects that count come first: a detection takes another one only where it hits none of them.
  const candidates = objects
    .map((object, index) => ({ index, crowd: object.crowd, counts: counts(object, range) }))
    .sort((a, b) => Number(b.counts) - Number(a.counts));
  const judgements = detections.map(() => ({ hit: 0, ignored: 0 }));
  iouThresholds.forEach((threshold, t) => {
    const taken = new Set<Candidate>();
    detections.forEach(({ area }, d) => {
      const found = bestCandidate(candidates, ious[d]!, threshold, taken);
      if (found !== undefined) taken.add(found);
      if (found !== undefined) judgements[d]!.hit |= 1 << t;
      if (found === undefined ? !inRange(area, range) : !found.counts) judgements[d]!.ignored |= 1 << t;
    });
  });
  return judgements;
}

interface Candidate {
  /** Place among the objects. */
  readonly index: number;
  readonly crowd: boolean;
  readonly counts: boolean;
}

/** The free candidate of highest IoU, the last one among equals. */
function bestCandidate(
  candidates: readonly Candidate[],
  ious: readonly number[],
  threshold: number,
  taken: ReadonlySet<Candidate>,
): Candidate | undefined {
  let best: Candidate | undefined;
  let least = Math.min(threshold, 1 - 1e-10);
  for (const candidate of candidates) {
    if (taken.has(candidate) && !candidate.crowd) continue;
    if (best?.counts === true && !candidate.counts) break;
    if (ious[candidate.index]! < least) continue;
    least = ious[candidate.index]!;
    best = candidate;
  }
  return best;
}

/** Overlaps added up over all photos of a data set: how DAVIS-585 and VOC are measured. */
import type { LabelOverlap } from "../../core/metrics/label-overlaps.ts";
import { addOverlaps, noOverlap, type Overlap, overlapIoU } from "../../core/metrics/overlap.ts";

/** Means over classes of the overlaps of all photos, 0..1. */
export interface PooledScores {
  /** mIoU; for objects of one class the IoU of all their pixels. */
  readonly iou: number;
  /** The same along the contours. */
  readonly boundaryIoU: number;
}

/** Sums by class. */
export class PooledOverlaps {
  readonly #masks = new Map<number, Overlap>();
  readonly #boundaries = new Map<number, Overlap>();

  /** Adds a photo. */
  add(overlaps: readonly LabelOverlap[]): void {
    for (const { label, mask, boundary } of overlaps) {
      this.#masks.set(label, addOverlaps(this.#masks.get(label) ?? noOverlap, mask));
      this.#boundaries.set(label, addOverlaps(this.#boundaries.get(label) ?? noOverlap, boundary));
    }
  }

  /** The scores so far; 0 before the first class. */
  scores(): PooledScores {
    return { iou: meanOf(this.#masks), boundaryIoU: meanOf(this.#boundaries) };
  }
}

function meanOf(classes: ReadonlyMap<number, Overlap>): number {
  const sum = [...classes.values()].reduce((total, overlap) => total + overlapIoU(overlap), 0);
  return classes.size === 0 ? 0 : sum / classes.size;
}

/** Pixel counts behind an intersection over union; they add up over photos, ratios do not. */

/** How far two areas agree, in pixels. */
export interface Overlap {
  /** Pixels of both. */
  readonly both: number;
  /** Pixels of at least one. */
  readonly either: number;
}

/** The overlap of nothing. */
export const noOverlap: Overlap = { both: 0, either: 0 };

/** Both overlaps together. */
export function addOverlaps(a: Overlap, b: Overlap): Overlap {
  return { both: a.both + b.both, either: a.either + b.either };
}

/** Intersection over union, 0..1; 1 when both areas are empty. */
export function overlapIoU({ both, either }: Overlap): number {
  return either === 0 ? 1 : both / either;
}

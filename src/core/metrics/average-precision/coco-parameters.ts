/** What COCO's evaluation fixes: thresholds, area ranges, numbers of detections. */

/** 0.50, 0.55 … 0.95, to the bit as NumPy's `linspace` computes them: an IoU may equal one of them. */
export const iouThresholds: readonly number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9),
);

/** Number of recalls at which precision is read: 0, 0.01 … 1. */
export const RECALLS = 101;

/** Ranges of area in pixels, both ends inclusive. */
export const areaRanges: readonly AreaRange[] = [
  { name: "all", least: 0, most: 1e10 },
  { name: "small", least: 0, most: 32 ** 2 },
  { name: "medium", least: 32 ** 2, most: 96 ** 2 },
  { name: "large", least: 96 ** 2, most: 1e10 },
];

/** One of {@link areaRanges}. */
export interface AreaRange {
  readonly name: "all" | "small" | "medium" | "large";
  readonly least: number;
  readonly most: number;
}

/** Most detections of a class in a photo that are looked at, best scores first. */
export const MOST_DETECTIONS = 100;

/** Whether an area lies in a range. */
export function inRange(area: number, { least, most }: AreaRange): boolean {
  return area >= least && area <= most;
}

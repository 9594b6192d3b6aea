/** Agreement of two label maps, class by class: what a confusion matrix says, and the same along the contours. */
import { type Box, boxUnion, type LabelMap, type Mask } from "../mask.ts";
import { boundaryDistance, boundaryOverlap } from "./boundary-iou.ts";
import { maskOverlap } from "./mask-iou.ts";
import { type Overlap, overlapIoU } from "./overlap.ts";

/** Which values of a ground truth are classes. */
export interface LabelRules {
  /** Value of the ground truth whose pixels count nowhere. @default none */
  readonly ignoreLabel?: number | undefined;
  /** Whether 0 is a class. @default false */
  readonly background?: boolean | undefined;
}

/** One class of one photo. */
export interface LabelOverlap {
  readonly label: number;
  /** Whether the ground truth has a pixel of it; else the prediction alone has. */
  readonly inTruth: boolean;
  readonly mask: Overlap;
  /** Within 2 % of the photo's diagonal of each contour, see {@link boundaryIoU}. */
  readonly boundary: Overlap;
}

/**
 * The overlaps of every class in either map, by class. Maps have one size; what is predicted where the ground truth
 * has its ignore label counts nowhere.
 */
export function labelOverlaps(found: LabelMap, truth: LabelMap, rules: LabelRules = {}): LabelOverlap[] {
  const counted = countedPixels(found, truth, rules.ignoreLabel);
  const [inFound, inTruth] = [labelBoxes(counted), labelBoxes(truth)];
  const labels = [...new Set([...inFound.keys(), ...inTruth.keys()])]
    .filter((label) => isClass(label, rules))
    .sort((a, b) => a - b);
  const d = boundaryDistance(truth);
  return labels.map((label) => {
    // Nothing of the class lies outside this box: its border erodes like the photo's.
    const box = [inFound.get(label), inTruth.get(label)].filter((b) => b !== undefined).reduce(boxUnion);
    const [a, b] = [cutOut(counted, label, box), cutOut(truth, label, box)];
    return {
      label,
      inTruth: inTruth.has(label),
      mask: maskOverlap(a, b),
      boundary: boundaryOverlap(a, b, d),
    };
  });
}

/** Whether a value of the ground truth is a class. */
export function isClass(label: number, { ignoreLabel, background = false }: LabelRules): boolean {
  return label !== ignoreLabel && (background || label !== 0);
}

/**
 * Means over the classes that the ground truth of a photo has. Where it has none, an empty prediction is right and
 * any other wrong.
 */
export function meanOverLabels(overlaps: readonly LabelOverlap[]): { iou: number; boundary: number } {
  const wanted = overlaps.filter(({ inTruth }) => inTruth);
  if (wanted.length === 0) return overlaps.length === 0 ? { iou: 1, boundary: 1 } : { iou: 0, boundary: 0 };
  const mean = (of: (overlap: LabelOverlap) => Overlap): number =>
    wanted.reduce((sum, overlap) => sum + overlapIoU(of(overlap)), 0) / wanted.length;
  return { iou: mean(({ mask }) => mask), boundary: mean(({ boundary }) => boundary) };
}

/** The prediction with the ignore label wherever the ground truth has it. */
function countedPixels(found: LabelMap, { data: truth }: LabelMap, ignore: number | undefined): LabelMap {
  if (ignore === undefined || !truth.includes(ignore)) return found;
  const data = Uint16Array.from(found.data, (label, i) => (truth[i] === ignore ? ignore : label));
  return { ...found, data };
}

/** The box of every value, both ends inclusive. */
function labelBoxes({ width, height, data }: LabelMap): Map<number, Box> {
  const boxes = new Map<number, Box>();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; ) {
      const label = data[y * width + x]!;
      const start = x;
      while (x < width && data[y * width + x] === label) x++;
      const run: Box = [start, y, x - 1, y];
      const box = boxes.get(label);
      boxes.set(label, box === undefined ? run : boxUnion(box, run));
    }
  }
  return boxes;
}

/** The mask of one value inside a box. */
function cutOut({ width, data }: LabelMap, label: number, [x0, y0, x1, y1]: Box): Mask {
  const cut = { width: x1 - x0 + 1, height: y1 - y0 + 1 };
  const out = new Uint8Array(cut.width * cut.height);
  for (let y = 0; y < cut.height; y++) {
    const from = (y + y0) * width + x0;
    for (let x = 0; x < cut.width; x++) if (data[from + x] === label) out[y * cut.width + x] = 1;
  }
  return { ...cut, data: out };
}

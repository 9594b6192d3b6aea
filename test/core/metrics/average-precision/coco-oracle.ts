/** COCO's evaluation once more, as plainly as it can be written: pixel by pixel, threshold by threshold. */

import type { Mask } from "../../../../src/core/mask.ts";
import type {
  CocoDetection,
  CocoObject,
} from "../../../../src/core/metrics/average-precision/coco-objects.ts";
import { decodeRuns, type RunLengthMask } from "../../../../src/core/run-length.ts";

export interface OraclePhoto {
  readonly objects: readonly CocoObject[];
  readonly detections: readonly CocoDetection[];
}

const thresholds = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
const ranges: Record<string, [number, number]> = {
  all: [0, 1e10],
  small: [0, 1024],
  medium: [1024, 9216],
  large: [9216, 1e10],
};

/** The twelve scores, in the order in which pycocotools prints them. */
export function oracleScores(given: readonly OraclePhoto[], boundary: boolean): number[] {
  // Masks of their own, by which overlaps are remembered.
  const photos = given.map(({ objects, detections }) => ({
    objects: objects.map((o) => ({ ...o, mask: { ...o.mask } })),
    detections: detections.map((d) => ({ ...d, mask: { ...d.mask } })),
  }));
  const ap = (range: string, only = thresholds) => average(photos, boundary, range, 100, only, "precision");
  const ar = (range: string, most: number) => average(photos, boundary, range, most, thresholds, "recall");
  return [
    ap("all"),
    ap("all", [0.5]),
    ap("all", [0.75]),
    ap("small"),
    ap("medium"),
    ap("large"),
    ar("all", 1),
    ar("all", 10),
    ar("all", 100),
    ar("small", 100),
    ar("medium", 100),
    ar("large", 100),
  ];
}

function average(
  photos: readonly OraclePhoto[],
  boundary: boolean,
  range: string,
  most: number,
  at: readonly number[],
  of: "precision" | "recall",
): number {
  const values: number[] = [];
  for (const category of new Set(photos.flatMap(({ objects }) => objects.map((o) => o.category)))) {
    for (const threshold of at) {
      const value = oneCurve(photos, category, boundary, ranges[range]!, most, threshold)?.[of];
      if (value !== undefined) values.push(value);
    }
  }
  return values.length === 0 ? -1 : values.reduce((a, b) => a + b) / values.length;
}

interface Row {
  readonly score: number;
  readonly verdict: "right" | "wrong" | "ignored";
}

function oneCurve(
  photos: readonly OraclePhoto[],
  category: number | string,
  boundary: boolean,
  [low, high]: [number, number],
  most: number,
  threshold: number,
): { precision: number; recall: number } | undefined {
  const outside = (area: number) => area < low || area > high;
  const rows: Row[] = [];
  let wanted = 0;
  for (const photo of photos) {
    const objects = photo.objects
      .filter((o) => o.category === category)
      .map((o) => ({ ...o, ignored: o.crowd || o.ignore === true || outside(o.area), taken: false }));
    wanted += objects.filter(({ ignored }) => !ignored).length;
    const detections = photo.detections.filter((d) => d.category === category);
    const ranked = detections.map((d, i) => ({ d, i })).sort((a, b) => b.d.score - a.d.score || a.i - b.i);
    for (const { d } of ranked.slice(0, most)) {
      const pick = (ignored: boolean) => {
        let best: (typeof objects)[number] | undefined;
        let bestIoU = threshold;
        for (const o of objects) {
          if (o.ignored !== ignored || (o.taken && !o.crowd)) continue;
          const value = overlap(d.mask, o.mask, o.crowd, boundary);
          if (value < bestIoU) continue;
          best = o;
          bestIoU = value;
        }
        return best;
      };
      const hit = pick(false) ?? pick(true);
      if (hit !== undefined) hit.taken = true;
      const ignored = hit === undefined ? outside(d.area) : hit.ignored;
      rows.push({ score: d.score, verdict: ignored ? "ignored" : hit === undefined ? "wrong" : "right" });
    }
  }
  return wanted === 0 ? undefined : curve(rows, wanted);
}

function curve(rows: readonly Row[], wanted: number): { precision: number; recall: number } {
  const sorted = rows.map((row, i) => ({ ...row, i })).sort((a, b) => b.score - a.score || a.i - b.i);
  const points = sorted.map((_, end) => {
    const until = sorted.slice(0, end + 1);
    const right = until.filter(({ verdict }) => verdict === "right").length;
    const wrong = until.filter(({ verdict }) => verdict === "wrong").length;
    return { recall: right / wanted, precision: right === 0 ? 0 : right / (right + wrong) };
  });
  let sum = 0;
  for (let i = 0; i <= 100; i++) {
    const reached = points.filter(({ recall }) => recall >= i * 0.01);
    sum += Math.max(0, ...reached.map(({ precision }) => precision));
  }
  return { precision: sum / 101, recall: Math.max(0, ...points.map(({ recall }) => recall)) };
}

const known = new WeakMap<RunLengthMask, WeakMap<RunLengthMask, number>>();

function overlap(d: RunLengthMask, o: RunLengthMask, crowd: boolean, boundary: boolean): number {
  const table = known.get(d) ?? new WeakMap<RunLengthMask, number>();
  known.set(d, table);
  const value = table.get(o) ?? freshOverlap(d, o, crowd, boundary);
  table.set(o, value);
  return value;
}

function freshOverlap(d: RunLengthMask, o: RunLengthMask, crowd: boolean, boundary: boolean): number {
  const [a, b] = [pixelsOf(d), pixelsOf(o)];
  let [both, either, own] = [0, 0, 0];
  for (let i = 0; i < a.data.length; i++) {
    if (a.data[i] === 1 && b.data[i] === 1) both++;
    if (a.data[i] === 1 || b.data[i] === 1) either++;
    if (a.data[i] === 1) own++;
  }
  if (crowd) return own === 0 ? 0 : both / own;
  const iou = either === 0 ? 0 : both / either;
  return boundary ? Math.min(iou, rimOverlap(d, o)) : iou;
}

/** IoU of the pixels of both masks that have something outside of their mask within d pixels, along both axes. */
function rimOverlap(a: RunLengthMask, b: RunLengthMask): number {
  const [rimA, rimB] = [rimOf(a), rimOf(b)];
  let [both, either] = [0, 0];
  for (let i = 0; i < rimA.length; i++) {
    both += rimA[i]! & rimB[i]!;
    either += rimA[i]! | rimB[i]!;
  }
  return either === 0 ? 0 : both / either;
}

const pixels = new WeakMap<RunLengthMask, Mask>();

function pixelsOf(mask: RunLengthMask): Mask {
  const known = pixels.get(mask) ?? decodeRuns(mask);
  pixels.set(mask, known);
  return known;
}

const rims = new WeakMap<RunLengthMask, Uint8Array>();

function rimOf(mask: RunLengthMask): Uint8Array {
  const known = rims.get(mask) ?? rim(pixelsOf(mask));
  rims.set(mask, known);
  return known;
}

/** A pixel is inner where the square around it is full, which sums from the corner tell; outside the photo nothing is. */
function rim({ width, height, data }: Mask): Uint8Array {
  const d = Math.max(1, Math.round(0.02 * Math.hypot(width, height)));
  const row = width + 1;
  const sums = new Int32Array(row * (height + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = row * (y + 1) + 1; x < width; x++, i++)
      sums[i] = data[y * width + x]! + sums[i - 1]! + sums[i - row]! - sums[i - row - 1]!;
  }
  return data.map((value, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (value === 0 || x < d || y < d || x + d >= width || y + d >= height) return value;
    const [top, bottom] = [row * (y - d) + x, row * (y + d + 1) + x];
    const inside = sums[bottom + d + 1]! - sums[bottom - d]! - sums[top + d + 1]! + sums[top - d]!;
    return inside === (2 * d + 1) ** 2 ? 0 : 1;
  });
}

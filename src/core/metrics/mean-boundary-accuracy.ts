/** Mean boundary accuracy (mBA) of CascadePSP. */
import type { LabelMap } from "../mask.ts";
import { isClass, type LabelRules } from "./label-overlaps.ts";

/** Widths that are averaged. */
const STEPS = 5;

/**
 * Mean boundary accuracy (Cheng et al. 2020, CascadePSP, section 4.2, with the radii of the published code): the share
 * of right pixels among those near a contour of the ground truth, averaged over five radii from 1 pixel towards
 * (width + height) / 300. A pixel is near when the disc of the radius around it holds pixels of a class and of
 * something else: the morphological gradient. Maps have one size; pixels of the ignore label count nowhere.
 *
 * @returns 0..1; `undefined` where the ground truth has no contour
 */
export function meanBoundaryAccuracy(
  found: LabelMap,
  truth: LabelMap,
  rules: LabelRules = {},
): number | undefined {
  const known = new Map<number, number>();
  let sum = 0;
  for (const radius of boundaryRadii(truth)) {
    const accuracy = known.get(radius) ?? accuracyNear(found, truth, rules, radius);
    // A wider disc holds the narrower one: without pixels here there were none before.
    if (accuracy === undefined) return undefined;
    known.set(radius, accuracy);
    sum += accuracy;
  }
  return sum / STEPS;
}

/** The radii for a photo, in pixels; some may be equal. */
export function boundaryRadii({
  width,
  height,
}: {
  readonly width: number;
  readonly height: number;
}): number[] {
  const reach = (width + height) / 300 - 1;
  return Array.from({ length: STEPS }, (_, i) => 1 + Math.trunc((reach / STEPS) * i));
}

function accuracyNear(
  found: LabelMap,
  truth: LabelMap,
  rules: LabelRules,
  radius: number,
): number | undefined {
  const near = nearContours(truth, rules, radius);
  const [given, wanted] = [found.data, truth.data];
  let all = 0;
  let right = 0;
  for (let i = near.indexOf(1); i >= 0; i = near.indexOf(1, i + 1)) {
    if (wanted[i] === rules.ignoreLabel) continue;
    all++;
    if (wanted[i] === given[i]) right++;
  }
  return all === 0 ? undefined : right / all;
}

/**
 * Marks the pixels whose disc holds a class and something else. The disc is connected, so it holds two neighbours that
 * differ: every such pair marks the pixels whose disc reaches both, row by row.
 */
function nearContours(truth: LabelMap, rules: LabelRules, radius: number): Uint8Array {
  const { width, height, data } = truth;
  const rows = new RowMarks(width, height);
  const half = discRows(radius);
  const differ = (a: number, b: number): boolean => a !== b && (isClass(a, rules) || isClass(b, rules));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const here = data[y * width + x]!;
      if (x + 1 < width && differ(here, data[y * width + x + 1]!)) markBeside(rows, x, y, half);
      if (y + 1 < height && differ(here, data[(y + 1) * width + x]!)) markBelow(rows, x, y, half);
    }
  }
  return rows.marked();
}

/** Marks the pixels whose disc holds (x, y) and (x + 1, y). */
function markBeside(rows: RowMarks, x: number, y: number, half: readonly number[]): void {
  const radius = half.length - 1;
  for (let dy = -radius; dy <= radius; dy++) {
    const reach = half[Math.abs(dy)]!;
    rows.mark(y + dy, x + 1 - reach, x + reach);
  }
}

/** Marks the pixels whose disc holds (x, y) and (x, y + 1). */
function markBelow(rows: RowMarks, x: number, y: number, half: readonly number[]): void {
  const radius = half.length - 1;
  for (let dy = 1 - radius; dy <= radius; dy++) {
    const reach = Math.min(half[Math.abs(dy)]!, half[Math.abs(dy - 1)]!);
    rows.mark(y + dy, x - reach, x + reach);
  }
}

/** Half the width of a disc's rows, by their distance to its centre: as OpenCV draws its ellipse. */
function discRows(radius: number): number[] {
  return Array.from({ length: radius + 1 }, (_, dy) => Math.round(Math.sqrt(radius ** 2 - dy ** 2)));
}

/** Ranges of pixels marked row by row; a mark costs the same however long it is. */
class RowMarks {
  readonly #width: number;
  readonly #height: number;
  /** `[height, width + 1]`: at each pixel how many ranges begin less how many ended before it. */
  readonly #changes: Int32Array;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#changes = new Int32Array((width + 1) * height);
  }

  /** Marks a range of a row, both ends inclusive; what lies outside the photo is left out. */
  mark(y: number, x0: number, x1: number): void {
    if (y < 0 || y >= this.#height || x1 < x0) return;
    const row = y * (this.#width + 1);
    this.#changes[row + Math.max(0, x0)]!++;
    this.#changes[row + Math.min(this.#width, x1 + 1)]!--;
  }

  /** 1 for every marked pixel, `[height, width]` row-major. */
  marked(): Uint8Array {
    const out = new Uint8Array(this.#width * this.#height);
    for (let y = 0; y < this.#height; y++) {
      let open = 0;
      for (let x = 0; x < this.#width; x++) {
        open += this.#changes[y * (this.#width + 1) + x]!;
        if (open > 0) out[y * this.#width + x] = 1;
      }
    }
    return out;
  }
}

/** The Gaussian mask prompt (Eq. 3), from the photo's frame to the decoder's 256×256 grid. */
import { ENCODER_SIZE, type Frame, LOW_RES_SIZE } from "../frame.ts";
import { type Box, type Mask, maskBox, type Point } from "../mask.ts";
import { type Axis, composeAxes, linearAxis } from "../resample.ts";

/** Weight of a foreground pixel, 0..1. */
export interface GaussianWeight {
  readonly at: (x: number, y: number, index: number) => number;
  /** Where the weight is a product: its factors for a column and for a row. */
  readonly factors?: { readonly column: (x: number) => number; readonly row: (y: number) => number };
}

/** Eq. 3 without its amplitude: exp(−‖(x, y) − (x0, y0)‖² / (|M|·γ)). */
export function radialGaussian(centre: Point, area: number, gamma: number): GaussianWeight {
  const spread = area * gamma;
  // The exponential of a sum is a product, and distances along an axis are few.
  const along: number[] = [];
  const factor = (distance: number): number => {
    while (along.length <= distance) along.push(Math.exp(-(along.length ** 2) / spread));
    return along[distance]!;
  };
  const column = (x: number): number => factor(Math.abs(x - centre.x));
  const row = (y: number): number => factor(Math.abs(y - centre.y));
  return { at: (x, y) => column(x) * row(y), factors: { column, row } };
}

/** The published code's weight: exp(−(D − Dmax)² / (|M| / γ)), D the octile distance `[height, width]`. */
export function distanceGaussian(
  distance: Float64Array,
  peak: number,
  area: number,
  gamma: number,
): GaussianWeight {
  return { at: (_x, _y, index) => Math.exp(-((distance[index]! - peak) ** 2) / (area / gamma)) };
}

/**
 * The prompt of Eq. 3: ω·weight on the object, −ω elsewhere, interpolated through the encoder's frame, the
 * padding at −ω.
 *
 * @param box tight box of the mask, for those who know it
 * @returns `Float32Array [256, 256]` logits
 */
export function gaussianMask(
  mask: Mask,
  weight: GaussianWeight,
  omega: number,
  frame: Frame,
  box: Box | undefined = maskBox(mask),
): Float32Array {
  const { columns, rows } = lowResAxes(frame);
  // (weight + 1) is 0 off the object, so that cropped and padded regions need no pass of their own.
  const value = (x: number, y: number, i: number): number => weight.at(x, y, i) + 1;
  const low = fillCells(frame, box, (column, row) => cellSum(mask, columns, rows, column, row, value));
  return low.map((v) => omega * (v - 1));
}

/**
 * The published code's prompt: the sign comes from the interpolated mask, the amplitude from the interpolated
 * weight, and where no weight reaches it counts as 1.
 *
 * @returns `Float32Array [256, 256]` logits
 */
export function signedGaussianMask(
  mask: Mask,
  weight: GaussianWeight,
  omega: number,
  frame: Frame,
  box: Box | undefined = maskBox(mask),
): Float32Array {
  const covered = coverage(mask, frame, box);
  const amplitude = amplitudes(mask, weight, covered, frame);
  const low = new Float32Array(covered.length).fill(-omega);
  for (let i = 0; i < low.length; i++) {
    if (covered[i] === 0) continue;
    const reached = amplitude(i % LOW_RES_SIZE, Math.floor(i / LOW_RES_SIZE));
    low[i] = (covered[i]! >= HALF ? omega : -omega) * (reached <= 0 ? 1 : reached);
  }
  return low;
}

/** Share of a cell's interpolated pixels from which it belongs to the object. */
const HALF = 0.5;

/** The mask on the decoder's grid, `Uint8Array [256, 256]`: 1 where at least half of the interpolated cell is object. */
export function lowResMask(mask: Mask, frame: Frame, box?: Box): Uint8Array {
  const covered = coverage(mask, frame, box);
  const out = new Uint8Array(covered.length);
  for (let i = 0; i < out.length; i++) if (covered[i]! >= HALF) out[i] = 1;
  return out;
}

/** Share of each cell's interpolated pixels that is object, `Float32Array [256, 256]`. */
function coverage(mask: Mask, frame: Frame, box?: Box): Float32Array {
  let covered = coverages.get(mask.data);
  if (covered === undefined) {
    const { columns, rows } = lowResAxes(frame);
    covered = fillCells(frame, box ?? maskBox(mask), (column, row) =>
      cellShare(mask, columns, rows, column, row),
    );
    coverages.set(mask.data, covered);
  }
  return covered;
}

/** The prompt and the scores of an iteration need the same grid. */
const coverages = new WeakMap<Uint8Array, Float32Array>();

/** Values of the cells that may read a box: photo → 1024 frame (bilinear) → padding → 256 grid (bilinear). */
function fillCells(
  frame: Frame,
  box: Box | undefined,
  value: (column: number, row: number) => number,
): Float32Array {
  const low = new Float32Array(LOW_RES_SIZE * LOW_RES_SIZE);
  if (box === undefined) return low;
  const [x0, x1] = cellsReading(box[0], box[2], frame.scaledWidth / frame.width);
  const [y0, y1] = cellsReading(box[1], box[3], frame.scaledHeight / frame.height);
  for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) low[y * LOW_RES_SIZE + x] = value(x, y);
  return low;
}

/** The cells `[from, to)` that may read photo positions `first` to `last`; both steps reach two cells at most. */
function cellsReading(first: number, last: number, scale: number): [from: number, to: number] {
  const from = Math.floor(((first - 1) * scale) / 4) - 1;
  const to = Math.ceil(((last + 2) * scale) / 4) + 2;
  return [Math.max(0, from), Math.min(LOW_RES_SIZE, to)];
}

/** The interpolated weight of a cell: a product where the mask covers all that the cell reads. */
function amplitudes(
  mask: Mask,
  { at, factors }: GaussianWeight,
  covered: Float32Array,
  frame: Frame,
): (column: number, row: number) => number {
  const { columns, rows } = lowResAxes(frame);
  const across = factors && weightedSums(columns, factors.column);
  const down = factors && weightedSums(rows, factors.row);
  return (column, row) =>
    across !== undefined && down !== undefined && covered[row * LOW_RES_SIZE + column]! > 1 - 1e-6
      ? across[column]! * down[row]!
      : cellSum(mask, columns, rows, column, row, at);
}

/** Interpolates a function of one coordinate. */
function weightedSums(
  { outputs, taps, index, weight }: Axis,
  value: (position: number) => number,
): Float64Array {
  const sums = new Float64Array(outputs);
  for (let t = 0; t < weight.length; t++) {
    const o = Math.floor(t / taps);
    if (weight[t] !== 0) sums[o] = sums[o]! + weight[t]! * value(index[t]!);
  }
  return sums;
}

/** What a cell reads of values that the mask's pixels have; others are 0. */
function cellSum(
  { width, data }: Mask,
  columns: Axis,
  rows: Axis,
  column: number,
  row: number,
  value: (x: number, y: number, index: number) => number,
): number {
  let sum = 0;
  for (let r = row * rows.taps; r < (row + 1) * rows.taps; r++) {
    const y = rows.index[r]!;
    for (let c = column * columns.taps; c < (column + 1) * columns.taps; c++) {
      const share = rows.weight[r]! * columns.weight[c]!;
      const x = columns.index[c]!;
      const i = y * width + x;
      if (share !== 0 && data[i] === 1) sum += share * value(x, y, i);
    }
  }
  return sum;
}

/** As {@link cellSum}, with values of 1. */
function cellShare({ width, data }: Mask, columns: Axis, rows: Axis, column: number, row: number): number {
  const first = column * columns.taps;
  const end = first + columns.taps;
  let sum = 0;
  for (let r = row * rows.taps; r < (row + 1) * rows.taps; r++) {
    const start = rows.index[r]! * width;
    let line = 0;
    for (let c = first; c < end; c++) line += columns.weight[c]! * data[start + columns.index[c]!]!;
    sum += rows.weight[r]! * line;
  }
  return sum;
}

/** The axes from the photo to the grid. */
function lowResAxes({ width, height, scaledWidth, scaledHeight }: Frame): { columns: Axis; rows: Axis } {
  return { columns: lowResAxis(width, scaledWidth), rows: lowResAxis(height, scaledHeight) };
}

const axes = new Map<string, Axis>();

/** Kept per size: a data set has few photo sizes and every mask of a photo shares them. */
function lowResAxis(size: number, scaled: number): Axis {
  const key = `${size}/${scaled}`;
  let axis = axes.get(key);
  if (axis === undefined) {
    axis = composeAxes(linearAxis(size, scaled), linearAxis(ENCODER_SIZE, LOW_RES_SIZE));
    if (axes.size > 64) axes.clear();
    axes.set(key, axis);
  }
  return axis;
}

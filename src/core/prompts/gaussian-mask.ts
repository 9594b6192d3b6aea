/** The Gaussian mask prompt (Eq. 3), from the photo's frame to the decoder's 256×256 grid. */
import { ENCODER_SIZE, type Frame, LOW_RES_SIZE } from "../frame.ts";
import type { Mask, Point } from "../mask.ts";
import { type Axis, composeAxes, inputRange, linearAxis, resample } from "../resample.ts";

/** Weight of a foreground pixel, 0..1. */
export type GaussianWeight = (x: number, y: number, index: number) => number;

/** Eq. 3 without its amplitude: exp(−‖(x, y) − (x0, y0)‖² / (|M|·γ)). */
export function radialGaussian(centre: Point, area: number, gamma: number): GaussianWeight {
  const spread = area * gamma;
  return (x, y) => Math.exp(-((x - centre.x) ** 2 + (y - centre.y) ** 2) / spread);
}

/** The published code's weight: exp(−(D − Dmax)² / (|M| / γ)), D the octile distance `[height, width]`. */
export function distanceGaussian(
  distance: Float64Array,
  peak: number,
  area: number,
  gamma: number,
): GaussianWeight {
  return (_x, _y, index) => Math.exp(-((distance[index]! - peak) ** 2) / (area / gamma));
}

/**
 * The prompt of Eq. 3: ω·weight on the object, −ω elsewhere, interpolated through the encoder's frame, the
 * padding at −ω.
 *
 * @returns `Float32Array [256, 256]` logits
 */
export function gaussianMask(mask: Mask, weight: GaussianWeight, omega: number, frame: Frame): Float32Array {
  // (weight + 1) is 0 off the object, so that cropped and padded regions need no pass of their own.
  const low = toLowRes(mask, frame, (x, y, i) => weight(x, y, i) + 1);
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
): Float32Array {
  const inside = toLowRes(mask, frame, () => 1);
  const low = toLowRes(mask, frame, weight);
  return low.map((w, i) => (inside[i]! >= 0.5 ? omega : -omega) * (w <= 0 ? 1 : w));
}

/** The mask on the decoder's grid, 1 where at least half of the interpolated cell is object. */
export function lowResMask(mask: Mask, frame: Frame): Uint8Array {
  const low = toLowRes(mask, frame, () => 1);
  return Uint8Array.from(low, (v) => (v >= 0.5 ? 1 : 0));
}

/** Photo → 1024 frame (bilinear) → padding → 256 grid (bilinear), values 0 off the mask. */
function toLowRes(mask: Mask, frame: Frame, value: GaussianWeight): Float32Array {
  const columns = lowResAxis(frame.width, frame.scaledWidth);
  const rows = lowResAxis(frame.height, frame.scaledHeight);
  const sparse = sampledPhoto(mask, columns, rows, value);
  return resample(sparse, mask.width, columns, rows, { x0: 0, y0: 0, x1: LOW_RES_SIZE, y1: LOW_RES_SIZE });
}

/** The photo-sized field, filled only at the pixels that the grid reads (at most 4 of a cell's row and column). */
function sampledPhoto(mask: Mask, columns: Axis, rows: Axis, value: GaussianWeight): Float32Array {
  const { width, height, data } = mask;
  const field = new Float32Array(width * height);
  const usedColumns = usedInputs(columns, width);
  for (const y of usedInputs(rows, height)) {
    for (const x of usedColumns) {
      const i = y * width + x;
      if (data[i] === 1) field[i] = value(x, y, i);
    }
  }
  return field;
}

function usedInputs(axis: Axis, inputs: number): number[] {
  const used = new Uint8Array(inputs);
  for (let t = 0; t < axis.index.length; t++) if (axis.weight[t] !== 0) used[axis.index[t]!] = 1;
  const [first, last] = inputRange(axis, 0, axis.outputs);
  const list: number[] = [];
  for (let i = first; i <= last; i++) if (used[i] === 1) list.push(i);
  return list;
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

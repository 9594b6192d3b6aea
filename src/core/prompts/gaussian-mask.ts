/** The Gaussian mask prompt (Eq. 3), from the photo's frame to the decoder's 256×256 grid. */
import { ENCODER_SIZE, type Frame, LOW_RES_SIZE } from "../frame.ts";
import { type Box, type Mask, maskBox, type Point } from "../mask.ts";
import { type Axis, composeAxes, linearAxis, resample } from "../resample.ts";
import { scratchFloats } from "../scratch.ts";

/** Weight of a foreground pixel, 0..1. */
export type GaussianWeight = (x: number, y: number, index: number) => number;

/** Eq. 3 without its amplitude: exp(−‖(x, y) − (x0, y0)‖² / (|M|·γ)). */
export function radialGaussian(centre: Point, area: number, gamma: number): GaussianWeight {
  const spread = area * gamma;
  // The exponential of a sum is a product, and distances along an axis are few.
  const along: number[] = [];
  const at = (distance: number): number => {
    while (along.length <= distance) along.push(Math.exp(-(along.length ** 2) / spread));
    return along[distance]!;
  };
  return (x, y) => at(Math.abs(x - centre.x)) * at(Math.abs(y - centre.y));
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
  // (weight + 1) is 0 off the object, so that cropped and padded regions need no pass of their own.
  const low = toLowRes(mask, box, frame, (x, y, i) => weight(x, y, i) + 1);
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
  const inside = lowResMask(mask, frame, box);
  const low = toLowRes(mask, box, frame, weight);
  for (let i = 0; i < low.length; i++)
    low[i] = (inside[i] === 1 ? omega : -omega) * (low[i]! <= 0 ? 1 : low[i]!);
  return low;
}

/** The mask on the decoder's grid, `Uint8Array [256, 256]`: 1 where at least half of the interpolated cell is object. */
export function lowResMask(mask: Mask, frame: Frame, box?: Box): Uint8Array {
  const known = lowResMasks.get(mask.data);
  if (known !== undefined) return known;
  const low = toLowRes(mask, box ?? maskBox(mask), frame, undefined);
  const out = new Uint8Array(low.length);
  for (let i = 0; i < low.length; i++) if (low[i]! >= 0.5) out[i] = 1;
  lowResMasks.set(mask.data, out);
  return out;
}

/** The prompt and the scores of an iteration need the same grid. */
const lowResMasks = new WeakMap<Uint8Array, Uint8Array>();

/** Photo → 1024 frame (bilinear) → padding → 256 grid (bilinear), values 0 off the mask, and on it 1 unless given. */
function toLowRes(
  mask: Mask,
  box: Box | undefined,
  frame: Frame,
  value: GaussianWeight | undefined,
): Float32Array {
  const low = new Float32Array(LOW_RES_SIZE * LOW_RES_SIZE);
  if (box === undefined) return low;
  const columns = lowResAxis(frame.width, frame.scaledWidth);
  const rows = lowResAxis(frame.height, frame.scaledHeight);
  const field = sampledPhoto(mask, box, columns.inputs, rows.inputs, value);
  const [x0, x1] = cellsReading(box[0], box[2], frame.scaledWidth / frame.width);
  const [y0, y1] = cellsReading(box[1], box[3], frame.scaledHeight / frame.height);
  const part = resample(field, columns.inputs.length, columns.axis, rows.axis, { x0, y0, x1, y1 });
  const width = x1 - x0;
  for (let y = y0; y < y1; y++)
    low.set(part.subarray((y - y0) * width, (y - y0 + 1) * width), y * LOW_RES_SIZE + x0);
  return low;
}

/** The cells `[from, to)` that may read photo positions `first` to `last`; both steps reach two cells at most. */
function cellsReading(first: number, last: number, scale: number): [from: number, to: number] {
  const from = Math.floor(((first - 1) * scale) / 4) - 1;
  const to = Math.ceil(((last + 2) * scale) / 4) + 2;
  return [Math.max(0, from), Math.min(LOW_RES_SIZE, to)];
}

/** The field at the photo's rows and columns that the grid reads, `[rows, columns]`. */
function sampledPhoto(
  { width, data }: Mask,
  [left, top, right, bottom]: Box,
  columns: Int32Array,
  rows: Int32Array,
  value: GaussianWeight | undefined,
): Float32Array {
  const field = scratchFloats("field", rows.length * columns.length).fill(0);
  for (let r = 0; r < rows.length; r++) {
    const y = rows[r]!;
    if (y < top || y > bottom) continue;
    for (let c = 0, to = r * columns.length; c < columns.length; c++, to++) {
      const x = columns[c]!;
      if (x < left) continue;
      if (x > right) break;
      const i = y * width + x;
      if (data[i] === 1) field[to] = value === undefined ? 1 : value(x, y, i);
    }
  }
  return field;
}

/** An axis over the photo positions that it reads at all: at most four per cell. */
interface SparseAxis {
  readonly axis: Axis;
  /** Photo positions, ascending; the axis indexes into them. */
  readonly inputs: Int32Array;
}

function sparse(axis: Axis): SparseAxis {
  const used = new Set<number>();
  for (let t = 0; t < axis.index.length; t++) if (axis.weight[t] !== 0) used.add(axis.index[t]!);
  const inputs = Int32Array.from([...used].sort((a, b) => a - b));
  const place = new Map([...inputs].map((input, i) => [input, i]));
  const index = axis.index.map((input) => place.get(input) ?? 0);
  return { axis: { ...axis, index }, inputs };
}

const axes = new Map<string, SparseAxis>();

/** Kept per size: a data set has few photo sizes and every mask of a photo shares them. */
function lowResAxis(size: number, scaled: number): SparseAxis {
  const key = `${size}/${scaled}`;
  let axis = axes.get(key);
  if (axis === undefined) {
    axis = sparse(composeAxes(linearAxis(size, scaled), linearAxis(ENCODER_SIZE, LOW_RES_SIZE)));
    if (axes.size > 64) axes.clear();
    axes.set(key, axis);
  }
  return axis;
}

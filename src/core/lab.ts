/** sRGB to CIE Lab (D65), through tables: photos have 8 bits a channel. */

/** A photo: `Uint8Array [height, width, 3]` row-major sRGB. */
export interface Photo {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** `Uint8Array [height, width, 3]`. */
  readonly data: Uint8Array;
}

const LINEAR = Float32Array.from({ length: 256 }, (_, v) => linear(v / 255));
const CURVE_STEPS = 4096;
const CURVE = Float32Array.from({ length: CURVE_STEPS + 2 }, (_, i) => labCurve(i / CURVE_STEPS));

/** Planes of L (0..100), a and b. */
export type LabPlanes = readonly [lightness: Float32Array, a: Float32Array, b: Float32Array];

/** Planes for `count` pixels. */
export function labPlanes(count: number): LabPlanes {
  return [new Float32Array(count), new Float32Array(count), new Float32Array(count)];
}

/**
 * Writes L (0..100), a and b of `count` pixels, each into a plane of its own.
 *
 * @param rgb interleaved sRGB 0..255; fractions are allowed and rounded to the nearest table entry
 * @param planes three arrays of at least `count`
 */
export function toLab(rgb: ArrayLike<number>, count: number, planes: LabPlanes): void {
  for (let i = 0, j = 0; i < count; i++, j += 3)
    putLab(planes, i, (rgb[j]! + 0.5) | 0, (rgb[j + 1]! + 0.5) | 0, (rgb[j + 2]! + 0.5) | 0);
}

/**
 * As {@link toLab}, for pixels as photos hold them.
 *
 * @param rgb interleaved sRGB
 * @param first index of the first pixel
 */
export function bytesToLab(rgb: Uint8Array, first: number, count: number, planes: LabPlanes): void {
  for (let i = 0, j = 3 * first; i < count; i++, j += 3) putLab(planes, i, rgb[j]!, rgb[j + 1]!, rgb[j + 2]!);
}

/**
 * As {@link bytesToLab}, for every `step`-th pixel of a row.
 *
 * @param first index of the first pixel
 * @param to index of the first of `count` places in the planes
 */
export function everyNthToLab(
  rgb: Uint8Array,
  first: number,
  step: number,
  to: number,
  count: number,
  planes: LabPlanes,
): void {
  for (let i = to, j = 3 * first; i < to + count; i++, j += 3 * step)
    putLab(planes, i, rgb[j]!, rgb[j + 1]!, rgb[j + 2]!);
}

function putLab([lightness, a, b]: LabPlanes, i: number, r: number, g: number, v: number): void {
  const red = LINEAR[r]!;
  const green = LINEAR[g]!;
  const blue = LINEAR[v]!;
  const x = curve((0.412453 * red + 0.35758 * green + 0.180423 * blue) / 0.950456);
  const y = curve(0.212671 * red + 0.71516 * green + 0.072169 * blue);
  const z = curve((0.019334 * red + 0.119193 * green + 0.950227 * blue) / 1.088754);
  lightness[i] = 116 * y - 16;
  a[i] = 500 * (x - y);
  b[i] = 200 * (y - z);
}

function linear(v: number): number {
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

function labCurve(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116;
}

/** By linear interpolation; white may exceed 1 by rounding, for which the table has an entry to spare. */
function curve(t: number): number {
  const position = t * CURVE_STEPS;
  const i = position | 0;
  const low = CURVE[i]!;
  return low + (CURVE[i + 1]! - low) * (position - i);
}

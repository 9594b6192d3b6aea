/** sRGB to CIE Lab (D65), through tables: photos have 8 bits a channel. */

/** A photo: `Uint8Array [height, width, 3]` row-major sRGB. */
export interface Photo {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

const LINEAR = Float32Array.from({ length: 256 }, (_, v) => linear(v / 255));
const CURVE_STEPS = 4096;
const CURVE = Float32Array.from({ length: CURVE_STEPS + 2 }, (_, i) => labCurve(i / CURVE_STEPS));

/**
 * Writes L (0..100), a and b of `count` pixels, each into a plane of its own.
 *
 * @param rgb interleaved sRGB 0..255; fractions are allowed and rounded to the nearest table entry
 * @param planes three arrays of at least `count`
 */
export function toLab(
  rgb: ArrayLike<number>,
  count: number,
  planes: readonly [Float32Array, Float32Array, Float32Array],
): void {
  const [lightness, a, b] = planes;
  for (let i = 0, j = 0; i < count; i++, j += 3) {
    const red = LINEAR[(rgb[j]! + 0.5) | 0]!;
    const green = LINEAR[(rgb[j + 1]! + 0.5) | 0]!;
    const blue = LINEAR[(rgb[j + 2]! + 0.5) | 0]!;
    const x = curve((0.412453 * red + 0.35758 * green + 0.180423 * blue) / 0.950456);
    const y = curve(0.212671 * red + 0.71516 * green + 0.072169 * blue);
    const z = curve((0.019334 * red + 0.119193 * green + 0.950227 * blue) / 1.088754);
    lightness[i] = 116 * y - 16;
    a[i] = 500 * (x - y);
    b[i] = 200 * (y - z);
  }
}

function linear(v: number): number {
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

function labCurve(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116;
}

function curve(t: number): number {
  const position = Math.min(Math.max(t, 0), 1) * CURVE_STEPS;
  const i = position | 0;
  const low = CURVE[i]!;
  return low + (CURVE[i + 1]! - low) * (position - i);
}

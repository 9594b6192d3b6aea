/** 16-bit floating-point numbers, which JavaScript of today's Node does not know. */

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/**
 * The bits of float16 values, rounded to nearest, ties to even.
 *
 * @returns `Uint16Array` as long as the values
 */
export function toHalf(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) halves[i] = halfOf(values[i]!);
  return halves;
}

function halfOf(value: number): number {
  single[0] = value;
  const all = bits[0]!;
  const sign = (all >>> 16) & 0x8000;
  const rest = all & 0x7fffffff;
  if (rest > 0x7f800000) return sign | 0x7e00;
  // From the middle between the largest number and the next power of two on, everything is infinite.
  if (rest >= 0x477ff000) return sign | 0x7c00;
  if (rest < 0x38800000) return sign | subnormal(rest);
  const odd = (rest >>> 13) & 1;
  return sign | ((rest - 0x38000000 + 0xfff + odd) >>> 13);
}

/** Steps of 2⁻²⁴; `Math.round` breaks ties upwards, so that ties at odd numbers are right and others step back. */
function subnormal(rest: number): number {
  bits[0] = rest;
  const steps = single[0]! * 2 ** 24;
  const near = Math.round(steps);
  return near - steps === 0.5 && near % 2 === 1 ? near - 1 : near;
}

let table: Float32Array | undefined;

/**
 * Values of float16 bits.
 *
 * @returns `Float32Array` as long as the bits
 */
export function fromHalf(halves: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, half) => numberOf(half));
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = table[halves[i]!]!;
  return values;
}

function numberOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * The masks every room speaks: a binary mask of one object and a label map of many.
 * Coordinates: x right, y down, pixel (0, 0) top-left.
 */

/** A binary mask: `data` is `[height, width]` row-major, 1 = foreground, 0 = background. */
export interface Mask {
  /** Pixels from left to right. */
  readonly width: number;
  /** Pixels from top to bottom. */
  readonly height: number;
  /** `[height, width]` row-major, every value 0 or 1. */
  readonly data: Uint8Array;
}

/** A label map: `data` is `[height, width]` row-major, one class or instance id per pixel, 0 = background. */
export interface LabelMap {
  /** Pixels from left to right. */
  readonly width: number;
  /** Pixels from top to bottom. */
  readonly height: number;
  /** `[height, width]` row-major ids. */
  readonly data: Uint8Array | Uint16Array;
}

/** A pixel position. */
export interface Point {
  /** Pixels from the left border. */
  readonly x: number;
  /** Pixels from the top border. */
  readonly y: number;
}

/** `[x0, y0, x1, y1]` in pixels, **both ends inclusive**. */
export type Box = readonly [x0: number, y0: number, x1: number, y1: number];

/** An all-background mask of the given size. */
export function createMask(width: number, height: number): Mask {
  return { width, height, data: new Uint8Array(width * height) };
}

/** Number of foreground pixels. */
export function maskArea({ data }: Mask): number {
  return countOnes(data);
}

/**
 * Number of ones.
 *
 * @param data 0 and 1 only
 */
export function countOnes(data: Uint8Array): number {
  const head = Math.min(data.length, (4 - (data.byteOffset % 4)) % 4);
  const aligned = (data.length - head) >> 2;
  let count = sumOf(data, 0, head) + sumOf(data, head + 4 * aligned, data.length);
  if (aligned === 0) return count;
  // The bytes of a word are 0 or 1, so a multiplication adds them up.
  const words = new Uint32Array(data.buffer, data.byteOffset + head, aligned);
  for (let i = 0; i < words.length; i++) count += Math.imul(words[i]!, 0x01010101) >>> 24;
  return count;
}

function sumOf(data: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += data[i]!;
  return sum;
}

/**
 * Sets what another mask holds.
 *
 * @param data changed; 0 and 1 only
 * @param other as long as `data`, 0 and 1 only
 */
export function orInto(data: Uint8Array, other: Uint8Array): void {
  for (let start = other.indexOf(1); start >= 0; ) {
    const next = other.indexOf(0, start);
    const end = next < 0 ? other.length : next;
    data.fill(1, start, end);
    start = next < 0 ? -1 : other.indexOf(1, end);
  }
}

/** Whether every value is 0 or 1. */
export function isBinary(data: Uint8Array | Uint16Array): boolean {
  if (data instanceof Uint16Array || data.byteOffset % 4 !== 0) return data.every((v) => v <= 1);
  // Four pixels at a time.
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length >> 2);
  for (let i = 0; i < words.length; i++) if ((words[i]! & 0xfefefefe) !== 0) return false;
  return data.subarray(4 * words.length).every((v) => v <= 1);
}

/** Whether two arrays hold the same values. */
export function sameValues(a: LabelMap["data"], b: LabelMap["data"]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Tight box of the foreground (both ends inclusive), or `undefined` for an empty mask. */
export function maskBox(mask: Mask): Box | undefined {
  const { width, data } = mask;
  const start = data.indexOf(1);
  if (start < 0) return undefined;
  const y0 = Math.floor(start / width);
  const y1 = Math.floor(data.lastIndexOf(1) / width);
  let x0 = width;
  let x1 = -1;
  for (let y = y0; y <= y1; y++) {
    // Only what could widen the box is looked at.
    const left = data.subarray(y * width, y * width + x0).indexOf(1);
    if (left >= 0) x0 = left;
    const right = data.subarray(y * width + x1 + 1, (y + 1) * width).lastIndexOf(1);
    if (right >= 0) x1 += 1 + right;
  }
  return [x0, y0, x1, y1];
}

/** Area of a box in pixels, both ends inclusive. */
export function boxArea([x0, y0, x1, y1]: Box): number {
  return (x1 - x0 + 1) * (y1 - y0 + 1);
}

/** The smallest box that holds both. */
export function boxUnion(a: Box, b: Box): Box {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** A PNG's first chunk, IHDR. */
import { unusable } from "../unusable.ts";

/** IHDR as far as PNG leaves a choice. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits per sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  readonly colour: PngColour;
  /** Samples per pixel: 1 to 4. */
  readonly channels: number;
  /** Adam7. */
  readonly interlaced: boolean;
}

/** What the samples of a pixel mean. */
export type PngColour = "gray" | "rgb" | "palette" | "gray+alpha" | "rgb+alpha";

/** Position = IHDR's colour type; holes are types that PNG does not have. */
const colours: readonly (readonly [PngColour, channels: number, depths: readonly number[]] | undefined)[] = [
  ["gray", 1, [1, 2, 4, 8, 16]],
  undefined,
  ["rgb", 3, [8, 16]],
  ["palette", 1, [1, 2, 4, 8]],
  ["gray+alpha", 2, [8, 16]],
  undefined,
  ["rgb+alpha", 4, [8, 16]],
];

/** Where IHDR's data keeps its interlace flag. */
export const interlaceOffset = 12;

/**
 * Reads the 13 bytes of IHDR.
 *
 * @throws InputError for a size of zero or a combination that PNG does not have.
 */
export function readHeader(data: Uint8Array, name: string): PngHeader {
  if (data.length !== 13) throw unusable(name, `a PNG header of ${data.length} bytes`, "13");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const [width, height, depth] = [view.getUint32(0), view.getUint32(4), view.getUint8(8)];
  const kind = colours[view.getUint8(9)];
  if (!kind?.[2].includes(depth)) {
    throw unusable(name, `a PNG of colour type ${data[9]} at ${depth} bits`, "a combination that PNG allows");
  }
  checkSize(width, height, name);
  checkMethods(data, name);
  return {
    width,
    height,
    depth,
    colour: kind[0],
    channels: kind[1],
    interlaced: data[interlaceOffset] === 1,
  };
}

function checkSize(width: number, height: number, name: string): void {
  const ok = (side: number): boolean => side > 0 && side < 2 ** 31;
  if (!ok(width) || !ok(height)) throw unusable(name, `a size of ${width} x ${height}`, "at least one pixel");
}

function checkMethods(data: Uint8Array, name: string): void {
  if (data[10] !== 0 || data[11] !== 0 || data[interlaceOffset]! > 1) {
    const found = Array.from(data.subarray(10), String).join(", ");
    throw unusable(name, `PNG compression, filter and interlace methods ${found}`, "0, 0 and 0 or 1");
  }
}

/** Bytes of a row of `width` packed pixels, without the filter byte. */
export function rowBytes(header: PngHeader, width: number): number {
  return Math.ceil((width * header.channels * header.depth) / 8);
}

/** Distance in bytes between a byte and its left neighbour's, as filters count it. */
export function pixelBytes(header: PngHeader): number {
  return Math.max(1, (header.channels * header.depth) / 8);
}

/** Largest value of a sample. */
export function fullScale(header: PngHeader): number {
  return 2 ** header.depth - 1;
}

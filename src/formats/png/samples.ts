/** Samples in packed rows: `[height, rowBytes]`, most significant bit and byte first. */
import { fullScale, type PngHeader, pixelBytes, rowBytes } from "./header.ts";

/**
 * The first sample of every pixel: gray, red or palette index.
 *
 * @param rows - `[height, rowBytes]` packed.
 * @returns `[height, width]` row-major, 16-bit only for 16-bit files; `rows` itself where every byte is a sample.
 */
export function readSamples(rows: Uint8Array, header: PngHeader): Uint8Array | Uint16Array {
  const { width, height, depth } = header;
  if (depth < 8) return unpackBits(rows, header);
  if (depth === 8 && header.channels === 1) return rows;
  const samples = depth === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  const step = pixelBytes(header);
  for (let i = 0, at = 0; i < samples.length; i++, at += step) {
    samples[i] = depth === 16 ? (rows[at]! << 8) | rows[at + 1]! : rows[at]!;
  }
  return samples;
}

function unpackBits(rows: Uint8Array, header: PngHeader): Uint8Array {
  const { width, height, depth } = header;
  const samples = new Uint8Array(width * height);
  const stride = rowBytes(header, width);
  const mask = fullScale(header);
  for (let y = 0, i = 0; y < height; y++) {
    for (let bit = 0; bit < width * depth; bit += depth, i++) {
      samples[i] = (rows[y * stride + (bit >> 3)]! >> (8 - depth - (bit & 7))) & mask;
    }
  }
  return samples;
}

/** Sets pixel `i`: gray, palette index, or red, green and blue alike. Alpha stays. */
export function writeSample(rows: Uint8Array, header: PngHeader, i: number, sample: number): void {
  if (header.depth < 8) writeBits(rows, header, i, sample);
  else writeBytes(rows, header, i, sample);
}

function writeBytes(rows: Uint8Array, header: PngHeader, i: number, sample: number): void {
  const { depth, channels } = header;
  const start = i * pixelBytes(header);
  const end = start + ((channels < 3 ? 1 : 3) * depth) / 8;
  for (let at = start; at < end; ) {
    if (depth === 16) rows[at++] = sample >> 8;
    rows[at++] = sample;
  }
}

function writeBits(rows: Uint8Array, header: PngHeader, i: number, sample: number): void {
  const { depth, width } = header;
  const bit = (i % width) * depth;
  const at = Math.floor(i / width) * rowBytes(header, width) + (bit >> 3);
  const shift = 8 - depth - (bit & 7);
  rows[at] = (rows[at]! & ~(fullScale(header) << shift)) | (sample << shift);
}

/** Whether red, green and blue are alike in every pixel; true for pictures without colour. */
export function isGray(rows: Uint8Array, header: PngHeader): boolean {
  if (header.channels < 3) return true;
  const step = pixelBytes(header);
  const bytes = header.depth / 8;
  for (let at = 0; at < rows.length; at += step) {
    for (let k = at; k < at + bytes; k++) {
      if (rows[k] !== rows[k + bytes] || rows[k] !== rows[k + 2 * bytes]) return false;
    }
  }
  return true;
}

/** Whether the picture has an alpha channel that is not the same everywhere. */
export function alphaVaries(rows: Uint8Array, header: PngHeader): boolean {
  if (header.channels % 2 === 1) return false;
  const step = pixelBytes(header);
  const bytes = header.depth / 8;
  for (let at = step - bytes; at < rows.length; at += step) {
    for (let k = 0; k < bytes; k++) if (rows[at + k] !== rows[step - bytes + k]) return true;
  }
  return false;
}

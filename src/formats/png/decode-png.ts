import { checkPixelLimit } from "../check-pixel-limit.ts";
import { unusable } from "../unusable.ts";
import { concatBytes, type PngChunk, type PngChunks, readChunk, readChunks, signature } from "./chunks.ts";
import { type PngHeader, pixelBytes, readHeader, rowBytes } from "./header.ts";
import { inflatePixels } from "./inflate-pixels.ts";
import { type Pass, passBytes, passesOf } from "./passes.ts";
import { readSamples, writeSample } from "./samples.ts";
import { unfilter } from "./unfilter.ts";

/** A decoded PNG: its pixels as stored, and everything needed to write it again. */
export interface PngImage extends PngChunks {
  readonly header: PngHeader;
  /** `[height, rowBytes]` packed pixels, unfiltered and not interlaced. */
  readonly rows: Uint8Array;
  /** Number of palette entries; `undefined` unless the colour type is palette. */
  readonly paletteSize: number | undefined;
}

/**
 * Decodes a PNG without touching its samples: no colour conversion, no scaling.
 * Takes what libpng takes, also palette indices beyond the palette; but no data after the pixels.
 *
 * @param bytes - the file, its signature checked by the caller.
 * @param pixelLimit - checked against the declared size before anything is unpacked.
 * @throws InputError if the file is broken, too large or animated.
 */
export function decodePNG(bytes: Uint8Array, name: string, pixelLimit?: number): PngImage {
  const header = readFirstChunk(bytes, name);
  checkPixelLimit(name, header.width, header.height, pixelLimit);
  const file = readChunks(bytes, name);
  checkOrder(file.chunks, name);
  const paletteSize = header.colour === "palette" ? readPaletteSize(file.chunks, name) : undefined;
  const passes = passesOf(header);
  const size = passes.reduce((sum, pass) => sum + passBytes(header, pass), 0);
  const packed = file.chunks.filter((chunk) => chunk.type === "IDAT").map((chunk) => chunk.data);
  const filtered = inflatePixels(concatBytes(packed), size, name);
  return { ...file, header, paletteSize, rows: readPasses(filtered, header, passes, name) };
}

/** IHDR comes first and has a fixed place, so a lie about the size is found before the chunks are walked. */
function readFirstChunk(bytes: Uint8Array, name: string): PngHeader {
  const first = readChunk(bytes, signature.length, name);
  if (first.type !== "IHDR") throw unusable(name, `a PNG that starts with ${first.type}`, "IHDR first");
  return readHeader(first.data, name);
}

function checkOrder(chunks: readonly PngChunk[], name: string): void {
  const types = chunks.map((chunk) => chunk.type);
  const [first, last] = [types.indexOf("IDAT"), types.lastIndexOf("IDAT")];
  if (first < 0) throw unusable(name, "a PNG without image data", "an IDAT chunk");
  if (types.slice(first, last).some((type) => type !== "IDAT")) {
    throw unusable(name, "a PNG whose image data is interrupted", "its IDAT chunks in one run");
  }
  if (types.lastIndexOf("IHDR") > 0) throw unusable(name, "a PNG with two headers", "one IHDR chunk");
  if (types.includes("fdAT")) throw unusable(name, "an animated PNG", "a single picture");
}

function readPaletteSize(chunks: readonly PngChunk[], name: string): number {
  const before = chunks.slice(
    0,
    chunks.findIndex((chunk) => chunk.type === "IDAT"),
  );
  const bytes = before.find((chunk) => chunk.type === "PLTE")?.data.length ?? 0;
  if (bytes === 0 || bytes % 3 !== 0 || bytes > 768) {
    throw unusable(name, `a palette PNG with ${bytes} bytes of palette`, "3 for each of 1 to 256 colours");
  }
  return bytes / 3;
}

function readPasses(
  filtered: Uint8Array,
  header: PngHeader,
  passes: readonly Pass[],
  name: string,
): Uint8Array {
  const picture = new Uint8Array(header.interlaced ? header.height * rowBytes(header, header.width) : 0);
  let offset = 0;
  for (const pass of passes) {
    const part = filtered.subarray(offset, offset + passBytes(header, pass));
    const rows = unfilter(part, rowBytes(header, pass.width), pixelBytes(header), name);
    if (!header.interlaced) return rows;
    spread(rows, pass, picture, header);
    offset += part.length;
  }
  return picture;
}

function spread(rows: Uint8Array, pass: Pass, picture: Uint8Array, header: PngHeader): void {
  const step = (header.channels * header.depth) / 8;
  const samples = step < 1 ? readSamples(rows, { ...header, width: pass.width, height: pass.height }) : rows;
  for (let i = 0; i < pass.width * pass.height; i++) {
    const x = pass.x0 + (i % pass.width) * pass.dx;
    const y = pass.y0 + Math.floor(i / pass.width) * pass.dy;
    const at = y * header.width + x;
    if (step < 1) writeSample(picture, header, at, samples[i]!);
    else picture.set(rows.subarray(i * step, (i + 1) * step), at * step);
  }
}

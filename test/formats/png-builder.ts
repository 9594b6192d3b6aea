/** Builds PNGs of every kind for tests, independently of the code under test. */
import { crc32, deflateSync } from "node:zlib";

export interface PngSpec {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** 0 gray, 2 RGB, 3 palette, 4 gray+alpha, 6 RGB+alpha. */
  readonly colourType: number;
  /** Samples of all pixels, row-major, channels interleaved. */
  readonly samples: ArrayLike<number>;
  readonly interlaced?: boolean;
  /** Filter of row `y` of a pass. @default 0 */
  readonly filter?: (y: number) => number;
  /** Chunks between IHDR and IDAT. */
  readonly before?: readonly Uint8Array[];
  /** Chunks between IDAT and IEND. */
  readonly after?: readonly Uint8Array[];
  /** Bytes per IDAT chunk. @default one chunk */
  readonly split?: number;
}

export const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

export function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([latin1(type), data]);
  return Buffer.concat([uint32(data.length), body, uint32(crc32(body))]);
}

/** A palette of `size` colours that are all different. */
export function palette(size: number): Uint8Array {
  return chunk(
    "PLTE",
    Uint8Array.from({ length: size * 3 }, (_, i) => (i * 37) % 256),
  );
}

function uint32(value: number): Uint8Array {
  return bytes(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

export const pngSignature: Uint8Array = bytes(137, 80, 78, 71, 13, 10, 26, 10);

export function header(spec: Omit<PngSpec, "samples">): Uint8Array {
  const { width, height, depth, colourType, interlaced } = spec;
  const rest = bytes(depth, colourType, 0, 0, interlaced ? 1 : 0);
  return chunk("IHDR", Buffer.concat([uint32(width), uint32(height), rest]));
}

export function buildPNG(spec: PngSpec): Uint8Array {
  const packed = deflateSync(scanlines(spec));
  const step = spec.split ?? packed.length;
  const idats: Uint8Array[] = [];
  for (let at = 0; at < packed.length; at += step) idats.push(chunk("IDAT", packed.subarray(at, at + step)));
  return assemble([
    header(spec),
    ...(spec.before ?? []),
    ...idats,
    ...(spec.after ?? []),
    chunk("IEND", bytes()),
  ]);
}

export function assemble(chunks: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat([pngSignature, ...chunks]));
}

/** Filtered rows of all passes. */
export function scanlines(spec: PngSpec): Uint8Array {
  const grids = spec.interlaced
    ? // From the picture of the 8 x 8 pattern in the specification: which pass each pixel belongs to.
      ["1", "2", "3", "4", "5", "6", "7"].map(
        (pass) => (x: number, y: number) => adam7[y % 8]![x % 8] === pass,
      )
    : [() => true];
  return Buffer.concat(grids.map((has) => passRows(spec, has)));
}

const adam7 = [
  "16462646",
  "77777777",
  "56565656",
  "77777777",
  "36463646",
  "77777777",
  "56565656",
  "77777777",
];

function passRows(spec: PngSpec, has: (x: number, y: number) => boolean): Uint8Array {
  const rows: Uint8Array[] = [];
  for (let y = 0; y < spec.height; y++) {
    const columns = Array.from({ length: spec.width }, (_, x) => x).filter((x) => has(x, y));
    if (columns.length > 0) rows.push(pack(spec, y, columns));
  }
  return Buffer.concat(rows.map((row, y) => filterRow(spec, row, rows[y - 1], y)));
}

function pack({ width, depth, colourType, samples }: PngSpec, y: number, columns: number[]): Uint8Array {
  const channels = channelsOf[colourType]!;
  const bits = columns
    .flatMap((x) => Array.from({ length: channels }, (_, c) => samples[(y * width + x) * channels + c]!))
    .map((sample) => sample.toString(2).padStart(depth, "0"))
    .join("");
  return Uint8Array.from(bits.match(/.{1,8}/g)!, (byte) => Number.parseInt(byte.padEnd(8, "0"), 2));
}

function filterRow(spec: PngSpec, row: Uint8Array, above: Uint8Array | undefined, y: number): Uint8Array {
  const type = spec.filter?.(y) ?? 0;
  const bpp = Math.max(1, (channelsOf[spec.colourType]! * spec.depth) / 8);
  const filtered = row.map((byte, i) => {
    const a = row[i - bpp] ?? 0;
    const b = above?.[i] ?? 0;
    const c = (i < bpp ? 0 : above?.[i - bpp]) ?? 0;
    return byte - [0, a, b, Math.floor((a + b) / 2), nearest(a, b, c)][type]!;
  });
  return Buffer.concat([bytes(type), filtered]);
}

function nearest(a: number, b: number, c: number): number {
  const target = a + b - c;
  return [a, b, c].reduce((best, each) => (Math.abs(target - each) < Math.abs(target - best) ? each : best));
}

/** The chunks of a PNG as `type` and whole bytes. */
export function chunksOf(png: Uint8Array): { type: string; bytes: Uint8Array }[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const found: { type: string; bytes: Uint8Array }[] = [];
  for (let at = 8; at < png.length; ) {
    const end = at + 12 + view.getUint32(at);
    found.push({
      type: Buffer.from(png.subarray(at + 4, at + 8)).toString("latin1"),
      bytes: new Uint8Array(png.subarray(at, end)),
    });
    at = end;
  }
  return found;
}

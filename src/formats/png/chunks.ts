/** A PNG file as a list of chunks. */
import { crc32 } from "node:zlib";
import { unusable } from "../unusable.ts";

/** One chunk of a PNG. */
export interface PngChunk {
  /** Four letters, for example `IDAT`. */
  readonly type: string;
  readonly data: Uint8Array;
  /** The whole chunk as it stands in the file: length, type, data, CRC. */
  readonly bytes: Uint8Array;
}

/** The chunks from IHDR to IEND, and what follows them. */
export interface PngChunks {
  readonly chunks: readonly PngChunk[];
  readonly trailer: Uint8Array;
}

/** The eight bytes every PNG starts with. */
export const signature: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

const known = new Set(["IHDR", "PLTE", "IDAT", "IEND"]);

/**
 * Splits a PNG, whose signature the caller has checked, into chunks without copying.
 * CRCs of ancillary chunks are not checked: these chunks are carried along, not read.
 *
 * @throws InputError if the file ends before IEND, a critical chunk's CRC is wrong, or one is unknown.
 */
export function readChunks(bytes: Uint8Array, name: string): PngChunks {
  const chunks: PngChunk[] = [];
  let offset = signature.length;
  while (chunks.at(-1)?.type !== "IEND") {
    const chunk = readChunk(bytes, offset, name);
    chunks.push(chunk);
    offset += chunk.bytes.length;
  }
  return { chunks, trailer: bytes.subarray(offset) };
}

/** The chunk that starts at `offset`; errors as in `readChunks`. */
export function readChunk(bytes: Uint8Array, offset: number, name: string): PngChunk {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const left = bytes.length - offset;
  if (left < 12) throw unusable(name, "a PNG cut short before its end chunk", "a complete file");
  const length = view.getUint32(offset);
  const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
  if (!/^[A-Za-z]{4}$/.test(type))
    throw unusable(name, "a PNG with a damaged chunk", "chunks named in letters");
  if (left - 12 < length) throw unusable(name, `a PNG cut short in its ${type} chunk`, "a complete file");
  const end = offset + 8 + length;
  checkCritical(type, crc32(bytes.subarray(offset + 4, end)) === view.getUint32(end), name);
  return { type, data: bytes.subarray(offset + 8, end), bytes: bytes.subarray(offset, end + 4) };
}

function checkCritical(type: string, intact: boolean, name: string): void {
  const critical = type.charAt(0) < "a";
  if (critical && !intact)
    throw unusable(name, `a PNG whose ${type} chunk fails its checksum`, "intact data");
  if (critical && !known.has(type)) throw unusable(name, `a PNG with an unknown ${type} chunk`, "plain PNG");
}

/** Builds a chunk with its length and CRC. */
export function makeChunk(type: string, data: Uint8Array): PngChunk {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return { type, data: bytes.subarray(8, 8 + data.length), bytes };
}

/** Joins byte arrays. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

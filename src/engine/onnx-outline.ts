/**
 * What a model file says apart from its weights: encoders are hundreds of megabytes, and their graph is a few hundred
 * kilobytes of it. The outline is the same protobuf message without the large fields, read without loading them.
 */
import { type FileHandle, open } from "node:fs/promises";
import { type OnnxModel, parseOnnx } from "./onnx-model.ts";

/** Stored values up to this many bytes are kept: constants that a graph computes with. */
const SMALL = 4096;
/** Graphs without weights are far smaller; what is larger is no model. */
const MOST_BYTES = 2 ** 28;
const WINDOW = 2 ** 16;
/** Tag and length of a field. */
const HEAD = 20;

/** Kinds of fields on the wire. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** Which fields of a message are messages to look into; of a tensor, which are its values. */
interface Level {
  readonly inner: ReadonlyMap<number, Level>;
  readonly values: ReadonlySet<number>;
}

const tensor: Level = { inner: new Map(), values: new Set([4, 5, 7, 9, 10, 11]) };
const graph: Level = { inner: new Map([[5, tensor]]), values: new Set() };
const model: Level = { inner: new Map([[7, graph]]), values: new Set() };

/**
 * Reads the outline of a model file.
 *
 * @throws {Error} where the file cannot be read, or is no protobuf message of that shape
 */
export async function readOnnxOutline(path: string): Promise<OnnxModel> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const cursor = new Cursor(handle);
    return parseOnnx(await outlineOf(cursor, size, model));
  } finally {
    await handle.close();
  }
}

async function outlineOf(cursor: Cursor, end: number, level: Level): Promise<Buffer> {
  const parts: Buffer[] = [];
  let total = 0;
  while (cursor.position < end) {
    const part = await fieldOf(cursor, end, level);
    total += part.length;
    if (total > MOST_BYTES) throw new Error("the graph is too large");
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** One field: whole, as an outline of its own, or nothing of it. */
async function fieldOf(cursor: Cursor, end: number, level: Level): Promise<Buffer> {
  const start = cursor.position;
  const tag = await cursor.varint();
  const [number, kind] = [Math.floor(tag / 8), tag % 8];
  const length = await contentLength(cursor, kind);
  const content = cursor.position;
  if (content + length > end) throw new Error("a field ends behind its message");
  const inner = kind === BYTES ? level.inner.get(number) : undefined;
  if (inner !== undefined) {
    const outline = await outlineOf(cursor, content + length, inner);
    return Buffer.concat([varintBytes(tag), varintBytes(outline.length), outline]);
  }
  cursor.position = content + length;
  if (level.values.has(number) && length > SMALL) return Buffer.alloc(0);
  if (length > MOST_BYTES) throw new Error("the graph is too large");
  return cursor.read(start, content + length - start);
}

async function contentLength(cursor: Cursor, kind: number): Promise<number> {
  if (kind === BYTES) return cursor.varint();
  if (kind === FIXED64) return 8;
  if (kind === FIXED32) return 4;
  if (kind !== VARINT) throw new Error(`a field of the unknown kind ${kind}`);
  const start = cursor.position;
  await cursor.varint();
  const length = cursor.position - start;
  cursor.position = start;
  return length;
}

/** A place in a file, read through a window. */
class Cursor {
  position = 0;
  readonly #handle: FileHandle;
  #window: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** A number of seven bits a byte; only the lower 53 bits are right, which no length exceeds. */
  async varint(): Promise<number> {
    const bytes = await this.#peek();
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = bytes[i];
      if (byte === undefined) throw new Error("the file ends inside of a number");
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) {
        this.position += i + 1;
        return value;
      }
    }
    throw new Error("a number of more than ten bytes");
  }

  /** Bytes of the file; the position stays. */
  async read(start: number, length: number): Promise<Buffer> {
    const inside = start - this.#start;
    if (inside >= 0 && inside + length <= this.#window.length)
      return Buffer.from(this.#window.subarray(inside, inside + length));
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await this.#handle.read(bytes, 0, length, start);
    if (bytesRead < length) throw new Error("the file ends inside of a field");
    return bytes;
  }

  async #peek(): Promise<Buffer> {
    let inside = this.position - this.#start;
    if (inside < 0 || inside + HEAD > this.#window.length) {
      const bytes = Buffer.alloc(WINDOW);
      const { bytesRead } = await this.#handle.read(bytes, 0, WINDOW, this.position);
      this.#window = bytes.subarray(0, bytesRead);
      this.#start = this.position;
      inside = 0;
    }
    return this.#window.subarray(inside, inside + HEAD);
  }
}

function varintBytes(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

import { InputError } from "../../core/errors.ts";
import { type FloatTensor, LENGTH_BYTES, METADATA, type TensorFile, VALUE_BYTES } from "./tensor-file.ts";

/** Longest header that is read: far more than a few names and a table of texts take. */
const MOST_HEADER = 2 ** 24;

/**
 * Reads a safetensors file of float32 tensors. Nothing is allocated that the file does not hold.
 *
 * @param name for messages
 * @throws {InputError} saying what is wrong: no header, one that is no JSON, tensors that do not fill the file, other types
 */
export function readTensors(bytes: Uint8Array, name: string): TensorFile {
  const refuse = (found: string, cause?: unknown): InputError =>
    new InputError(`${name} is no safetensors file (${found}): expected one of float32 tensors`, { cause });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = headerLength(view);
  if (length === undefined) throw refuse(`${bytes.length} bytes without a whole header`);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  if (header === undefined) throw refuse("its header is no JSON object");
  const start = LENGTH_BYTES + length;
  const values = new DataView(view.buffer, view.byteOffset + start, view.byteLength - start);
  const metadata = readMetadata(header.get(METADATA));
  if (metadata === undefined) throw refuse("its metadata are no texts");
  header.delete(METADATA);
  const places = [...header].map(([key, entry]) => ({ key, place: placeOf(entry) }));
  const odd = places.find(({ place }) => typeof place === "string");
  if (odd !== undefined) throw refuse(`its tensor ${JSON.stringify(odd.key)} ${odd.place}`);
  const placed = places as { key: string; place: Place }[];
  if (
    !fills(
      placed.map(({ place }) => place),
      values.byteLength,
    )
  )
    throw refuse(`its tensors do not fill its ${values.byteLength} bytes of values`);
  return { tensors: new Map(placed.map(({ key, place }) => [key, tensorAt(values, place)])), metadata };
}

/** `undefined` where the file is shorter than what it announces. */
function headerLength(view: DataView): number | undefined {
  if (view.byteLength < LENGTH_BYTES) return undefined;
  const length = view.getBigUint64(0, true);
  return length <= MOST_HEADER && Number(length) <= view.byteLength - LENGTH_BYTES
    ? Number(length)
    : undefined;
}

function parseHeader(bytes: Uint8Array): Map<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isObject(value) ? new Map(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readMetadata(value: unknown): Map<string, string> | undefined {
  if (value === undefined) return new Map();
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  const texts = entries.every((entry): entry is [string, string] => typeof entry[1] === "string");
  return texts ? new Map(entries as [string, string][]) : undefined;
}

interface Place {
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Where a tensor lies, or what is wrong with it. */
function placeOf(entry: unknown): Place | string {
  if (!isObject(entry)) return "is not described";
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== "F32") return `is of type ${JSON.stringify(dtype)}`;
  if (!isWholeList(shape)) return `is of shape ${JSON.stringify(shape)}`;
  if (!isWholeList(offsets) || offsets.length !== 2) return `lies at ${JSON.stringify(offsets)}`;
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce((product, side) => product * side, VALUE_BYTES);
  return end - begin === bytes ? { shape, begin, end } : `takes ${end - begin} bytes instead of ${bytes}`;
}

function isWholeList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/** Tensors follow each other without gaps or overlaps, as the format asks: nothing else can hide in the file. */
function fills(places: readonly Place[], length: number): boolean {
  const sorted = [...places].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { begin, end } of sorted) {
    if (begin !== at) return false;
    at = end;
  }
  return at === length;
}

function tensorAt(values: DataView, { shape, begin, end }: Place): FloatTensor {
  const data = new Float32Array((end - begin) / VALUE_BYTES);
  for (let i = 0; i < data.length; i++) data[i] = values.getFloat32(begin + i * VALUE_BYTES, true);
  return { shape, data };
}

/** Whole numbers of every size, as far as they can be ids. */
import { unusable } from "../unusable.ts";
import type { NpyType } from "./header.ts";

/** Largest id. */
const largestId = 65_535;

/** Largest id that a type holds. */
export function largestOf({ kind, size }: NpyType): number {
  if (kind === "bool") return 1;
  return Math.min(largestId, 2 ** (8 * size - (kind === "signed" ? 1 : 0)) - 1);
}

/**
 * Reads numbers in the order they lie.
 *
 * @returns 8-bit for types of one byte, else 16-bit
 * @throws InputError for a number below 0 or above 65535, or a truth value that is neither 0 nor 1
 */
export function readNumbers(data: Uint8Array, type: NpyType, name: string): Uint8Array | Uint16Array {
  const count = data.length / type.size;
  const numbers = type.size === 1 ? data.slice() : new Uint16Array(count);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const largest = largestOf(type);
  for (let i = 0; i < count; i++) {
    const number = numberAt(view, i * type.size, type);
    if (!(number >= 0 && number <= largest)) {
      throw unusable(name, `the number ${exactly(view, i * type.size, type)}`, `ids from 0 to ${largest}`);
    }
    numbers[i] = number;
  }
  return numbers;
}

function numberAt(view: DataView, at: number, { kind, size, littleEndian }: NpyType): number {
  if (size === 1) return kind === "signed" ? view.getInt8(at) : view.getUint8(at);
  if (size === 2)
    return kind === "signed" ? view.getInt16(at, littleEndian) : view.getUint16(at, littleEndian);
  if (size === 4)
    return kind === "signed" ? view.getInt32(at, littleEndian) : view.getUint32(at, littleEndian);
  const high = view.getUint32(at + (littleEndian ? 4 : 0), littleEndian);
  return high === 0 ? view.getUint32(at + (littleEndian ? 0 : 4), littleEndian) : -1;
}

function exactly(view: DataView, at: number, type: NpyType): string {
  if (type.size < 8) return String(numberAt(view, at, type));
  return String(
    type.kind === "signed"
      ? view.getBigInt64(at, type.littleEndian)
      : view.getBigUint64(at, type.littleEndian),
  );
}

/** Writes a number that the type holds. */
export function writeNumber(
  data: Uint8Array,
  at: number,
  number: number,
  { size, littleEndian }: NpyType,
): void {
  for (let byte = 0; byte < size; byte++) {
    data[at + (littleEndian ? byte : size - 1 - byte)] = byte < 2 ? number >> (8 * byte) : 0;
  }
}

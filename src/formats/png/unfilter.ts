import { unusable } from "../unusable.ts";

/**
 * Undoes PNG's row filters (PNG specification, section 9), in place: a second picture's memory would cost more time
 * than the filters.
 *
 * @param filtered - `[height, 1 + stride]`: each row after its filter type. Overwritten.
 * @param stride - bytes of a row.
 * @param bpp - bytes from a byte to its left neighbour's.
 * @returns `[height, stride]`, the start of `filtered`.
 * @throws InputError for an unknown filter type.
 */
export function unfilter(filtered: Uint8Array, stride: number, bpp: number, name: string): Uint8Array {
  const height = filtered.length / (stride + 1);
  let above: Uint8Array = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const start = y * (stride + 1);
    const undo = undos[filtered[start]!];
    if (!undo) throw unusable(name, `a PNG row with filter ${filtered[start]}`, "a filter from 0 to 4");
    const row = filtered.subarray(y * stride, (y + 1) * stride);
    filtered.copyWithin(y * stride, start + 1, start + 1 + stride);
    undo(row, above, bpp);
    above = row;
  }
  return filtered.subarray(0, height * stride);
}

type Undo = (row: Uint8Array, above: Uint8Array, bpp: number) => void;

/** Position = filter type. */
const undos: readonly Undo[] = [() => {}, undoSub, undoUp, undoAverage, undoPaeth];

function undoSub(row: Uint8Array, _above: Uint8Array, bpp: number): void {
  for (let i = bpp; i < row.length; i++) row[i] = row[i]! + row[i - bpp]!;
}

function undoUp(row: Uint8Array, above: Uint8Array): void {
  for (let i = 0; i < row.length; i++) row[i] = row[i]! + above[i]!;
}

function undoAverage(row: Uint8Array, above: Uint8Array, bpp: number): void {
  for (let i = 0; i < row.length; i++) {
    const left = i < bpp ? 0 : row[i - bpp]!;
    row[i] = row[i]! + ((left + above[i]!) >> 1);
  }
}

function undoPaeth(row: Uint8Array, above: Uint8Array, bpp: number): void {
  for (let i = 0; i < row.length; i++) {
    const known = i >= bpp;
    row[i] = row[i]! + paeth(known ? row[i - bpp]! : 0, above[i]!, known ? above[i - bpp]! : 0);
  }
}

/** The neighbour nearest to left + up - corner; ties in this order. */
function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

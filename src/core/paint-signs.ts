/** Masks of positive resampled logits, worked out only where their sign is open. */
import { LOW_RES_SIZE } from "./frame.ts";
import { type Axis, RowResampler, type Window } from "./resample.ts";
import { scratchFloats } from "./scratch.ts";
import { forEachRun, OPEN, POSITIVE, type WindowCells } from "./sign-cells.ts";

/** Logits and the way from their grid to the mask's pixels. */
export interface Resampling {
  /** `Float32Array [256, 256]`. */
  readonly lowRes: Float32Array;
  readonly columns: Axis;
  readonly rows: Axis;
  /** Part of the axes' outputs. */
  readonly window: Window;
  /** The cell of each column and row of the window. */
  readonly cells: WindowCells;
  /** `Uint8Array [256, 256]` of `sign-cells.ts`: what is certain of the outputs in a cell. */
  readonly kinds: Uint8Array;
}

/**
 * Sets a 1 where resampled logits are positive.
 *
 * @param out `[any, stride]`, 0 elsewhere or what it was
 * @param offset where the window starts in it
 */
export function paintSigns(resampling: Resampling, out: Uint8Array, stride: number, offset: number): void {
  const { lowRes, columns, rows, window, cells, kinds } = resampling;
  const open = openPart(kinds, cells);
  if (open === undefined) {
    paintCertain(resampling, out, stride, offset);
    return;
  }
  const { x0, y0 } = window;
  const part = { x0: x0 + open.x0, y0: y0 + open.y0, x1: x0 + open.x1, y1: y0 + open.y1 };
  const resampler = new RowResampler(lowRes, LOW_RES_SIZE, columns, rows, part);
  const line = scratchFloats("open signs", open.x1 - open.x0);
  forEachRun(kinds, cells, (y, kind, from, to) => {
    const start = offset + y * stride;
    if (kind === POSITIVE) out.fill(1, start + from, start + to);
    if (kind !== OPEN) return;
    resampler.row(y0 + y, from - open.x0, to - open.x0, line, 0);
    markPositive(line, to - from, out, start + from);
  });
}

function paintCertain({ kinds, cells }: Resampling, out: Uint8Array, stride: number, offset: number): void {
  forEachRun(kinds, cells, (y, kind, from, to) => {
    if (kind === POSITIVE) out.fill(1, offset + y * stride + from, offset + y * stride + to);
  });
}

function markPositive(line: Float32Array, count: number, out: Uint8Array, to: number): void {
  for (let i = 0; i < count; i++) if (line[i]! > 0) out[to + i] = 1;
}

/** The part of a window that holds its open cells, counted from the window's first column and row. */
function openPart(kinds: Uint8Array, { columns, rows }: WindowCells): Window | undefined {
  let [left, top, right, bottom] = [LOW_RES_SIZE, LOW_RES_SIZE, -1, -1];
  const [first, last] = [columns[0]!, columns.at(-1)!];
  for (let row = rows[0]!; row <= rows.at(-1)!; row++) {
    const line = kinds.subarray(row * LOW_RES_SIZE + first, row * LOW_RES_SIZE + last + 1);
    const start = line.indexOf(OPEN);
    if (start < 0) continue;
    left = Math.min(left, first + start);
    right = Math.max(right, first + line.lastIndexOf(OPEN));
    top = Math.min(top, row);
    bottom = row;
  }
  if (right < 0) return undefined;
  const x0 = columns.findIndex((cell) => cell >= left);
  const x1 = columns.findLastIndex((cell) => cell <= right) + 1;
  const y0 = rows.findIndex((cell) => cell >= top);
  const y1 = rows.findLastIndex((cell) => cell <= bottom) + 1;
  // Where the photo has fewer pixels than the grid, no pixel may lie in an open cell.
  return x0 < 0 || y0 < 0 || x0 >= x1 || y0 >= y1 ? undefined : { x0, y0, x1, y1 };
}

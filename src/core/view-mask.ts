/** Masks on a view: as large as the object needs, whatever the photo's size. */
import type { ContrastView } from "./contrast-view.ts";
import type { Frame } from "./frame.ts";
import { paintSigns } from "./paint-signs.ts";
import { type Axis, areaAxis, composeAxes, type Window } from "./resample.ts";
import { jointKinds, signCells, type WindowCells, windowCells } from "./sign-cells.ts";
import { type Interpolation, photoAxes } from "./upscale.ts";

/** A mask that is known in a window of the photo and empty elsewhere: `Uint8Array [y1 - y0, x1 - x0]`. */
export interface MaskWindow extends Window {
  readonly mask: Uint8Array;
}

/**
 * The mask that low-res logits would give, averaged logits first.
 *
 * @param lowRes `Float32Array [256, 256]`
 * @returns `Uint8Array [height, width]` of the view
 */
export function shrinkLogits(
  view: ContrastView,
  lowRes: Float32Array,
  frame: Frame,
  interpolation: Interpolation,
): Uint8Array {
  const { across, down, cells, first, reach } = viewAxes(view, frame, interpolation);
  const { columns, rows } = photoAxes(frame, interpolation);
  const kinds = jointKinds(signCells(lowRes, columns, rows), cells, reach.x, reach.y);
  const window = { x0: 0, y0: 0, x1: view.width, y1: view.height };
  const inside = new Uint8Array(view.width * view.height);
  const resampling = { lowRes, columns: across, rows: down, window, cells: first, kinds };
  paintSigns(resampling, inside, view.width, 0);
  return inside;
}

interface ViewAxes {
  readonly across: Axis;
  readonly down: Axis;
  /** Low-res cells of the photo pixels in the view. */
  readonly cells: WindowCells;
  /** The first cell of each column and row of the view. */
  readonly first: WindowCells;
  /** The most cells that a column or row of the view reaches beyond its first. */
  readonly reach: { readonly x: number; readonly y: number };
}

const axesOfView = new WeakMap<ContrastView, ViewAxes>();

/** From the low-res grid to the view; every iteration of a region needs the same. */
function viewAxes(view: ContrastView, frame: Frame, interpolation: Interpolation): ViewAxes {
  let axes = axesOfView.get(view);
  if (axes === undefined) {
    const { columns, rows } = photoAxes(frame, interpolation);
    const cells = windowCells(frame, view);
    const across = cellSpans(cells.columns, view.width);
    const down = cellSpans(cells.rows, view.height);
    axes = {
      across: composeAxes(columns, areaAxis(view.x0, view.x1, view.width)),
      down: composeAxes(rows, areaAxis(view.y0, view.y1, view.height)),
      cells,
      first: { columns: across.first, rows: down.first },
      reach: { x: across.reach, y: down.reach },
    };
    axesOfView.set(view, axes);
  }
  return axes;
}

/** The cells that each of `count` averages over photo pixels reads. */
function cellSpans(cells: Int32Array, count: number): { first: Int32Array; reach: number } {
  const scale = cells.length / count;
  const first = Int32Array.from({ length: count }, (_, i) => cells[Math.floor(i * scale)]!);
  const last = (i: number): number => cells[Math.min(cells.length, Math.ceil((i + 1) * scale)) - 1]!;
  return { first, reach: first.reduce((most, cell, i) => Math.max(most, last(i) - cell), 0) };
}

/** The mask in the window, 1 where at least half of a shrunk pixel's area is foreground. */
export function shrinkMask({ mask, ...part }: MaskWindow, w: ContrastView): Uint8Array {
  const perPixel = w.width / (w.x1 - w.x0);
  const small = new Float32Array(w.width * w.height);
  const { rows } = w;
  const line = new Float32Array(w.width);
  let shrunk = -1;
  for (let k = 0; k < rows.input.length; k++) {
    const y = w.y0 + rows.input[k]!;
    if (y < part.y0 || y >= part.y1) continue;
    // An input row that straddles two output rows is shrunk once.
    if (y !== shrunk) shrinkMaskRow(mask, part, y, w, perPixel, line.fill(0));
    shrunk = y;
    addRow(small, rows.output[k]! * w.width, line, rows.weight[k]!);
  }
  return atLeastHalf(small);
}

function addRow(sums: Float32Array, to: number, line: Float32Array, weight: number): void {
  for (let i = 0; i < line.length; i++) sums[to + i] = sums[to + i]! + weight * line[i]!;
}

function atLeastHalf(shares: Float32Array): Uint8Array {
  const inside = new Uint8Array(shares.length);
  for (let i = 0; i < shares.length; i++) if (shares[i]! >= 0.5 - 1e-6) inside[i] = 1;
  return inside;
}

/** Rows are few runs: each adds its coverage at both ends and 1 between. */
function shrinkMaskRow(
  mask: Uint8Array,
  part: Window,
  y: number,
  w: ContrastView,
  perPixel: number,
  line: Float32Array,
): void {
  const left = Math.max(part.x0, w.x0);
  const right = Math.min(part.x1, w.x1);
  if (left >= right) return;
  const offset = (y - part.y0) * (part.x1 - part.x0) - part.x0;
  const row = mask.subarray(offset + left, offset + right);
  for (let start = row.indexOf(1); start >= 0; ) {
    const next = row.indexOf(0, start);
    const end = next < 0 ? row.length : next;
    addRun(line, (start + left - w.x0) * perPixel, (end + left - w.x0) * perPixel);
    start = next < 0 ? -1 : row.indexOf(1, end);
  }
}

/** Adds the share of each pixel that the interval `[from, to)` covers. */
function addRun(line: Float32Array, from: number, to: number): void {
  const first = Math.floor(from);
  const last = Math.min(line.length - 1, Math.floor(to));
  if (first === last) {
    line[first] = line[first]! + to - from;
    return;
  }
  line[first] = line[first]! + first + 1 - from;
  for (let i = first + 1; i < last; i++) line[i] = line[i]! + 1;
  line[last] = line[last]! + to - last;
}

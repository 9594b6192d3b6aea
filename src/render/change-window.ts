import type { Box, LabelMap } from "../core/mask.ts";
import { changeOf } from "./changes.ts";
import type { Sized } from "./same-size.ts";
import type { Place } from "./shapes.ts";

/** Cells per window side: fine enough to centre the window, coarse enough to count fast. */
const CELLS = 8;

/**
 * The window of a given size that holds the most changed pixels.
 *
 * @returns a box (both ends inclusive) within the map, smaller than asked where the map is; `undefined` if
 * nothing changed
 */
export function changeWindow(before: LabelMap, after: LabelMap, size: Sized): Box | undefined {
  const width = Math.min(size.width, before.width);
  const height = Math.min(size.height, before.height);
  const cell = Math.max(1, Math.floor(Math.min(width, height) / CELLS));
  const grid = countCells(before, after, cell);
  const columns = Math.min(grid.width, Math.ceil(width / cell));
  const rows = Math.min(grid.height, Math.ceil(height / cell));
  const [x, y, most] = fullestWindow(grid, columns, rows);
  if (most === 0) return undefined;
  const centre = centreOfCounts(grid, x, y, columns, rows);
  const x0 = startAround(centre.x * cell, width, before.width);
  const y0 = startAround(centre.y * cell, height, before.height);
  return [x0, y0, x0 + width - 1, y0 + height - 1];
}

/** First pixel of `length` pixels around a middle, within 0..size-1. */
function startAround(middle: number, length: number, size: number): number {
  return Math.min(size - length, Math.max(0, Math.round(middle - length / 2)));
}

/** Centre of mass of the counts in a window, in cells. */
function centreOfCounts({ width, counts }: Grid, x: number, y: number, columns: number, rows: number): Place {
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  for (let j = y; j < y + rows; j++) {
    for (let i = x; i < x + columns; i++) {
      const count = counts[j * width + i]!;
      sum += count;
      sumX += count * (i + 0.5);
      sumY += count * (j + 0.5);
    }
  }
  return { x: sumX / sum, y: sumY / sum };
}

interface Grid extends Sized {
  /** `[height, width]` row-major counts. */
  readonly counts: Uint32Array;
}

function countCells(before: LabelMap, after: LabelMap, cell: number): Grid {
  const width = Math.ceil(before.width / cell);
  const height = Math.ceil(before.height / cell);
  const counts = new Uint32Array(width * height);
  for (let y = 0, i = 0; y < before.height; y++) {
    const row = Math.floor(y / cell) * width;
    for (let x = 0; x < before.width; x++, i++) {
      if (changeOf(before.data[i]!, after.data[i]!) > 0) counts[row + Math.floor(x / cell)]!++;
    }
  }
  return { width, height, counts };
}

function fullestWindow(grid: Grid, columns: number, rows: number): [x: number, y: number, count: number] {
  const sums = summedArea(grid);
  const stride = grid.width + 1;
  let best: [number, number, number] = [0, 0, 0];
  for (let y = 0; y + rows <= grid.height; y++) {
    for (let x = 0; x + columns <= grid.width; x++) {
      const top = y * stride + x;
      const bottom = top + rows * stride;
      const count = sums[bottom + columns]! - sums[bottom]! - sums[top + columns]! + sums[top]!;
      if (count > best[2]) best = [x, y, count];
    }
  }
  return best;
}

/** `[height + 1, width + 1]` sums of all counts above and left of a corner. */
function summedArea({ width, height, counts }: Grid): Float64Array {
  const stride = width + 1;
  const sums = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let line = 0;
    for (let x = 0; x < width; x++) {
      line += counts[y * width + x]!;
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + line;
    }
  }
  return sums;
}

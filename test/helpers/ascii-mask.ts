/** Masks that a reader can check by eye. */
import type { LabelMap, Mask } from "../../src/core/mask.ts";

/**
 * A mask drawn with `#` (foreground) and `.` (background), one line a row; blank lines and indentation do not count.
 *
 * @example
 * ```ts
 * const plus = ascii`
 *   .#.
 *   ###
 *   .#.
 * `;
 * ```
 */
export function ascii(drawing: TemplateStringsArray): Mask {
  const { width, height, cells } = readDrawing(drawing);
  return { width, height, data: Uint8Array.from(cells, (cell) => numberOf(cell, ".#")) };
}

/** A label map drawn with digits; `.` is 0 and `X` the usual ignore label, 255. */
export function labels(drawing: TemplateStringsArray): LabelMap & { readonly data: Uint8Array } {
  const { width, height, cells } = readDrawing(drawing);
  return { width, height, data: Uint8Array.from(cells, labelOf) };
}

/** The drawing of a mask, for assertions that print as pictures. */
export function draw({ width, data }: Mask): string {
  return rowsOf(
    width,
    Array.from(data, (v) => (v === 1 ? "#" : ".")),
  );
}

/** The drawing of a label map. */
export function drawLabels({ width, data }: LabelMap): string {
  return rowsOf(
    width,
    Array.from(data, (v) => (v === 0 ? "." : v === 255 ? "X" : String(v))),
  );
}

/** A mask laid into a larger, otherwise empty photo with its top-left pixel at (x, y). */
export function placed(mask: Mask, width: number, height: number, x: number, y: number): Mask {
  const data = new Uint8Array(width * height);
  for (let row = 0; row < mask.height; row++) {
    data.set(mask.data.subarray(row * mask.width, (row + 1) * mask.width), (y + row) * width + x);
  }
  return { width, height, data };
}

/** A filled rectangle in an otherwise empty photo, both ends of the box inclusive. */
export function rectangle(
  width: number,
  height: number,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
): Mask {
  const data = new Uint8Array(width * height);
  for (let y = y0; y <= y1; y++) data.fill(1, y * width + x0, y * width + x1 + 1);
  return { width, height, data };
}

function readDrawing(drawing: TemplateStringsArray): { width: number; height: number; cells: string[] } {
  const lines = drawing
    .join("")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const width = lines[0]?.length ?? 0;
  if (width === 0 || lines.some((line) => line.length !== width)) {
    throw new RangeError(`A drawing needs rows of one length: ${JSON.stringify(lines)}`);
  }
  return { width, height: lines.length, cells: [...lines.join("")] };
}

function numberOf(cell: string, alphabet: string): number {
  const value = alphabet.indexOf(cell);
  if (value < 0) throw new RangeError(`Unknown character "${cell}": expected one of "${alphabet}"`);
  return value;
}

function labelOf(cell: string): number {
  return cell === "X" ? 255 : numberOf(cell, ".123456789");
}

function rowsOf(width: number, cells: readonly string[]): string {
  const rows: string[] = [];
  for (let i = 0; i < cells.length; i += width) rows.push(cells.slice(i, i + width).join(""));
  return rows.join("\n");
}

/** Tiny literal pictures and maps for the tests of the render room. */
import type { LabelMap, Mask } from "../../src/core/mask.ts";
import { createPicture, type Picture } from "../../src/render/picture.ts";

/** A label map from rows of digits; "." is 0. */
export function labelsOf(...rows: string[]): LabelMap & Mask {
  const data = Uint8Array.from(rows.join(""), (cell) => (cell === "." ? 0 : Number(cell)));
  return { width: rows[0]!.length, height: rows.length, data };
}

/** An opaque gray picture from rows of levels. */
export function grayOf(...rows: number[][]): Picture {
  const picture = createPicture(rows[0]!.length, rows.length, [0, 0, 0]);
  for (const [i, level] of rows.flat().entries()) picture.data.fill(level, i * 4, i * 4 + 3);
  return picture;
}

/** The red channel as rows. */
export function redRows({ width, height, data }: Picture): number[][] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => data[(y * width + x) * 4]!),
  );
}

/** `[red, green, blue, opacity]` of one pixel, 0..255. */
export function pixelOf({ width, data }: Picture, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

/** A map whose ids come from a function of the position. */
export function mapOf(width: number, height: number, id: (x: number, y: number) => number): LabelMap & Mask {
  const data = Uint8Array.from({ length: width * height }, (_, i) => id(i % width, Math.floor(i / width)));
  return { width, height, data };
}

/** Colours in packed rows of 8-bit RGB, with or without alpha. */
import { scratchBytes } from "../../core/scratch.ts";
import type { PngImage } from "./decode-png.ts";
import type { PngHeader } from "./header.ts";
import { rewritePNG } from "./rewrite-png.ts";

/** Whether pixels are three or four bytes of colour. */
export function hasColours({ channels, depth }: PngHeader): boolean {
  return channels >= 3 && depth === 8;
}

/**
 * The colour of every pixel, `[height, width]` row-major: `alpha << 24 | red << 16 | green << 8 | blue`; alpha is 255
 * where the picture has none.
 */
export function readColours({ rows, header }: PngImage): Uint32Array {
  const { width, height, channels } = header;
  const colours = new Uint32Array(width * height);
  for (let i = 0, at = 0; i < colours.length; i++, at += channels) {
    const alpha = channels === 4 ? rows[at + 3]! : 255;
    colours[i] = (alpha << 24) | (rows[at]! << 16) | (rows[at + 1]! << 8) | rows[at + 2]!;
  }
  return colours;
}

/** The PNG with other colours at these pixels; all else stays. */
export function rewriteColours(
  image: PngImage,
  pixels: readonly number[],
  colourAt: (i: number) => number,
): Uint8Array {
  const { channels } = image.header;
  const rows = scratchBytes("rows", image.rows.length);
  rows.set(image.rows);
  for (let k = 0; k < pixels.length; k++) {
    const colour = colourAt(pixels[k]!);
    const at = pixels[k]! * channels;
    rows[at] = colour >>> 16;
    rows[at + 1] = colour >>> 8;
    rows[at + 2] = colour;
    if (channels === 4) rows[at + 3] = colour >>> 24;
  }
  return rewritePNG(image, rows);
}

import { blend } from "./blend.ts";
import type { Colour } from "./colour.ts";
import { doubleGlyph } from "./double-glyph.ts";
import { type Glyph, glyphsOf } from "./font.ts";
import { GLYPH_ROWS } from "./font-glyphs.ts";
import type { Picture } from "./picture.ts";

/** How a text looks. */
export interface TextStyle {
  /** 1 is 13 pixels high with capitals of 9; any number from 0.5 on. @default 1 */
  readonly scale?: number;
  /** @default white */
  readonly colour?: Colour;
}

/** Width and height of a text of one line, in pixels. */
export interface TextSize {
  readonly width: number;
  readonly height: number;
}

/** The size {@link drawText} takes up. */
export function measureText(text: string, scale = 1): TextSize {
  const cells = glyphsOf(text).reduce((sum, glyph) => sum + glyph.width + 1, 0);
  return { width: Math.ceil(Math.max(0, cells - 1) * scale), height: Math.ceil(GLYPH_ROWS * scale) };
}

/** The text, or its longest start with "…" that is no wider than `width` pixels. */
export function fitText(text: string, width: number, scale = 1): string {
  if (measureText(text, scale).width <= width) return text;
  const characters = [...text];
  while (characters.length > 0) {
    characters.pop();
    const shorter = `${characters.join("").trimEnd()}…`;
    if (measureText(shorter, scale).width <= width) return shorter;
  }
  return "";
}

/** Draws one line of text with its top-left corner at (x, y). */
export function drawText(picture: Picture, text: string, x: number, y: number, style: TextStyle = {}): void {
  const { scale = 1, colour = [255, 255, 255] } = style;
  let pen = x;
  for (const glyph of glyphsOf(text)) {
    drawGlyph(picture, glyph, pen, y, scale, colour);
    pen += (glyph.width + 1) * scale;
  }
}

function drawGlyph(
  picture: Picture,
  glyph: Glyph,
  x: number,
  y: number,
  scale: number,
  colour: Colour,
): void {
  const right = Math.min(picture.width, Math.ceil(x + glyph.width * scale));
  const bottom = Math.min(picture.height, Math.ceil(y + glyph.height * scale));
  // At scale 1 the cells are the pixels; at any other, four times finer cells are averaged.
  const fine = scale === 1 ? glyph : doubleGlyph(doubleGlyph(glyph));
  const cell = (scale * glyph.width) / fine.width;
  for (let py = Math.max(0, Math.floor(y)); py < bottom; py++) {
    for (let px = Math.max(0, Math.floor(x)); px < right; px++) {
      const share = coverage(fine, (px - x) / cell, (py - y) / cell, 1 / cell);
      if (share > 0) blend(picture, py * picture.width + px, colour, share * (colour[3] ?? 1));
    }
  }
}

/** Share of ink in the square of `side` cells at (left, top), 0..1. */
function coverage({ width, height, ink }: Glyph, left: number, top: number, side: number): number {
  let sum = 0;
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, top + side); y++) {
    const rows = Math.min(y + 1, top + side) - Math.max(y, top);
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, left + side); x++) {
      if (ink[y * width + x]) sum += rows * (Math.min(x + 1, left + side) - Math.max(x, left));
    }
  }
  return sum / (side * side);
}

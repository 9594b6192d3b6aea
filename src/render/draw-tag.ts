import { type Colour, luma } from "./colour.ts";
import { drawShape } from "./draw-shape.ts";
import { drawText, measureText, type TextSize } from "./draw-text.ts";
import type { Picture } from "./picture.ts";
import { roundedRectangle } from "./shapes.ts";

const PAD_X = 6;
const PAD_Y = 2;

/** The size of a tag with this text. */
export function measureTag(text: string, scale = 1): TextSize {
  const { width, height } = measureText(text, scale);
  return { width: Math.ceil(width + 2 * PAD_X * scale), height: Math.ceil(height + 2 * PAD_Y * scale) };
}

/** Draws a rounded tag with its top-left corner at (x, y); its text is dark or white, whichever stands out. */
export function drawTag(
  picture: Picture,
  text: string,
  x: number,
  y: number,
  colour: Colour,
  scale = 1,
): void {
  const { width, height } = measureTag(text, scale);
  const ink: Colour = luma(colour[0], colour[1], colour[2]) > 115 ? [16, 18, 22] : [255, 255, 255];
  drawShape(picture, roundedRectangle([x, y, x + width, y + height], height / 3), colour);
  drawText(picture, text, x + PAD_X * scale, y + PAD_Y * scale, { scale, colour: ink });
}

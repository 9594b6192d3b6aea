import { drawLines, type StrokeStyle } from "./draw-line.ts";
import type { Picture } from "./picture.ts";
import type { Place } from "./shapes.ts";

/** Draws an upright cross whose arms reach `reach` pixels from its centre. */
export function drawCross(picture: Picture, { x, y }: Place, reach: number, style: StrokeStyle): void {
  drawLines(
    picture,
    [
      [
        { x: x - reach, y },
        { x: x + reach, y },
      ],
      [
        { x, y: y - reach },
        { x, y: y + reach },
      ],
    ],
    style,
  );
}

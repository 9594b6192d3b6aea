import { drawCross } from "./draw-cross.ts";
import { drawDisc } from "./draw-disc.ts";
import { drawLine } from "./draw-line.ts";
import type { Picture } from "./picture.ts";
import type { Place } from "./shapes.ts";
import { NEGATIVE, POSITIVE } from "./theme.ts";

/** Radius of a prompt point's disc in pixels. */
export const POINT_RADIUS = 9;

/** Marks a prompt point: a plus in a green disc, or a minus in a red one. */
export function drawPoint(picture: Picture, place: Place, sign: "positive" | "negative"): void {
  const stroke = { colour: [255, 255, 255], width: 2.5, halo: 0 } as const;
  const reach = POINT_RADIUS - 4;
  drawDisc(picture, place, POINT_RADIUS + 1.5, [255, 255, 255]);
  drawDisc(picture, place, POINT_RADIUS, sign === "positive" ? POSITIVE : NEGATIVE, 0);
  if (sign === "positive") drawCross(picture, place, reach, stroke);
  else drawLine(picture, { x: place.x - reach, y: place.y }, { x: place.x + reach, y: place.y }, stroke);
}

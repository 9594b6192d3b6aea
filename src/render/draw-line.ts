import type { Colour } from "./colour.ts";
import { drawShapes } from "./draw-shape.ts";
import type { Picture } from "./picture.ts";
import { type Place, segment } from "./shapes.ts";

/** How a line or an outline looks. */
export interface StrokeStyle {
  readonly colour: Colour;
  /** Pixels. @default 2 */
  readonly width?: number;
  /** Lengths of dash and blank in pixels. @default a solid line */
  readonly dash?: readonly [dash: number, blank: number];
  /** Width of the dark border, in pixels. @default 1.5 */
  readonly halo?: number;
}

/** Draws an antialiased line between two places. */
export function drawLine(picture: Picture, from: Place, to: Place, style: StrokeStyle): void {
  drawLines(picture, [[from, to]], style);
}

/** Draws several lines as one mark: no halo covers another line of it. */
export function drawLines(
  picture: Picture,
  lines: readonly (readonly [from: Place, to: Place])[],
  { colour, width = 2, dash, halo = 1.5 }: StrokeStyle,
): void {
  const parts = dash ? lines.flatMap(([from, to]) => dashes(from, to, dash)) : lines;
  drawShapes(
    picture,
    parts.map(([from, to]) => segment(from, to, width)),
    colour,
    halo,
  );
}

/** Cuts a line into dashes that begin and end with a full dash, so that corners of a dashed box are closed. */
function dashes(from: Place, to: Place, [dash, blank]: readonly [number, number]): [Place, Place][] {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const count = Math.max(0, Math.round((length - dash) / (dash + blank)));
  const step = count > 0 ? (length - dash) / count : 0;
  const at = (share: number): Place => ({
    x: from.x + (to.x - from.x) * share,
    y: from.y + (to.y - from.y) * share,
  });
  return Array.from({ length: count + 1 }, (_, i) => [
    at((i * step) / Math.max(length, 1)),
    at(Math.min(1, (i * step + dash) / Math.max(length, 1))),
  ]);
}

import type { Colour } from "./colour.ts";
import { drawShapes } from "./draw-shape.ts";
import type { Picture } from "./picture.ts";
import { disc, type Place, ring } from "./shapes.ts";

/** Fills a disc, with a dark halo of `halo` pixels. */
export function drawDisc(picture: Picture, centre: Place, radius: number, colour: Colour, halo = 1.5): void {
  drawShapes(picture, [disc(centre, radius)], colour, halo);
}

/** Draws a circle with a stroke of `width` pixels and a dark halo. */
export function drawCircle(picture: Picture, centre: Place, radius: number, colour: Colour, width = 2): void {
  drawShapes(picture, [ring(centre, radius, width)], colour);
}

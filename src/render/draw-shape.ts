import { blend } from "./blend.ts";
import type { Colour } from "./colour.ts";
import type { Picture } from "./picture.ts";
import { HALO } from "./theme.ts";

/**
 * A shape: `distance` is signed (negative inside), in pixels. Positions are continuous: pixel (0, 0) spans 0..1
 * and its centre is (0.5, 0.5).
 */
export interface Shape {
  /** `[left, top, right, bottom]` of the area the shape may touch. */
  readonly bounds: readonly [left: number, top: number, right: number, bottom: number];
  readonly distance: (x: number, y: number) => number;
}

/** Fills a shape with antialiased edges. */
export function drawShape(picture: Picture, { bounds, distance }: Shape, colour: Colour): void {
  const [left, top, right, bottom] = bounds;
  const opacity = colour[3] ?? 1;
  const lastX = Math.min(picture.width - 1, Math.ceil(right));
  const lastY = Math.min(picture.height - 1, Math.ceil(bottom));
  for (let y = Math.max(0, Math.floor(top) - 1); y <= lastY; y++) {
    for (let x = Math.max(0, Math.floor(left) - 1); x <= lastX; x++) {
      const share = Math.min(1, 0.5 - distance(x + 0.5, y + 0.5));
      if (share > 0) blend(picture, y * picture.width + x, colour, share * opacity);
    }
  }
}

/** The shape grown by `margin` pixels on all sides. */
function growShape({ bounds: [left, top, right, bottom], distance }: Shape, margin: number): Shape {
  return {
    bounds: [left - margin, top - margin, right + margin, bottom + margin],
    distance: (x, y) => distance(x, y) - margin,
  };
}

/** Draws the halos of all shapes, then the shapes, so that no halo covers a neighbour. */
export function drawShapes(picture: Picture, shapes: readonly Shape[], colour: Colour, halo = 1.5): void {
  if (halo > 0) for (const shape of shapes) drawShape(picture, growShape(shape, halo), HALO);
  for (const shape of shapes) drawShape(picture, shape, colour);
}

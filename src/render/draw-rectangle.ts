import { drawLines, type StrokeStyle } from "./draw-line.ts";
import type { Picture } from "./picture.ts";
import type { Edges, Place } from "./shapes.ts";

/** Outlines a rectangle; the stroke lies half inside and half outside the edges. */
export function drawRectangle(picture: Picture, edges: Edges, style: StrokeStyle): void {
  const half = (style.width ?? 2) / 2;
  const [left, top, right, bottom] = edges;
  const horizontal = (y: number): [Place, Place] => [
    { x: left - half, y },
    { x: right + half, y },
  ];
  const vertical = (x: number): [Place, Place] => [
    { x, y: top + half },
    { x, y: bottom - half },
  ];
  drawLines(picture, [horizontal(top), horizontal(bottom), vertical(left), vertical(right)], style);
}

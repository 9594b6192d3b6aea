/** The shapes marks are made of, in continuous pixel positions. */
import type { Shape } from "./draw-shape.ts";

/** A place in a picture; (0.5, 0.5) is the centre of the top-left pixel. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** `[left, top, right, bottom]` edges. */
export type Edges = readonly [left: number, top: number, right: number, bottom: number];

/** A filled disc. */
export function disc({ x, y }: Place, radius: number): Shape {
  return {
    bounds: [x - radius, y - radius, x + radius, y + radius],
    distance: (px, py) => Math.hypot(px - x, py - y) - radius,
  };
}

/** A ring whose stroke lies half inside and half outside `radius`. */
export function ring({ x, y }: Place, radius: number, width: number): Shape {
  const outer = radius + width / 2;
  return {
    bounds: [x - outer, y - outer, x + outer, y + outer],
    distance: (px, py) => Math.abs(Math.hypot(px - x, py - y) - radius) - width / 2,
  };
}

/** A line with square ends that stop at its ends. */
export function segment(from: Place, to: Place, width: number): Shape {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const half = width / 2;
  const dx = length > 0 ? (to.x - from.x) / length : 1;
  const dy = length > 0 ? (to.y - from.y) / length : 0;
  return {
    bounds: [
      Math.min(from.x, to.x) - half,
      Math.min(from.y, to.y) - half,
      Math.max(from.x, to.x) + half,
      Math.max(from.y, to.y) + half,
    ],
    distance: (px, py) => {
      const along = (px - from.x) * dx + (py - from.y) * dy;
      const across = (py - from.y) * dx - (px - from.x) * dy;
      return Math.max(Math.abs(along - length / 2) - length / 2, Math.abs(across) - half);
    },
  };
}

/** A filled rectangle with rounded corners. */
export function roundedRectangle([left, top, right, bottom]: Edges, radius: number): Shape {
  const halfWidth = (right - left) / 2;
  const halfHeight = (bottom - top) / 2;
  const corner = Math.min(radius, halfWidth, halfHeight);
  return {
    bounds: [left, top, right, bottom],
    distance: (px, py) => {
      const dx = Math.abs(px - left - halfWidth) - halfWidth + corner;
      const dy = Math.abs(py - top - halfHeight) - halfHeight + corner;
      return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - corner;
    },
  };
}

import { type Mask, maskBox } from "../../core/mask.ts";
import { decodeRuns, type RunLengthMask, runArea } from "../../core/run-length.ts";
import { rasterizePolygons } from "./rasterize-polygon.ts";
import { simplifyRing } from "./simplify-ring.ts";
import { traceRings } from "./trace-rings.ts";

/** The outline of one 4-connected part of a mask. */
export interface TracedPolygon {
  /** Flat `[x0, y0, x1, y1, …]` of pixel corners, clockwise on the screen, without a repeated first point. */
  readonly outer: number[];
  /** Rings of the same kind, counter-clockwise. */
  readonly holes: number[][];
}

/**
 * The outlines of a mask along its pixels' corners. With tolerance 0, the outer rings and holes give back exactly the
 * mask (see `keyhole` for formats without holes).
 *
 * @param tolerance most pixels that a left-out corner may lie from the outline (Douglas-Peucker); a part or hole that
 *   would lose all its pixels gets less
 * @throws {RangeError} for a tolerance that is no number of at least 0, and for runs of a wrong total
 */
export function tracePolygons(mask: Mask | RunLengthMask, tolerance: number): TracedPolygon[] {
  if (!(tolerance >= 0)) throw new RangeError(`A tolerance of ${tolerance}: expected 0 or more pixels`);
  const pixels = "counts" in mask ? decodeRuns(mask) : mask;
  const box = maskBox(pixels);
  return box === undefined ? [] : simplifyPolygons(traceRings(pixels, box), tolerance);
}

/** Exact outlines with fewer points, see {@link tracePolygons}. */
export function simplifyPolygons(polygons: readonly TracedPolygon[], tolerance: number): TracedPolygon[] {
  return polygons.map(({ outer, holes }) => ({
    outer: simplified(outer, tolerance),
    holes: holes.map((hole) => simplified(hole, tolerance)),
  }));
}

/** The ring with fewer points, but never without a pixel inside. */
function simplified(ring: number[], tolerance: number): number[] {
  for (let limit = tolerance; limit >= 0.1; limit /= 2) {
    const fewer = simplifyRing(ring, limit);
    if (fewer.length === ring.length || holdsPixels(fewer)) return fewer;
  }
  return ring;
}

function holdsPixels(ring: readonly number[]): boolean {
  const xs = ring.filter((_, i) => i % 2 === 0);
  const ys = ring.filter((_, i) => i % 2 === 1);
  const [left, top] = [least(xs), least(ys)];
  const moved = ring.map((coordinate, i) => coordinate - (i % 2 === 0 ? left : top));
  const size = { width: -least(xs.map((x) => left - x)), height: -least(ys.map((y) => top - y)) };
  return runArea(rasterizePolygons([moved], size)) > 0;
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b));
}

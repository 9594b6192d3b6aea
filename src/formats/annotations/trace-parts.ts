import type { RunLengthMask } from "../../core/run-length.ts";
import { keyhole } from "../geometry/keyhole.ts";
import { tracePolygons } from "../geometry/trace-polygons.ts";
import type { GeometryOptions } from "./annotation-file.ts";

/** Most pixels that a traced outline may leave the mask's exact outline, unless the caller says otherwise. */
export const defaultTolerance = 0.5;

/** A mask as outlines without holes. */
export interface TracedParts {
  /** Flat `[x, y, …]` in pixels, one a connected part; at least one for a mask that is not empty. */
  readonly polygons: readonly number[][];
  /** How many holes a bridge leads into. */
  readonly holes: number;
}

/** A mask's connected parts for formats whose polygons have no holes. */
export function traceParts(
  mask: RunLengthMask,
  { tolerance = defaultTolerance }: GeometryOptions,
): TracedParts {
  const traced = tracePolygons(mask, tolerance);
  return {
    polygons: traced.map(({ outer, holes }) => (holes.length === 0 ? outer : keyhole(outer, holes))),
    holes: traced.reduce((sum, { holes }) => sum + holes.length, 0),
  };
}

/** The sentence for a report, if there is something to say. */
export function noteHoles(where: string, { holes }: TracedParts): string[] {
  if (holes === 0) return [];
  const subject = holes === 1 ? "its hole is" : `its ${holes} holes are`;
  return [`${where}: ${subject} joined to the outline by a bridge, for polygons have no holes there`];
}

import type { RunLengthMask } from "../../core/run-length.ts";
import { keyhole } from "../geometry/keyhole.ts";
import { leaveOutSpecks } from "../geometry/leave-out-specks.ts";
import { simplifyPolygons, type TracedPolygon, tracePolygons } from "../geometry/trace-polygons.ts";
import type { GeometryOptions } from "./annotation-file.ts";
import { bridgedHoles, leftOutSpecks, type Remarks } from "./remarks.ts";

/** How outlines are traced unless the caller says otherwise. */
const defaults = { tolerance: 0.5, leastPart: 32 };

/** A mask's connected parts, in one order. */
export interface TracedOutlines {
  /** Along the pixels' corners. */
  readonly exact: readonly TracedPolygon[];
  /** Within the tolerance. */
  readonly simple: readonly TracedPolygon[];
}

/** Outlines with holes of all parts but the tiny ones. */
export function traceOutlines(
  region: string,
  mask: RunLengthMask,
  { tolerance = defaults.tolerance, leastPart = defaults.leastPart }: GeometryOptions,
  remarks: Remarks,
): TracedOutlines {
  const { polygons: exact, specks } = leaveOutSpecks(tracePolygons(mask, 0), leastPart);
  if (specks > 0) remarks.add(leftOutSpecks, region, specks);
  return { exact, simple: simplifyPolygons(exact, tolerance) };
}

/**
 * A mask's connected parts for formats whose polygons have no holes.
 *
 * @param region what remarks call the region
 * @returns flat `[x, y, …]` in pixels, one a part; at least one for a mask that is not empty
 */
export function traceParts(
  region: string,
  mask: RunLengthMask,
  options: GeometryOptions,
  remarks: Remarks,
): number[][] {
  const { simple } = traceOutlines(region, mask, options, remarks);
  const holes = simple.reduce((sum, polygon) => sum + polygon.holes.length, 0);
  if (holes > 0) remarks.add(bridgedHoles, region, holes);
  return simple.map((polygon) => keyhole(polygon.outer, polygon.holes));
}

import { unusable } from "../unusable.ts";

/** Beyond this no photo reaches. */
const farthest = 1e9;

/**
 * Flat `[x, y, …]` coordinates in pixels as a polygon.
 *
 * @param where what messages call the polygon, the file's name first
 * @throws {InputError} for a coordinate that is no number, an odd count of them, fewer than three points, or a point
 *   beyond any photo
 */
export function checkPoints(where: string, coordinates: readonly unknown[]): number[] {
  if (coordinates.length % 2 !== 0) {
    throw unusable(where, `${coordinates.length} coordinates`, "an x and a y for each point");
  }
  if (coordinates.length < 6) {
    throw unusable(where, `a polygon of ${coordinates.length / 2} points`, "at least 3");
  }
  return coordinates.map((value) => checkCoordinate(where, value));
}

function checkCoordinate(where: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw unusable(where, `the coordinate ${describe(value)}`, "a number");
  }
  if (Math.abs(value) > farthest) throw unusable(where, `the coordinate ${value}`, "a point near the photo");
  return value;
}

function describe(value: unknown): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "[…]" : "{…}";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

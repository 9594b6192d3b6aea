import { createMask, type Mask } from "../../core/mask.ts";
import { decodeRuns } from "../../core/run-length.ts";
import { rasterizePolygons } from "../geometry/rasterize-polygon.ts";
import { unusable } from "../unusable.ts";
import type { Size } from "./annotation-file.ts";
import { checkPoints } from "./check-points.ts";
import { describeJson, toList } from "./json-values.ts";

/** The pixels of flat `[x, y, …]` polygons and of whole masks, united. */
export function uniteParts(polygons: readonly number[][], masks: readonly Mask[], size: Size): Mask {
  const united =
    polygons.length > 0 ? decodeRuns(rasterizePolygons(polygons, size)) : createMask(size.width, size.height);
  for (const { data } of masks) for (let i = 0; i < data.length; i++) united.data[i]! |= data[i]!;
  return united;
}

/**
 * `[[x, y], …]` of a JSON file as a flat polygon.
 *
 * @throws {InputError} for anything but a list of at least three pairs of numbers
 */
export function readPairs(where: string, points: unknown): number[] {
  const pairs = toList(`${where}, points`, points);
  const odd = pairs.find((pair) => !(Array.isArray(pair) && pair.length === 2));
  if (odd !== undefined) throw unusable(where, `the point ${describeJson(odd)}`, "a pair of numbers");
  return checkPoints(where, pairs.flat());
}

/** A flat polygon as `[[x, y], …]`. */
export function toPairs(polygon: readonly number[]): [x: number, y: number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i + 1 < polygon.length; i += 2) pairs.push([polygon[i]!, polygon[i + 1]!]);
  return pairs;
}

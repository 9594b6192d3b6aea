import { maskBox } from "../../../core/mask.ts";
import { decodeRuns, type RunLengthMask } from "../../../core/run-length.ts";
import type { ListChanges } from "../../json-text/edit-list.ts";
import type { NewValues } from "../../json-text/set-values.ts";
import type { GeometryOptions } from "../annotation-file.ts";
import { type Extent, extentOf, matchParts } from "../match-parts.ts";
import { toPairs } from "../region-geometry.ts";
import { joinedParts, type Remarks } from "../remarks.ts";
import { traceParts } from "../trace-parts.ts";
import { encodeMaskShape } from "./mask-png.ts";
import { readPolygon, type Shape, type ShapeRegion } from "./read-regions.ts";

/** What a region's change asks for besides its pixels. */
export interface RewriteContext {
  /** What messages call the file. */
  readonly name: string;
  readonly options: GeometryOptions;
  readonly remarks: Remarks;
  /** The highest number of a group so far; new groups count on. */
  readonly groups: { last: number };
}

interface Geometry {
  readonly kind: "polygon" | "mask";
  readonly extent: Extent;
  readonly points: readonly (readonly number[])[];
  readonly mask?: string;
}

/** The changes that give a region these pixels; its shapes keep everything else. */
export function rewriteRegion(
  region: ShapeRegion,
  mask: RunLengthMask,
  context: RewriteContext,
): ListChanges {
  const { id, shapes } = region;
  const geometries = describeMask(region, mask, context);
  const alone = geometries.length > 1 && shapes[0]!.group === undefined;
  const group = alone ? ++context.groups.last : undefined;
  if (group !== undefined) context.remarks.add(joinedParts, `${id} (${geometries.length}, group ${group})`);
  return replaceShapes(context.name, shapes, geometries, group);
}

function describeMask(
  { id, shapes }: ShapeRegion,
  mask: RunLengthMask,
  { options, remarks }: RewriteContext,
): Geometry[] {
  const kind = options.geometry ?? "same";
  if (kind === "mask" || (kind === "same" && shapes.some((shape) => shape.kind === "mask"))) {
    return [maskGeometry(mask)];
  }
  return traceParts(id, mask, options, remarks).map((polygon) => ({
    kind: "polygon",
    extent: extentOf(polygon),
    points: toPairs(polygon),
  }));
}

function maskGeometry(mask: RunLengthMask): Geometry {
  const pixels = decodeRuns(mask);
  const box = maskBox(pixels)!;
  const [x0, y0, x1, y1] = box;
  return {
    kind: "mask",
    extent: [x0, y0, x1 + 1, y1 + 1],
    points: [
      [x0, y0],
      [x1, y1],
    ],
    mask: encodeMaskShape(pixels, box),
  };
}

function replaceShapes(
  name: string,
  shapes: readonly Shape[],
  geometries: readonly Geometry[],
  group: number | undefined,
): ListChanges {
  const matches = matchParts(
    shapes.map((shape) => shapeExtent(name, shape)),
    geometries.map(({ extent }) => extent),
  );
  const last = shapes.at(-1)!;
  const kept = geometries.flatMap((geometry, i) =>
    matches[i] === undefined ? [] : [{ shape: shapes[matches[i]]!, geometry }],
  );
  return {
    replaced: kept.map(({ shape, geometry }) => ({
      index: shape.index,
      values: newValues(shape, geometry, group),
    })),
    removed: shapes.filter((_, i) => !matches.includes(i)).map(({ index }) => index),
    added: geometries
      .filter((_, i) => matches[i] === undefined)
      .map((geometry) => ({
        after: last.index,
        copyOf: last.index,
        values: newValues(last, geometry, group),
      })),
  };
}

function shapeExtent(name: string, shape: Shape): Extent {
  try {
    return extentOf(readPolygon(name, shape));
  } catch {
    // A mask stands alone or is joined to others; what is broken overlaps nothing.
    return extentOf([]);
  }
}

/** Only what differs: a polygon without a type or a mask stays without. */
function newValues({ value, kind }: Shape, geometry: Geometry, group: number | undefined): NewValues {
  const values: [path: string[], value: unknown][] = [[["points"], geometry.points]];
  if (geometry.kind !== kind) values.push([["shape_type"], geometry.kind]);
  if (geometry.mask !== undefined) values.push([["mask"], geometry.mask]);
  else if (typeof value["mask"] === "string") values.push([["mask"], null]);
  if (group !== undefined) values.push([["group_id"], group]);
  return values;
}

import { withArticle } from "../../text/with-article.ts";
import { unusable } from "../../unusable.ts";
import type { AnnotatedRegion, Size } from "../annotation-file.ts";
import { checkSize } from "../check-size.ts";
import { describeJson, type JsonObject, toLabel, toList, toObject } from "../json-values.ts";
import { readPairs, uniteParts } from "../region-geometry.ts";
import { decodeMaskShape } from "./mask-png.ts";

/** One entry of `shapes`. */
export interface Shape {
  /** Its place in `shapes`. */
  readonly index: number;
  readonly value: JsonObject;
  readonly label: string;
  readonly kind: string;
  /** Joins it to others of its label; `undefined` for none. */
  readonly group: number | string | undefined;
}

/** A region and the shapes that make it. */
export interface ShapeRegion extends AnnotatedRegion {
  /** At least one, in the order of the file; several where a group joins them. */
  readonly shapes: readonly Shape[];
}

/**
 * The regions of `shapes`: polygons and masks of one label and one group are one region.
 *
 * @throws {InputError} for entries that are no shapes; broken geometry only fails when it is asked for
 */
export function readRegions(name: string, shapes: unknown, size: Size | undefined): ShapeRegion[] {
  const entries = toList(`${name}, shapes`, shapes).map((value, index) => readShape(name, value, index));
  return joinGroups(entries).map((parts) => toRegion(name, parts, size));
}

function readShape(name: string, entry: unknown, index: number): Shape {
  const where = `${name}, shape ${index + 1}`;
  const value = toObject(where, entry);
  const kind = value["shape_type"] ?? "polygon";
  if (typeof kind !== "string") throw unusable(where, `${describeJson(kind)} for its type`, "a name");
  return {
    index,
    value,
    label: toLabel(where, value["label"]),
    kind,
    group: readGroup(where, value["group_id"]),
  };
}

function readGroup(where: string, group: unknown): number | string | undefined {
  if (group === undefined || group === null || group === "") return undefined;
  if (typeof group === "number" || typeof group === "string") return group;
  throw unusable(where, `${describeJson(group)} for its group`, "a number or null");
}

function isArea({ kind }: Shape): boolean {
  return kind === "polygon" || kind === "mask";
}

function joinGroups(shapes: readonly Shape[]): Shape[][] {
  const joined = new Map<string, Shape[]>();
  for (const shape of shapes) {
    const alone = shape.group === undefined || !isArea(shape);
    const key = JSON.stringify(alone ? [shape.index] : [shape.group, shape.label]);
    const parts = joined.get(key);
    if (parts === undefined) joined.set(key, [shape]);
    else parts.push(shape);
  }
  return [...joined.values()];
}

function toRegion(name: string, shapes: readonly Shape[], size: Size | undefined): ShapeRegion {
  const [first] = shapes as [Shape];
  return {
    id: `shapes/${first.index}`,
    label: first.label,
    ...(first.group === undefined ? {} : { instance: String(first.group) }),
    ...(isArea(first) ? {} : { skip: `${withArticle(first.kind)}, not a polygon or a mask` }),
    order: first.index,
    shapes,
    mask: (wanted) => {
      const checked = checkSize(name, wanted, size);
      const polygons = shapes.filter(({ kind }) => kind !== "mask").map((shape) => readPolygon(name, shape));
      const masks = shapes
        .filter(({ kind }) => kind === "mask")
        .map((shape) => readMask(name, shape, checked));
      return uniteParts(polygons, masks, checked);
    },
  };
}

/** Flat `[x, y, …]` of a polygon shape. */
export function readPolygon(name: string, { index, kind, value }: Shape): number[] {
  const where = `${name}, shape ${index + 1}`;
  if (kind !== "polygon") throw unusable(where, withArticle(kind), "a polygon or a mask");
  return readPairs(where, value["points"]);
}

function readMask(name: string, { index, value }: Shape, size: Size): ReturnType<typeof decodeMaskShape> {
  return decodeMaskShape(`${name}, shape ${index + 1}`, value["points"], value["mask"], size);
}

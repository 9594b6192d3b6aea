import type { Mask } from "../../../core/mask.ts";
import { unusable } from "../../unusable.ts";
import type { AnnotatedRegion, Size } from "../annotation-file.ts";
import { checkSize } from "../check-size.ts";
import { describeJson, type JsonObject, toLabel, toList, toObject } from "../json-values.ts";
import { type Extent, extentOf, shareArea } from "../match-parts.ts";
import { readPairs, uniteParts } from "../region-geometry.ts";

/** Category of objects that are no objects: they erase what lies below them. */
export const background = "__background__";

/** One entry of `objects`. */
export interface IsatObject {
  /** Its place in `objects`. */
  readonly index: number;
  readonly value: JsonObject;
  readonly category: string;
  /** Joins it to others of its category; `undefined` for none. */
  readonly group: number | string | undefined;
  readonly layer: number;
  /** Why it is no part of a region that is refined. */
  readonly skip: string | undefined;
}

/** A region and the objects that make it. */
export interface IsatRegion extends AnnotatedRegion {
  /** At least one, in the order of the file; several where a group joins them. */
  readonly objects: readonly IsatObject[];
}

/** The objects of a file. */
export function readObjects(name: string, objects: unknown): IsatObject[] {
  return toList(`${name}, objects`, objects).map((value, index) => readObject(name, value, index));
}

function readObject(name: string, entry: unknown, index: number): IsatObject {
  const where = `${name}, object ${index + 1}`;
  const value = toObject(where, entry);
  const category = toLabel(where, value["category"]);
  const layer = value["layer"] ?? 1;
  if (typeof layer !== "number") throw unusable(where, `${describeJson(layer)} for its layer`, "a number");
  return {
    index,
    value,
    category,
    layer,
    group: readGroup(where, value["group"]),
    skip: readSkip(category, value),
  };
}

/** ISAT counts groups from 1; converters write 0 where there were none. */
function readGroup(where: string, group: unknown): number | string | undefined {
  if (group === undefined || group === null || group === "" || group === 0) return undefined;
  if (typeof group === "number" || typeof group === "string") return group;
  throw unusable(where, `${describeJson(group)} for its group`, "a number");
}

function readSkip(
  category: string,
  { iscrowd, shape_type: kind = "polygon" }: JsonObject,
): string | undefined {
  if (category === background) return "background that cuts holes into what lies below";
  if (iscrowd === true || iscrowd === 1) return "a crowd";
  return kind === "polygon" ? undefined : `a ${describeJson(kind)}, not a polygon`;
}

/** Regions of objects: those of one category and one group are one region. */
export function joinObjects(
  name: string,
  objects: readonly IsatObject[],
  size: Size | undefined,
): IsatRegion[] {
  const ranks = rankObjects(objects);
  const grounds = objects.filter(({ category }) => category === background);
  const joined = new Map<string, IsatObject[]>();
  for (const object of objects) {
    const alone = object.group === undefined || object.skip !== undefined;
    const key = JSON.stringify(alone ? [object.index] : [object.group, object.category]);
    const parts = joined.get(key);
    if (parts === undefined) joined.set(key, [object]);
    else parts.push(object);
  }
  return [...joined.values()].map((parts) => {
    const [first] = parts as [IsatObject];
    return {
      id: `objects/${first.index}`,
      label: first.category,
      ...(first.group === undefined ? {} : { instance: String(first.group) }),
      ...(first.skip === undefined ? {} : { skip: first.skip }),
      order: ranks.get(first)!,
      objects: parts,
      mask: (wanted) => readMask(name, parts, grounds, checkSize(name, wanted, size)),
    };
  });
}

function rankObjects(objects: readonly IsatObject[]): Map<IsatObject, number> {
  const sorted = [...objects].sort((a, b) => (liesAbove(a, b) ? 1 : -1));
  return new Map(sorted.map((object, rank) => [object, rank]));
}

/** Whether one object is painted after another. */
export function liesAbove(a: IsatObject, b: IsatObject): boolean {
  return a.layer > b.layer || (a.layer === b.layer && a.index > b.index);
}

function readMask(
  name: string,
  parts: readonly IsatObject[],
  grounds: readonly IsatObject[],
  size: Size,
): Mask {
  const masks = parts.map((part) => {
    const polygon = readPolygon(name, part);
    const above = grounds
      .filter((ground) => liesAbove(ground, part))
      .map((ground) => readPolygon(name, ground));
    return without(polygon, above, size);
  });
  return masks.length === 1 ? masks[0]! : uniteParts([], masks, size);
}

/** The pixels of a polygon that no other one covers. */
function without(polygon: readonly number[], others: readonly number[][], size: Size): Mask {
  const mask = uniteParts([[...polygon]], [], size);
  const extent: Extent = extentOf(polygon);
  const near = others.filter((other) => shareArea(extent, extentOf(other)) > 0);
  if (near.length === 0) return mask;
  const covered = uniteParts(near, [], size);
  for (let i = 0; i < mask.data.length; i++) if (covered.data[i] === 1) mask.data[i] = 0;
  return mask;
}

/** Flat `[x, y, …]` of an object. */
export function readPolygon(name: string, { index, value }: IsatObject): number[] {
  const where = `${name}, object ${index + 1}`;
  const kind = value["shape_type"] ?? "polygon";
  if (kind !== "polygon") throw unusable(where, `a ${describeJson(kind)}`, "a polygon");
  return readPairs(where, value["segmentation"]);
}

import { withArticle } from "../../text/with-article.ts";
import { unusable } from "../../unusable.ts";
import type { AnnotatedPhoto, AnnotatedRegion, Size } from "../annotation-file.ts";
import { checkPoints } from "../check-points.ts";
import { describeJson, isObject, type JsonObject, toLink, toList, toObject } from "../json-values.ts";
import { uniteParts } from "../region-geometry.ts";

/** Where a value lies in a JSON text. */
export type JsonPath = readonly (string | number)[];

/** A region and its place in the file. */
export interface ViaRegion extends AnnotatedRegion {
  /** Of the photo's `regions`: a list, or an object whose keys are numbers. */
  readonly parent: JsonPath;
  readonly key: string | number;
}

/** A photo whose regions know their place. */
export interface ViaPhoto extends AnnotatedPhoto {
  readonly regions: readonly ViaRegion[];
}

/** Names that people give the attribute that holds the class, the surest first. */
const classNames = ["class", "label", "category", "name", "type", "object"];

/** What a region without attributes is called. */
const nameless = "object";

/**
 * The photos of a VIA project, or of an export without one.
 *
 * @throws {InputError} for anything that is not built like them; broken geometry only fails when it is asked for
 */
export function readPhotos(name: string, root: unknown): ViaPhoto[] {
  const file = toObject(name, root);
  const project = file["_via_img_metadata"];
  const metadata = project === undefined ? file : toObject(`${name}, _via_img_metadata`, project);
  const path = project === undefined ? [] : ["_via_img_metadata"];
  return Object.entries(metadata).map(([key, value]) => readPhoto(name, key, value, [...path, key]));
}

function readPhoto(name: string, key: string, value: unknown, path: JsonPath): ViaPhoto {
  const where = `${name}, ${key.slice(0, 80)}`;
  const photo = toObject(where, value);
  const parent = [...path, "regions"];
  const regions = entriesOf(where, photo["regions"]).map(([place, region], order) =>
    readRegion(`${where}, region ${place}`, toObject(`${where}, region ${place}`, region), {
      id: `${key}/regions/${place}`,
      order,
      parent,
      key: place,
    }),
  );
  return { id: key, link: toLink(where, photo["filename"]), size: undefined, regions };
}

/** Regions come as a list, in older versions as an object with numbers for keys. */
function entriesOf(where: string, regions: unknown): (readonly [key: string | number, region: unknown])[] {
  if (regions === undefined || regions === null) return [];
  if (isObject(regions)) return Object.entries(regions);
  return toList(`${where}, regions`, regions).map((region, i) => [i, region] as const);
}

function readRegion(
  where: string,
  region: JsonObject,
  place: Pick<ViaRegion, "id" | "order" | "parent" | "key">,
): ViaRegion {
  const shape = toObject(`${where}, shape_attributes`, region["shape_attributes"]);
  const kind = shape["name"];
  if (typeof kind !== "string") throw unusable(where, `${describeJson(kind)} for its shape`, "a name");
  return {
    ...place,
    label: readClass(region["region_attributes"]),
    ...(kind === "polygon" ? {} : { skip: `${withArticle(kind)}, not a polygon` }),
    mask: (size: Size) => {
      if (kind !== "polygon") throw unusable(where, withArticle(kind), "a polygon");
      return uniteParts([readPolygon(where, shape)], [], size);
    },
  };
}

function readPolygon(where: string, shape: JsonObject): number[] {
  const xs = toList(`${where}, all_points_x`, shape["all_points_x"]);
  const ys = toList(`${where}, all_points_y`, shape["all_points_y"]);
  if (xs.length !== ys.length) throw unusable(where, `${xs.length} x and ${ys.length} y`, "as many of both");
  return checkPoints(
    where,
    xs.flatMap((x, i) => [x, ys[i]]),
  );
}

/** The class among the attributes, whose names the annotator chose. */
function readClass(attributes: unknown): string {
  const texts = isObject(attributes)
    ? Object.entries(attributes).map(([key, value]) => [key.toLowerCase().trim(), toText(value)] as const)
    : [];
  const named = texts.filter(([, text]) => text !== "");
  const known = classNames.flatMap((name) => named.filter(([key]) => key === name));
  return (known[0] ?? named[0])?.[1] ?? nameless;
}

/** Text, a number, or the ticked boxes of a checkbox attribute. */
function toText(value: unknown): string {
  if (typeof value === "string") return value.trim();
  if (typeof value === "number") return String(value);
  if (!isObject(value)) return "";
  const ticked = Object.entries(value).filter(([, set]) => set === true);
  return ticked.map(([key]) => key).join(", ");
}

import type { Mask } from "../../../core/mask.ts";
import { decodeRuns } from "../../../core/run-length.ts";
import { rasterizePolygons } from "../../geometry/rasterize-polygon.ts";
import { parseDecimal } from "../../text/parse-decimal.ts";
import { withArticle } from "../../text/with-article.ts";
import { unusable } from "../../unusable.ts";
import type { XmlElement } from "../../xml-text/locate-elements.ts";
import type { AnnotatedRegion, Size } from "../annotation-file.ts";
import { decodeBoxRuns } from "../box-runs.ts";
import { checkPoints } from "../check-points.ts";
import { checkSize } from "../check-size.ts";

/** A region and the shapes that make it. */
export interface ShapeRegion extends AnnotatedRegion {
  /** At least one, in the order of the file; several where a group joins them. */
  readonly shapes: readonly XmlElement[];
  /** Number of its group, 0 for none. */
  readonly group: number;
}

/** Shapes that are pixels; all others are skipped. */
const kinds: readonly string[] = ["polygon", "mask"];

/**
 * The regions of an `<image>`; order follows `z_order`, then the file.
 *
 * @param where what messages call the image
 * @param id of the image; its regions' start with it
 */
export function readRegions(
  where: string,
  image: XmlElement,
  id: string,
  size: Size | undefined,
): ShapeRegion[] {
  const shapes = image.children.filter((child) => child.name !== "tag" && child.attributes.has("label"));
  const ranks = rankShapes(shapes);
  const indices = new Map(shapes.map((shape, i) => [shape, i]));
  return joinGroups(shapes).map((parts) => {
    const first = indices.get(parts[0]!)!;
    const group = groupOf(parts[0]!);
    return {
      id: `${id}/shapes/${first}`,
      label: parts[0]!.attributes.get("label")!.value,
      ...(group === 0 ? {} : { instance: String(group) }),
      ...(kinds.includes(parts[0]!.name)
        ? {}
        : { skip: `${withArticle(parts[0]!.name)}, not a polygon or a mask` }),
      order: ranks.get(parts[0]!)!,
      shapes: parts,
      group,
      mask: (wanted) => readMask(`${where}, shape ${first + 1}`, parts, checkSize(where, wanted, size)),
    };
  });
}

function groupOf(shape: XmlElement): number {
  const text = shape.attributes.get("group_id")?.value ?? "";
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0;
}

function joinGroups(shapes: readonly XmlElement[]): XmlElement[][] {
  const joined = new Map<string | XmlElement, XmlElement[]>();
  for (const shape of shapes) {
    const group = groupOf(shape);
    const alone = group === 0 || !kinds.includes(shape.name);
    const key = alone ? shape : `${group} ${shape.attributes.get("label")!.value}`;
    const parts = joined.get(key);
    if (parts === undefined) joined.set(key, [shape]);
    else parts.push(shape);
  }
  return [...joined.values()];
}

function rankShapes(shapes: readonly XmlElement[]): Map<XmlElement, number> {
  const height = (shape: XmlElement): number => {
    const z = parseDecimal(shape.attributes.get("z_order")?.value ?? "0");
    return Number.isNaN(z) ? 0 : z;
  };
  const sorted = [...shapes].sort((a, b) => height(a) - height(b));
  return new Map(sorted.map((shape, rank) => [shape, rank]));
}

function readMask(where: string, shapes: readonly XmlElement[], size: Size): Mask {
  const polygons = shapes.filter(({ name }) => name === "polygon");
  const mask = decodeRuns(
    rasterizePolygons(
      polygons.map((shape) => readPolygon(where, shape)),
      size,
    ),
  );
  return shapes
    .filter(({ name }) => name !== "polygon")
    .map((shape) => readRuns(where, shape, size))
    .reduce(uniteMasks, mask);
}

function uniteMasks(a: Mask, b: Mask): Mask {
  return { ...a, data: a.data.map((value, i) => value | b.data[i]!) };
}

/** Flat `[x, y, …]` of a `<polygon>`. */
export function readPolygon(where: string, shape: XmlElement): number[] {
  const points = attributeOf(where, shape, "points").split(";");
  const pairs = points.map((point) => point.split(","));
  const odd = pairs.findIndex((pair) => pair.length !== 2);
  if (odd >= 0) throw unusable(where, `the point "${points[odd]!.slice(0, 40)}"`, "x,y");
  return checkPoints(where, pairs.flat().map(parseCoordinate));
}

function parseCoordinate(text: string): number | string {
  const value = parseDecimal(text.trim());
  return Number.isNaN(value) ? text.slice(0, 40) : value;
}

function readRuns(where: string, shape: XmlElement, size: Size): Mask {
  if (shape.name !== "mask") throw unusable(where, withArticle(shape.name), "a polygon or a mask");
  const counts = attributeOf(where, shape, "rle").split(",");
  const whole = (name: string, text: string): number => {
    if (/^\d{1,15}$/.test(text.trim())) return Number(text);
    throw unusable(where, `"${text.slice(0, 40)}" for its ${name}`, "a whole number");
  };
  const side = (name: string): number => whole(name, attributeOf(where, shape, name));
  const [left, top] = [side("left"), side("top")];
  const box = [left, top, left + side("width") - 1, top + side("height") - 1] as const;
  return decodeBoxRuns(
    where,
    counts.map((count) => whole("run", count)),
    box,
    size,
  );
}

function attributeOf(where: string, shape: XmlElement, name: string): string {
  const value = shape.attributes.get(name)?.value;
  if (value === undefined) throw unusable(where, `a ${shape.name} without "${name}"`, "one with it");
  return value;
}

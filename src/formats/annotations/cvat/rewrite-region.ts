import { maskBox } from "../../../core/mask.ts";
import { decodeRuns, type RunLengthMask } from "../../../core/run-length.ts";
import { editText, type TextEdit } from "../../text/edit-text.ts";
import type { XmlElement } from "../../xml-text/locate-elements.ts";
import type { GeometryOptions } from "../annotation-file.ts";
import { encodeBoxRuns } from "../box-runs.ts";
import { type Extent, extentOf, matchParts } from "../match-parts.ts";
import { joinedParts, type Remarks } from "../remarks.ts";
import { traceParts } from "../trace-parts.ts";
import { readPolygon, type ShapeRegion } from "./read-regions.ts";

/** The text of the file and how to change it. */
export interface RewriteContext {
  readonly text: string;
  readonly options: GeometryOptions;
  readonly remarks: Remarks;
  /** The highest group number of the photo so far; new groups count on. */
  readonly groups: { last: number };
}

/** A shape to write: its element's name and the attributes that hold its geometry. */
interface Geometry {
  readonly element: "polygon" | "mask";
  readonly attributes: Readonly<Record<string, string>>;
  readonly extent: Extent;
}

/** Every attribute that holds geometry, of polygons and of masks. */
const geometryAttributes = ["points", "rle", "left", "top", "width", "height"];

/** The edits that give a region these pixels; its shapes keep everything else. */
export function rewriteRegion(region: ShapeRegion, mask: RunLengthMask, context: RewriteContext): TextEdit[] {
  const geometries = describeMask(region, mask, context);
  const grouped = geometries.length > 1 && region.group === 0;
  const group = grouped ? ++context.groups.last : undefined;
  if (group !== undefined)
    context.remarks.add(joinedParts, `${region.id} (${geometries.length}, group ${group})`);
  return replaceShapes(region.shapes, geometries, group, context.text);
}

function describeMask(
  { id, shapes }: ShapeRegion,
  mask: RunLengthMask,
  { options, text, remarks }: RewriteContext,
): Geometry[] {
  const stored = shapes.find(({ name }) => name === "mask");
  const kind = options.geometry ?? "same";
  if (kind === "mask" || (kind === "same" && stored !== undefined)) {
    const separator = stored !== undefined && !/,\s/.test(rawRuns(stored, text)) ? "," : ", ";
    return [maskGeometry(mask, separator)];
  }
  return traceParts(id, mask, options, remarks).map(polygonGeometry);
}

function rawRuns({ attributes }: XmlElement, text: string): string {
  const rle = attributes.get("rle");
  return rle === undefined ? "" : text.slice(rle.start, rle.end);
}

function maskGeometry(mask: RunLengthMask, separator: string): Geometry {
  const pixels = decodeRuns(mask);
  const [x0, y0, x1, y1] = maskBox(pixels)!;
  const numbers = { left: x0, top: y0, width: x1 - x0 + 1, height: y1 - y0 + 1 };
  return {
    element: "mask",
    attributes: {
      rle: encodeBoxRuns(pixels, [x0, y0, x1, y1]).join(separator),
      ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)])),
    },
    extent: [x0, y0, x1 + 1, y1 + 1],
  };
}

function polygonGeometry(polygon: readonly number[]): Geometry {
  const points: string[] = [];
  // Two decimals, as CVAT writes them.
  for (let i = 0; i < polygon.length; i += 2) {
    points.push(`${polygon[i]!.toFixed(2)},${polygon[i + 1]!.toFixed(2)}`);
  }
  return { element: "polygon", attributes: { points: points.join(";") }, extent: extentOf(polygon) };
}

/** Shapes that go on are changed in place, new ones follow the last, and those without a part go. */
function replaceShapes(
  shapes: readonly XmlElement[],
  geometries: readonly Geometry[],
  group: number | undefined,
  text: string,
): TextEdit[] {
  const matches = matchParts(
    shapes.map(shapeExtent),
    geometries.map(({ extent }) => extent),
  );
  const edits = shapes.flatMap((shape, i) => {
    const geometry = geometries[matches.indexOf(i)];
    if (geometry === undefined) return [{ start: startWithSpace(shape, text), end: shape.end, text: "" }];
    return editShape(shape, geometry, group);
  });
  const last = shapes.at(-1)!;
  const space = text.slice(startWithSpace(last, text), last.start);
  const added = geometries.filter((_, i) => matches[i] === undefined);
  const copies = added.map((geometry) => space + copyShape(last, geometry, group, text));
  return [...edits, { start: last.end, end: last.end, text: copies.join("") }];
}

function shapeExtent(shape: XmlElement): Extent {
  try {
    return extentOf(readPolygon("", shape));
  } catch {
    // A mask stands alone or is joined to others; what is broken overlaps nothing.
    return extentOf([]);
  }
}

/** Where the white space before an element begins. */
function startWithSpace({ start }: XmlElement, text: string): number {
  let at = start;
  while (at > 0 && /\s/.test(text[at - 1]!)) at--;
  return at;
}

function copyShape(shape: XmlElement, geometry: Geometry, group: number | undefined, text: string): string {
  const edits = editShape(shape, geometry, group).map((edit) => ({
    start: edit.start - shape.start,
    end: edit.end - shape.start,
    text: edit.text,
  }));
  return editText(text.slice(shape.start, shape.end), edits);
}

function editShape(shape: XmlElement, geometry: Geometry, group: number | undefined): TextEdit[] {
  const wanted = { ...geometry.attributes, ...(group === undefined ? {} : { group_id: String(group) }) };
  return [...renameElement(shape, geometry.element), ...editAttributes(shape, wanted)];
}

function renameElement(shape: XmlElement, name: string): TextEdit[] {
  if (shape.name === name) return [];
  const rename = (start: number): TextEdit => ({ start, end: start + shape.name.length, text: name });
  const opening = rename(shape.start + 1);
  return shape.end === shape.openEnd ? [opening] : [opening, rename(shape.closeStart + 2)];
}

/** Attributes that stay are replaced, other geometry goes, and what is new comes where the geometry was. */
function editAttributes(
  { name, start, attributes }: XmlElement,
  wanted: Readonly<Record<string, string>>,
): TextEdit[] {
  const edits: TextEdit[] = [];
  const anchor = attributes.get("points") ?? attributes.get("rle");
  for (const key of [...geometryAttributes, "group_id"]) {
    const found = attributes.get(key);
    const value = wanted[key];
    if (found === undefined) continue;
    if (value !== undefined) edits.push({ start: found.start, end: found.end, text: `${key}="${value}"` });
    else if (key !== "group_id") edits.push({ start: found.start - 1, end: found.end, text: "" });
  }
  const added = Object.entries(wanted).filter(([key]) => !attributes.has(key));
  const at = anchor?.end ?? start + 1 + name.length;
  return [...edits, { start: at, end: at, text: added.map(([key, value]) => ` ${key}="${value}"`).join("") }];
}

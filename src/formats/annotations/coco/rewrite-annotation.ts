import { type RunLengthMask, runArea } from "../../../core/run-length.ts";
import { compressCounts } from "../../compressed-counts.ts";
import { rasterizePolygons } from "../../geometry/rasterize-polygon.ts";
import { type LocatedValue, locateValues } from "../../json-text/locate-values.ts";
import { editText, type TextEdit } from "../../text/edit-text.ts";
import type { GeometryOptions } from "../annotation-file.ts";
import { isObject } from "../json-values.ts";
import type { Remarks } from "../remarks.ts";
import { traceParts } from "../trace-parts.ts";
import { runBox } from "./run-box.ts";
import { kindOf, type SegmentationKind } from "./segmentation.ts";

/** A mask as it is written, and the pixels that a reader will see. */
interface WrittenGeometry {
  readonly kind: SegmentationKind;
  readonly mask: RunLengthMask;
  /** Flat `[x, y, …]`; none for run lengths. */
  readonly polygons: readonly (readonly number[])[];
}

/**
 * New pixels for an annotation: its segmentation, and its area and box where it has them, as pycocotools computes
 * them from what is written. Everything else keeps its text.
 *
 * @param id what remarks call the annotation
 * @param text the annotation's object
 * @param mask not empty
 * @returns the object's new text
 */
export function rewriteAnnotation(
  id: string,
  text: string,
  mask: RunLengthMask,
  options: GeometryOptions,
  remarks: Remarks,
): string {
  const written = chooseGeometry(id, JSON.parse(text).segmentation, mask, options, remarks);
  const fields = new Map(locateFields(text, 0, ["segmentation", "area", "bbox"]));
  const segmentation = fields.get("segmentation");
  // Without geometry to replace there is none to refine either: such annotations are skipped.
  const edits = segmentation === undefined ? [] : editSegmentation(text, segmentation, written);
  const area = fields.get("area");
  if (area !== undefined) edits.push(replace(area, String(runArea(written.mask))));
  const box = fields.get("bbox");
  if (box !== undefined) edits.push(replace(box, listText(runBox(written.mask), isSpaced(text))));
  return editText(text, edits);
}

function chooseGeometry(
  id: string,
  segmentation: unknown,
  mask: RunLengthMask,
  options: GeometryOptions,
  remarks: Remarks,
): WrittenGeometry {
  const before = kindOf(segmentation) ?? "polygons";
  const outlined = options.geometry === "polygon" || (options.geometry !== "mask" && before === "polygons");
  if (outlined) {
    const polygons = traceParts(id, mask, options, remarks);
    const { width, height } = mask;
    return { kind: "polygons", mask: rasterizePolygons(polygons, { width, height }), polygons };
  }
  return { kind: before === "polygons" ? "compressed" : before, mask, polygons: [] };
}

/** Run lengths keep what else stands beside them. */
function editSegmentation(text: string, place: LocatedValue, written: WrittenGeometry): TextEdit[] {
  const spaced = isSpaced(text);
  const inner = text.slice(place.start, place.end);
  if (written.kind !== "polygons" && isObject(JSON.parse(inner))) {
    const fields = new Map(locateFields(inner, place.start, ["counts", "size"]));
    const [counts, size] = [fields.get("counts"), fields.get("size")];
    if (counts !== undefined && size !== undefined) {
      const { width, height } = written.mask;
      return [
        replace(counts, countsText(written, spaced)),
        replaceUnlessSame(text, size, listText([height, width], spaced)),
      ].flat();
    }
  }
  return [replace(place, segmentationText(written, spaced))];
}

function segmentationText(written: WrittenGeometry, spaced: boolean): string {
  const { kind, polygons, mask } = written;
  if (kind === "polygons") return `[${polygons.map((part) => listText(part, spaced)).join(comma(spaced))}]`;
  const colon = spaced ? ": " : ":";
  const size = listText([mask.height, mask.width], spaced);
  return `{"size"${colon}${size}${comma(spaced)}"counts"${colon}${countsText(written, spaced)}}`;
}

function countsText({ kind, mask }: WrittenGeometry, spaced: boolean): string {
  return kind === "compressed" ? JSON.stringify(compressCounts(mask.counts)) : listText(mask.counts, spaced);
}

function listText(numbers: ArrayLike<number>, spaced: boolean): string {
  return `[${Array.from(numbers).join(comma(spaced))}]`;
}

function comma(spaced: boolean): string {
  return spaced ? ", " : ",";
}

/** Whether the file puts a space behind colons, as most writers do. */
function isSpaced(text: string): boolean {
  return /":\s/.test(text);
}

/** Fields of an object in a text, by name; `offset` is the object's own. */
function locateFields(text: string, offset: number, names: readonly string[]): [string, LocatedValue][] {
  const wanted = new Set<unknown>(names);
  return locateValues(text, (path) => path.length === 1 && wanted.has(path[0]), 1).map((value) => [
    String(value.path[0]),
    { path: value.path, start: value.start + offset, end: value.end + offset },
  ]);
}

function replace({ start, end }: LocatedValue, text: string): TextEdit {
  return { start, end, text };
}

function replaceUnlessSame(text: string, place: LocatedValue, value: string): TextEdit[] {
  const before = text.slice(place.start, place.end);
  return before.replaceAll(/\s/g, "") === value.replaceAll(/\s/g, "") ? [] : [replace(place, value)];
}

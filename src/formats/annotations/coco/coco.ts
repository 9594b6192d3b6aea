/**
 * COCO's JSON: instances (polygons, run lengths as lists or compressed), result files, and LVIS, which names photos by
 * address. Only what changes is replaced in the bytes, which never become one string: files may be larger than that.
 */
import { JsonLists } from "../../json-text/json-lists.ts";
import { type ByteEdit, editBytes } from "../../text/edit-bytes.ts";
import { acceptChanges } from "../accept-changes.ts";
import type {
  AnnotationFile,
  AnnotationFormat,
  GeometryOptions,
  RegionChange,
  WrittenAnnotations,
} from "../annotation-file.ts";
import { Remarks } from "../remarks.ts";
import { type JsonSketch, sketchJson } from "../sketch-json.ts";
import { type CocoContent, readInstances, readResults } from "./read-photos.ts";
import { rewriteAnnotation } from "./rewrite-annotation.ts";

/** COCO instances. */
export const coco: AnnotationFormat = {
  name: "coco",
  detect: (name, bytes) => isInstances(name, bytes) && !isLvis(sketchJson(bytes)),
  read: (name, bytes) => openFile("coco", name, bytes, (json) => readInstances(name, json, false)),
};

/** LVIS instances. */
export const lvis: AnnotationFormat = {
  name: "lvis",
  detect: (name, bytes) => isInstances(name, bytes) && isLvis(sketchJson(bytes)),
  read: (name, bytes) => openFile("lvis", name, bytes, (json) => readInstances(name, json, true)),
};

/** COCO results: a list of detections. Its photos have no link, only the ids that an instances file explains. */
export const cocoResults: AnnotationFormat = {
  name: "coco-results",
  detect: (name, bytes) =>
    isJsonName(name) && /^\uFEFF?\s*\[\s*\{/.test(headOf(bytes)) && /"image_id"\s*:/.test(headOf(bytes)),
  read: (name, bytes) => openFile("coco-results", name, bytes, (json) => readResults(name, json)),
};

function isJsonName(name: string): boolean {
  return name.toLowerCase().endsWith(".json");
}

/** Enough of a result file for its first entry, a large mask in it. */
function headOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(0, 2 ** 20));
}

/** Two of COCO's lists, or one whose entries nobody else has; reading says what is missing. */
function isInstances(name: string, bytes: Uint8Array): boolean {
  if (!isJsonName(name)) return false;
  const sketch = sketchJson(bytes);
  const found = ["images", "annotations", "categories"].filter((key) => sketch.get(key)?.kind === "[");
  return found.length > 1 || sketch.get("annotations")?.keys.has("image_id") === true;
}

function isLvis(sketch: JsonSketch): boolean {
  const keys = sketch.get("images")?.keys;
  return keys?.has("neg_category_ids") === true || keys?.has("not_exhaustive_category_ids") === true;
}

function openFile(
  format: string,
  name: string,
  bytes: Uint8Array,
  readContent: (json: JsonLists) => CocoContent,
): AnnotationFile {
  const json = new JsonLists(name, bytes);
  const content = readContent(json);
  return {
    name,
    format,
    ...content,
    write: (changes, options = {}) => write(name, bytes, json, content, changes, options),
  };
}

function write(
  name: string,
  bytes: Uint8Array,
  json: JsonLists,
  { photos }: CocoContent,
  changes: Iterable<RegionChange>,
  options: GeometryOptions,
): WrittenAnnotations {
  const masks = acceptChanges(photos, changes);
  if (masks.size === 0) return { bytes, notes: [] };
  const edits: ByteEdit[] = [];
  const remarks = new Remarks();
  for (const { regions } of photos) {
    for (const { id, entry } of regions) {
      const mask = masks.get(id);
      if (mask === undefined) continue;
      const text = rewriteAnnotation(id, json.text(entry), mask, options, remarks);
      edits.push({ start: json.start(entry), end: json.end(entry), bytes: new TextEncoder().encode(text) });
    }
  }
  return { bytes: editBytes(bytes, edits), notes: remarks.sentences(name) };
}

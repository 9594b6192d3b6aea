/**
 * VGG Image Annotator's JSON, versions 1 and 2: a project, or an export of its annotations. Regions have no holes and
 * no parts; the file says no photo's size.
 */
import type { RunLengthMask } from "../../../core/run-length.ts";
import { editList, locateEntries } from "../../json-text/edit-list.ts";
import { editMembers } from "../../json-text/edit-members.ts";
import type { NewValues } from "../../json-text/set-values.ts";
import { decodeText } from "../../text/decode-text.ts";
import { editText, type TextEdit } from "../../text/edit-text.ts";
import { unusable } from "../../unusable.ts";
import { acceptChanges } from "../accept-changes.ts";
import type {
  AnnotationFile,
  AnnotationFormat,
  GeometryOptions,
  WrittenAnnotations,
} from "../annotation-file.ts";
import { isObject } from "../json-values.ts";
import { parseJSON } from "../parse-json.ts";
import { type Remark, Remarks } from "../remarks.ts";
import { sketchJson } from "../sketch-json.ts";
import { traceParts } from "../trace-parts.ts";
import { readPhotos, type ViaPhoto, type ViaRegion } from "./read-photos.ts";

/** VIA's annotations of any number of photos. */
export const via: AnnotationFormat = { name: "via", detect, read };

function detect(name: string, bytes: Uint8Array): boolean {
  if (!name.toLowerCase().endsWith(".json")) return false;
  const sketch = sketchJson(bytes);
  if (sketch.has("_via_img_metadata") || isVersion3(new Set(sketch.keys()))) return true;
  const [first] = sketch.values();
  return first?.kind === "{" && first.keys.has("filename") && first.keys.has("regions");
}

/** Version 3 has other projects: views of files, with metadata by their own keys. */
function isVersion3(keys: ReadonlySet<string>): boolean {
  return ["project", "file", "view", "metadata"].every((key) => keys.has(key));
}

function read(name: string, bytes: Uint8Array): AnnotationFile {
  const root = parseJSON(name, bytes);
  if (isObject(root) && isVersion3(new Set(Object.keys(root)))) {
    throw unusable(name, "a project of VIA 3", "one of VIA 1 or 2, or the annotations exported as COCO");
  }
  const photos = readPhotos(name, root);
  return {
    name,
    format: via.name,
    photos,
    notes: [],
    write(changes, options = {}) {
      const accepted = acceptChanges(photos, changes);
      return accepted.size === 0 ? { bytes, notes: [] } : rewrite(name, bytes, photos, accepted, options);
    },
  };
}

/** A region and what it becomes. */
interface Change {
  readonly region: ViaRegion;
  /** Values of its first part, and of each further one. */
  readonly parts: readonly NewValues[];
}

function rewrite(
  name: string,
  bytes: Uint8Array,
  photos: readonly ViaPhoto[],
  accepted: ReadonlyMap<string, RunLengthMask>,
  options: GeometryOptions,
): WrittenAnnotations {
  const remarks = new Remarks();
  const changed = photos
    .map(({ regions }) => regions.filter(({ id }) => accepted.has(id)))
    .filter((regions) => regions.length > 0);
  const lists = changed.map((regions) =>
    regions.map((region): Change => {
      const parts = traceParts(region.id, accepted.get(region.id)!, options, remarks);
      if (parts.length > 1) remarks.add(regionsApart, `${region.id} (${parts.length})`);
      if (options.geometry === "mask") remarks.add(outlinesOnly, region.id);
      return { region, parts: parts.map(newValues) };
    }),
  );
  // Decoded anew: it is not worth being kept between reading and writing.
  const text = decodeText(name, bytes);
  const entries = locateEntries(
    name,
    text,
    lists.map(([first]) => first!.region.parent),
  );
  const edits = lists.flatMap((list, i) => editRegions(text, entries[i]!, list));
  return { bytes: new TextEncoder().encode(editText(text, edits)), notes: remarks.sentences(name) };
}

const regionsApart: Remark = (regions) => `parts are a region each, for VIA joins none: ${regions}`;
const outlinesOnly: Remark = (regions) => `outlines stay outlines, for VIA has no masks: ${regions}`;

function newValues(polygon: readonly number[]): NewValues {
  return [
    [["shape_attributes", "all_points_x"], polygon.filter((_, i) => i % 2 === 0)],
    [["shape_attributes", "all_points_y"], polygon.filter((_, i) => i % 2 === 1)],
  ];
}

function editRegions(
  text: string,
  entries: ReturnType<typeof locateEntries>[number],
  changes: readonly Change[],
): TextEdit[] {
  const indices = new Map(entries.map(({ path }, i) => [path.at(-1)!, i]));
  const indexed = changes.map(({ region, parts }) => ({ index: indices.get(region.key)!, parts }));
  const edits = {
    replaced: indexed.map(({ index, parts }) => ({ index, values: parts[0]! })),
    removed: [],
    added: indexed.flatMap(({ index, parts }) =>
      parts.slice(1).map((values) => ({ after: index, copyOf: index, values })),
    ),
  };
  const isList = typeof changes[0]!.region.key === "number";
  return isList ? editList(text, entries, edits) : editMembers(text, entries, edits);
}

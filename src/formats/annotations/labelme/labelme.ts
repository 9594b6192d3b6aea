/**
 * labelme's JSON: polygons, and masks as PNG in base64 that fill their box. Shapes of one label and one group are the
 * parts of one region.
 */
import type { RunLengthMask } from "../../../core/run-length.ts";
import { editList, locateEntries } from "../../json-text/edit-list.ts";
import { decodeText } from "../../text/decode-text.ts";
import { editText } from "../../text/edit-text.ts";
import { acceptChanges } from "../accept-changes.ts";
import type {
  AnnotationFile,
  AnnotationFormat,
  GeometryOptions,
  WrittenAnnotations,
} from "../annotation-file.ts";
import { toLink, toObject, toSize } from "../json-values.ts";
import { parseJSON } from "../parse-json.ts";
import { Remarks } from "../remarks.ts";
import { sketchJson } from "../sketch-json.ts";
import { readRegions, type ShapeRegion } from "./read-regions.ts";
import { rewriteRegion } from "./rewrite-region.ts";

/** labelme's annotations of one photo. */
export const labelme: AnnotationFormat = { name: "labelme", detect, read };

function detect(name: string, bytes: Uint8Array): boolean {
  if (!name.toLowerCase().endsWith(".json")) return false;
  const sketch = sketchJson(bytes);
  const shapes = sketch.get("shapes");
  // What a file says of its photo may be cut off; then its shapes tell.
  const isPhoto = ["imagePath", "imageData", "imageHeight"].some((key) => sketch.has(key));
  return shapes?.kind === "[" && (isPhoto || shapes.keys.has("points"));
}

function read(name: string, bytes: Uint8Array): AnnotationFile {
  const file = toObject(name, parseJSON(name, bytes));
  const size = toSize(name, file["imageWidth"], file["imageHeight"]);
  const regions = readRegions(name, file["shapes"], size);
  const photos = [{ id: "photo", link: toLink(name, file["imagePath"]), size, regions }];
  return {
    name,
    format: labelme.name,
    photos,
    notes: [],
    write(changes, options = {}) {
      const accepted = acceptChanges(photos, changes);
      return accepted.size === 0 ? { bytes, notes: [] } : rewrite(name, bytes, regions, accepted, options);
    },
  };
}

function rewrite(
  name: string,
  bytes: Uint8Array,
  regions: readonly ShapeRegion[],
  accepted: ReadonlyMap<string, RunLengthMask>,
  options: GeometryOptions,
): WrittenAnnotations {
  // Decoded anew: it is not worth being kept between reading and writing.
  const text = decodeText(name, bytes);
  const remarks = new Remarks();
  const context = { name, options, remarks, groups: { last: lastGroup(regions) } };
  const changes = regions.flatMap((region) => {
    const mask = accepted.get(region.id);
    return mask === undefined ? [] : [rewriteRegion(region, mask, context)];
  });
  const [entries] = locateEntries(name, text, [["shapes"]]);
  const edits = editList(text, entries!, {
    replaced: changes.flatMap(({ replaced }) => replaced),
    removed: changes.flatMap(({ removed }) => removed),
    added: changes.flatMap(({ added }) => added),
  });
  return { bytes: new TextEncoder().encode(editText(text, edits)), notes: remarks.sentences(name) };
}

/** The highest whole number among the groups, 0 for none. */
function lastGroup(regions: readonly ShapeRegion[]): number {
  const groups = regions.flatMap(({ shapes }) => shapes.map(({ group }) => Number(group ?? 0)));
  return groups.filter(Number.isSafeInteger).reduce((a, b) => Math.max(a, b), 0);
}

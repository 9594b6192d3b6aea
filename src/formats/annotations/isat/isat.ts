/**
 * ISAT's JSON: polygons in layers. Objects of one category and one group are the parts of one region; objects of the
 * background cut holes into what lies below them.
 */
import { editList, locateEntries } from "../../json-text/edit-list.ts";
import { decodeText } from "../../text/decode-text.ts";
import { editText } from "../../text/edit-text.ts";
import { acceptChanges } from "../accept-changes.ts";
import type { AnnotationFile, AnnotationFormat } from "../annotation-file.ts";
import { toLink, toObject, toSize } from "../json-values.ts";
import { parseJSON } from "../parse-json.ts";
import { Remarks } from "../remarks.ts";
import { sketchJson } from "../sketch-json.ts";
import { joinObjects, readObjects } from "./read-regions.ts";
import { rewriteObjects } from "./rewrite-objects.ts";

/** ISAT's annotations of one photo. */
export const isat: AnnotationFormat = { name: "isat", detect, read };

function detect(name: string, bytes: Uint8Array): boolean {
  if (!name.toLowerCase().endsWith(".json")) return false;
  const sketch = sketchJson(bytes);
  const [info, objects] = [sketch.get("info"), sketch.get("objects")];
  // What comes last may be cut off.
  const isPhoto = info?.kind === "{" && info.keys.has("name");
  return objects?.kind === "[" && (isPhoto || objects.keys.has("segmentation"));
}

function read(name: string, bytes: Uint8Array): AnnotationFile {
  const file = toObject(name, parseJSON(name, bytes));
  const info = toObject(`${name}, info`, file["info"]);
  const size = toSize(name, info["width"], info["height"]);
  const objects = readObjects(name, file["objects"]);
  const regions = joinObjects(name, objects, size);
  const photos = [{ id: "photo", link: toLink(name, info["name"]), size, regions }];
  return {
    name,
    format: isat.name,
    photos,
    notes: [],
    write(changes, options = {}) {
      const accepted = acceptChanges(photos, changes);
      if (accepted.size === 0) return { bytes, notes: [] };
      const remarks = new Remarks();
      const rewritten = rewriteObjects({ name, objects, regions, accepted, options, remarks });
      // Decoded anew: it is not worth being kept between reading and writing.
      const text = decodeText(name, bytes);
      const [entries] = locateEntries(name, text, [["objects"]]);
      const edits = editList(text, entries!, rewritten);
      return { bytes: new TextEncoder().encode(editText(text, edits)), notes: remarks.sentences(name) };
    },
  };
}

/**
 * CVAT for images 1.1: XML with polygons, and masks as row-major runs inside their box.
 * Shapes of one label and one `group_id` are the parts of one region.
 */
import type { RunLengthMask } from "../../../core/run-length.ts";
import { decodeText } from "../../text/decode-text.ts";
import { editText, type TextEdit } from "../../text/edit-text.ts";
import { unusable } from "../../unusable.ts";
import { locateElements, type XmlElement } from "../../xml-text/locate-elements.ts";
import { acceptChanges } from "../accept-changes.ts";
import type { AnnotatedPhoto, AnnotationFile, AnnotationFormat, Size } from "../annotation-file.ts";
import { Remarks } from "../remarks.ts";
import { readRegions, type ShapeRegion } from "./read-regions.ts";
import { type RewriteContext, rewriteRegion } from "./rewrite-region.ts";

/** CVAT's annotations of images, version 1.1. */
export const cvat: AnnotationFormat = { name: "cvat", detect, read };

interface CvatPhoto extends AnnotatedPhoto {
  readonly regions: readonly ShapeRegion[];
}

function detect(name: string, bytes: Uint8Array): boolean {
  if (!name.toLowerCase().endsWith(".xml")) return false;
  // Comments may precede the root; Pascal VOC's root is called "annotation".
  return /<annotations[\s>]/.test(new TextDecoder().decode(bytes.subarray(0, 4096)));
}

function read(name: string, bytes: Uint8Array): AnnotationFile {
  const text = decodeText(name, bytes);
  const photos = readPhotos(name, locateElements(name, text));
  return {
    name,
    format: cvat.name,
    photos,
    notes: [],
    write(changes, options = {}) {
      const accepted = acceptChanges(photos, changes);
      if (accepted.size === 0) return { bytes, notes: [] };
      const remarks = new Remarks();
      const edits = photos.flatMap((photo) => rewritePhoto(photo, accepted, { text, options, remarks }));
      return { bytes: new TextEncoder().encode(editText(text, edits)), notes: remarks.sentences(name) };
    },
  };
}

function readPhotos(name: string, root: XmlElement): CvatPhoto[] {
  if (root.name !== "annotations") {
    throw unusable(name, `XML of <${root.name}>`, "CVAT's <annotations>");
  }
  if (root.children.some((child) => child.name === "track")) {
    throw unusable(name, "tracks of a video", 'images: export as "CVAT for images 1.1"');
  }
  const images = root.children.filter((child) => child.name === "image");
  return images.map((image, i) => readPhoto(`${name}, image ${i + 1}`, image, `images/${i}`));
}

function readPhoto(where: string, image: XmlElement, id: string): CvatPhoto {
  const size = readSize(where, image);
  const link = image.attributes.get("name")?.value.replaceAll("\\", "/");
  return { id, link, size, regions: readRegions(where, image, id, size) };
}

function readSize(where: string, { attributes }: XmlElement): Size | undefined {
  const [width, height] = [attributes.get("width")?.value, attributes.get("height")?.value];
  if (width === undefined || height === undefined) return undefined;
  if (![width, height].every((side) => /^[1-9]\d{0,8}$/.test(side))) {
    throw unusable(where, `a size of ${width} by ${height}`, "whole pixels, at least one");
  }
  return { width: Number(width), height: Number(height) };
}

function rewritePhoto(
  { regions }: CvatPhoto,
  accepted: ReadonlyMap<string, RunLengthMask>,
  context: Omit<RewriteContext, "groups">,
): TextEdit[] {
  const groups = { last: regions.reduce((last, { group }) => Math.max(last, group), 0) };
  return regions.flatMap((region) => {
    const mask = accepted.get(region.id);
    return mask === undefined ? [] : rewriteRegion(region, mask, { ...context, groups });
  });
}

/** A COCO file as a ground truth. */
import type { CocoObject } from "../../../core/metrics/average-precision/coco-objects.ts";
import { type RunLengthMask, runArea } from "../../../core/run-length.ts";
import type { Size } from "../../../formats/annotations/annotation-file.ts";
import { readSegmentation } from "../../../formats/annotations/coco/segmentation.ts";
import { unusable } from "../../../formats/unusable.ts";

/** An id: whole numbers in COCO, texts in files of other tools. */
export type CocoId = number | string;

/** A photo of the ground truth. */
export interface CocoPhoto {
  readonly id: CocoId;
  readonly size: Size;
  readonly annotations: readonly CocoAnnotation[];
}

/** An entry of `annotations`; its mask is read when it is needed. */
export interface CocoAnnotation {
  readonly category: CocoId;
  /** @throws {InputError} for a segmentation that cannot be read */
  readObject(): CocoObject;
}

/** Photos and classes of a file. */
export interface CocoTruth {
  /** By ascending id, as pycocotools takes them. */
  readonly photos: readonly CocoPhoto[];
  /** Name of every class by its id, by ascending id. */
  readonly categories: ReadonlyMap<CocoId, string>;
  readonly notes: readonly string[];
}

/** Whether parsed JSON is a COCO file with objects. */
export function isCocoTruth(json: unknown): boolean {
  const { images, annotations } = fieldsOf(json);
  return Array.isArray(images) && Array.isArray(annotations);
}

/**
 * Reads a ground truth.
 *
 * @param name of the file
 * @throws {InputError} for photos or annotations without what the evaluation needs
 */
export function readCocoTruth(name: string, json: unknown): CocoTruth {
  const { images, annotations, categories: classes } = fieldsOf(json);
  const categories = readCategories(name, classes);
  const photos = new Map<CocoId, CocoPhoto & { readonly annotations: CocoAnnotation[] }>();
  for (const [i, image] of listOf(name, "images", images).entries()) {
    const photo = readPhoto(`${name}, image ${i + 1}`, image);
    photos.set(photo.id, photo);
  }
  for (const [i, annotation] of listOf(name, "annotations", annotations).entries()) {
    const where = `${name}, annotation ${i + 1}`;
    const { image_id: photoId } = fieldsOf(annotation);
    const photo = photos.get(photoId as CocoId);
    if (photo === undefined)
      throw unusable(where, `image_id ${JSON.stringify(photoId)}`, "the id of an image");
    const read = readAnnotation(where, annotation, photo.size);
    if (!categories.has(read.category))
      throw unusable(where, `category_id ${JSON.stringify(read.category)}`, "the id of a category");
    photo.annotations.push(read);
  }
  return {
    photos: [...photos.values()].sort((a, b) => byId(a.id, b.id)),
    categories,
    notes: isLvis(images) ? [lvisNote(name)] : [],
  };
}

/** Orders ids: numbers by value, before texts. */
export function byId(a: CocoId, b: CocoId): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}

/** The fields of parsed JSON; none of what is no object. */
export function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  return (json ?? {}) as Record<string, unknown>;
}

/**
 * A field that must be an id.
 *
 * @throws {InputError} when it is none
 */
export function idOf(where: string, field: string, value: unknown): CocoId {
  if (typeof value === "number" || typeof value === "string") return value;
  throw unusable(where, `${field} ${JSON.stringify(value)}`, "a number");
}

function listOf(name: string, field: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw unusable(name, `no list of ${field}`, `a COCO file with "${field}": […]`);
}

function readPhoto(where: string, image: unknown): CocoPhoto & { readonly annotations: CocoAnnotation[] } {
  const { id, width, height } = fieldsOf(image);
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || (side as number) <= 0)
      throw unusable(
        where,
        `a size of ${JSON.stringify(width)}×${JSON.stringify(height)}`,
        "width and height",
      );
  }
  const size = { width: width as number, height: height as number };
  return { id: idOf(where, "id", id), size, annotations: [] };
}

function readAnnotation(where: string, annotation: unknown, size: Size): CocoAnnotation {
  const fields = fieldsOf(annotation);
  const { category_id: categoryId, segmentation, area, iscrowd } = fields;
  const category = idOf(where, "category_id", categoryId);
  return {
    category,
    readObject: () => {
      const mask = readSegmentation(where, segmentation, size);
      // pycocotools overwrites "ignore" with "iscrowd".
      return { category, mask, area: areaOf(area, mask), crowd: Boolean(iscrowd) };
    },
  };
}

/** The area that an annotation states, else its mask's. */
export function areaOf(stated: unknown, mask: RunLengthMask): number {
  return typeof stated === "number" && Number.isFinite(stated) ? stated : runArea(mask);
}

function readCategories(name: string, categories: unknown): Map<CocoId, string> {
  const list = listOf(name, "categories", categories).map((category, i): [CocoId, string] => {
    const { id, name: label } = fieldsOf(category);
    const key = idOf(`${name}, category ${i + 1}`, "id", id);
    return [key, typeof label === "string" ? label : String(key)];
  });
  return new Map(list.sort(([a], [b]) => byId(a, b)));
}

function isLvis(images: unknown): boolean {
  return "neg_category_ids" in fieldsOf((images as unknown[])[0]);
}

function lvisNote(name: string): string {
  return `${name} is LVIS: it is scored as COCO, every photo counts for every class, which LVIS's own AP does not do`;
}

/** A file of COCO results. */
import type { CocoDetection } from "../../../core/metrics/average-precision/coco-objects.ts";
import type { RunLengthMask } from "../../../core/run-length.ts";
import type { Size } from "../../../formats/annotations/annotation-file.ts";
import { readSegmentation } from "../../../formats/annotations/coco/segmentation.ts";
import { unusable } from "../../../formats/unusable.ts";
import { areaOf, type CocoId, fieldsOf, idOf } from "./coco-truth.ts";

/** One result; its mask is read when its photo is known. */
export interface CocoResult {
  readonly photo: CocoId;
  readonly category: CocoId;
  /** @throws {InputError} for a segmentation that cannot be read */
  readDetection(size: Size): CocoDetection;
}

/** The results of a file, in its order. */
export interface CocoResults {
  readonly results: readonly CocoResult[];
  readonly notes: readonly string[];
}

/**
 * Reads results.
 *
 * @param name of the file
 * @throws {InputError} for a result without photo, class or score
 */
export function readCocoResults(name: string, list: readonly unknown[]): CocoResults {
  const boxes = list.length > 0 && isBox(fieldsOf(list[0])["bbox"]);
  const results = list.map((result, i) => readResult(`${name}, result ${i + 1}`, result, boxes));
  return { results, notes: boxes ? [boxNote(name)] : [] };
}

function readResult(where: string, result: unknown, boxes: boolean): CocoResult {
  const { image_id: photo, category_id: categoryId, score, segmentation, bbox } = fieldsOf(result);
  const category = idOf(where, "category_id", categoryId);
  if (typeof score !== "number" || !Number.isFinite(score))
    throw unusable(where, `the score ${JSON.stringify(score)}`, "a number");
  return {
    photo: idOf(where, "image_id", photo),
    category,
    readDetection: (size) => {
      const mask = readSegmentation(where, segmentation, size);
      return { category, mask, score, area: boxes ? boxArea(bbox, mask) : areaOf(undefined, mask) };
    },
  };
}

function isBox(bbox: unknown): bbox is readonly number[] {
  return Array.isArray(bbox) && bbox.length === 4 && bbox.every(Number.isFinite);
}

/** pycocotools' `loadRes` takes the area of boxes wherever results have some. */
function boxArea(bbox: unknown, mask: RunLengthMask): number {
  return areaOf(isBox(bbox) ? bbox[2]! * bbox[3]! : undefined, mask);
}

function boxNote(name: string): string {
  return `${name} has boxes: as in pycocotools, their areas decide which detections are small, medium or large`;
}

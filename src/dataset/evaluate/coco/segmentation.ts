/** COCO's ways to write a mask, as an evaluation takes them. */
import { type RunLengthMask, runArea } from "../../../core/run-length.ts";
import type { Size } from "../../../formats/annotations/annotation-file.ts";
import { checkPoints } from "../../../formats/annotations/check-points.ts";
import { readSegmentation } from "../../../formats/annotations/coco/segmentation.ts";
import { rasterizePolygons } from "../../../formats/geometry/rasterize-polygon.ts";

/**
 * The runs of a segmentation. Unlike for refinement, polygons may be without a pixel: such an object can only be
 * missed, and counts as that.
 *
 * @param where what messages call it, the file's name first
 * @param size of its photo
 * @throws {InputError} for anything that is no segmentation of a photo of this size
 */
export function readMask(where: string, segmentation: unknown, size: Size): RunLengthMask {
  if (!Array.isArray(segmentation)) return readSegmentation(where, segmentation, size);
  const parts = segmentation.map((part) => checkPoints(where, Array.isArray(part) ? part : [part]));
  return rasterizePolygons(parts, size);
}

/** The area that an annotation states, else its mask's. */
export function areaOf(stated: unknown, mask: RunLengthMask): number {
  return typeof stated === "number" && Number.isFinite(stated) ? stated : runArea(mask);
}

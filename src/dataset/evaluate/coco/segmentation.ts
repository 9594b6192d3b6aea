/** COCO's ways to write a mask. */
import { type RunLengthMask, runArea } from "../../../core/run-length.ts";
import type { Size } from "../../../formats/annotations/annotation-file.ts";
import { checkPoints } from "../../../formats/annotations/check-points.ts";
import { expandCounts } from "../../../formats/compressed-counts.ts";
import { rasterizePolygons } from "../../../formats/geometry/rasterize-polygon.ts";
import { unusable } from "../../../formats/unusable.ts";

const expected = "polygons, or run lengths { size, counts }";

/**
 * The runs of a segmentation: polygons, run lengths, or compressed run lengths.
 *
 * @param where what messages call it, the file's name first
 * @param size of its photo
 * @throws {InputError} for anything else, or runs of another size
 */
export function readSegmentation(where: string, segmentation: unknown, size: Size): RunLengthMask {
  if (Array.isArray(segmentation)) {
    return rasterizePolygons(
      segmentation.map((part) => checkPoints(where, Array.isArray(part) ? part : [part])),
      size,
    );
  }
  if (typeof segmentation !== "object" || segmentation === null)
    throw unusable(where, `the segmentation ${JSON.stringify(segmentation)}`, expected);
  const { size: stated, counts } = segmentation as { size?: unknown; counts?: unknown };
  if (!Array.isArray(stated) || stated[0] !== size.height || stated[1] !== size.width) {
    throw unusable(where, `runs of size ${JSON.stringify(stated)}`, `[${size.height},${size.width}]`);
  }
  const runs = { ...size, counts: readCounts(where, counts) };
  checkTotal(where, runs);
  return runs;
}

function readCounts(where: string, counts: unknown): Uint32Array {
  if (typeof counts === "string") {
    try {
      return expandCounts(counts);
    } catch (cause) {
      throw unusable(where, (cause as Error).message, "COCO's compressed run lengths", cause);
    }
  }
  const isCount = (count: unknown): boolean => Number.isInteger(count) && (count as number) >= 0;
  if (Array.isArray(counts) && counts.every(isCount)) return Uint32Array.from(counts as number[]);
  throw unusable(
    where,
    "counts that are no run lengths",
    "whole numbers from 0 on, or their compressed text",
  );
}

function checkTotal(where: string, { width, height, counts }: RunLengthMask): void {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === width * height) return;
  throw unusable(where, `runs of ${total} pixels`, `${width * height} for ${width}×${height}`);
}

/** The area that an annotation states, else its mask's. */
export function areaOf(stated: unknown, mask: RunLengthMask): number {
  return typeof stated === "number" && Number.isFinite(stated) ? stated : runArea(mask);
}

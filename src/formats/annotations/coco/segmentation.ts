import type { RunLengthMask } from "../../../core/run-length.ts";
import { expandCounts } from "../../compressed-counts.ts";
import { rasterizePolygons } from "../../geometry/rasterize-polygon.ts";
import { unusable } from "../../unusable.ts";
import type { Size } from "../annotation-file.ts";
import { checkPoints } from "../check-points.ts";
import { checkSize } from "../check-size.ts";
import { describeJson, isObject, toList, toSize } from "../json-values.ts";

/** How an annotation holds its pixels: polygons, run lengths as a list, or run lengths as a compressed string. */
export type SegmentationKind = "polygons" | "runs" | "compressed";

/** The kind of a `segmentation`; `undefined` where there is none. */
export function kindOf(segmentation: unknown): SegmentationKind | undefined {
  if (isObject(segmentation)) return typeof segmentation["counts"] === "string" ? "compressed" : "runs";
  const nothing = segmentation === undefined || segmentation === null;
  // Tools that know only boxes write an empty list.
  if (nothing || (Array.isArray(segmentation) && segmentation.length === 0)) return undefined;
  return "polygons";
}

/** The size that run lengths state; `undefined` for polygons, and for a size that is none. */
export function statedSize(segmentation: unknown): Size | undefined {
  if (!isObject(segmentation) || !Array.isArray(segmentation["size"])) return undefined;
  const [height, width] = segmentation["size"];
  try {
    return toSize("", width, height);
  } catch {
    return undefined;
  }
}

/**
 * The pixels of a `segmentation`, the union of its polygons or its runs. Polygons may lie beside the photo.
 *
 * @param where what messages call the annotation, the file's name first
 * @throws {InputError} for anything that is no segmentation of a photo of this size
 */
export function readSegmentation(where: string, segmentation: unknown, size: Size): RunLengthMask {
  if (isObject(segmentation)) return readRuns(where, segmentation, size);
  const parts = toList(`${where}, segmentation`, segmentation).map((part) =>
    checkPoints(where, toList(`${where}, segmentation`, part)),
  );
  return rasterizePolygons(parts, size);
}

function readRuns(
  where: string,
  { size: stated, counts }: Readonly<Record<string, unknown>>,
  size: Size,
): RunLengthMask {
  const [height, width, ...rest] = toList(`${where}, size`, stated);
  const own = rest.length === 0 ? toSize(where, width, height) : undefined;
  if (own === undefined) throw unusable(where, "run lengths without their size", "[height, width]");
  checkSize(where, size, own);
  const runs = typeof counts === "string" ? expand(where, counts) : checkCounts(where, counts);
  const total = runs.reduce((sum, run) => sum + run, 0);
  const expected = own.width * own.height;
  if (total === expected) return { ...own, counts: runs };
  throw unusable(where, `runs of ${total} pixels`, `${expected} for ${own.width}×${own.height}`);
}

function expand(where: string, counts: string): Uint32Array {
  try {
    return expandCounts(counts);
  } catch (error) {
    throw unusable(where, String((error as Error).message), "COCO's compressed counts", error);
  }
}

function checkCounts(where: string, counts: unknown): Uint32Array {
  const runs = toList(`${where}, counts`, counts);
  const odd = runs.find(
    (run) => !(Number.isInteger(run) && (run as number) >= 0 && (run as number) < 2 ** 31),
  );
  if (odd === undefined) return Uint32Array.from(runs as readonly number[]);
  throw unusable(where, `a run of ${describeJson(odd)} pixels`, "a whole number");
}

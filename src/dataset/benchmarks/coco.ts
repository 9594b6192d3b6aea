/** COCO: a file of results, each judged by the object that it overlaps most. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError, OptionError } from "../../core/errors.ts";
import type { CocoDetection, CocoObject } from "../../core/metrics/average-precision/coco-objects.ts";
import { detectionIoU } from "../../core/metrics/run-iou.ts";
import { decodeRuns, type RunLengthMask } from "../../core/run-length.ts";
import { type CocoResult, readCocoResults } from "../evaluate/coco/coco-results.ts";
import { type CocoId, type CocoPhoto, fieldsOf, readCocoTruth } from "../evaluate/coco/coco-truth.ts";
import { loadMask } from "../load-mask.ts";
import type { BenchmarkData, BenchmarkItem, ItemMasks, OpenBenchmark } from "./benchmark-data.ts";

/** A result that overlaps no object more than this is a false detection: refining it says nothing about masks. */
const LEAST_OVERLAP = 0.5;

/**
 * Finds the results of a file that have an object of their class.
 *
 * @throws {InputError} when a file is missing or none of COCO's, or no result has an object
 * @throws {OptionError} without the file of results
 */
export async function openCoco({ root, coarse, truth, images }: BenchmarkData): Promise<OpenBenchmark> {
  if (coarse === undefined)
    throw new OptionError("The coarse masks of COCO are not named: expected a file of results (*.json)");
  const truthPath = truth ?? join(root, "annotations", "instances_train2017_5K.json");
  const json = await readJson(truthPath, "a COCO annotation file");
  const wanted = readCocoTruth(truthPath, json);
  const list = await readJson(coarse, "a list of COCO results");
  if (!Array.isArray(list)) throw new InputError(`${coarse} holds no list: expected COCO results`);
  const names = fileNames(json);
  const byPhoto = new Map<CocoId, CocoResult[]>();
  for (const result of readCocoResults(coarse, list).results)
    byPhoto.set(result.photo, [...(byPhoto.get(result.photo) ?? []), result]);
  const folder = images ?? join(root, "train2017");
  const items: BenchmarkItem[] = [];
  let left = 0;
  for (const photo of wanted.photos) {
    const results = byPhoto.get(photo.id) ?? [];
    const image = join(folder, names.get(photo.id) ?? `${String(photo.id).padStart(12, "0")}.jpg`);
    const matches = matchResults(photo, results);
    items.push(...matches.map((match, i) => itemOf(`${photo.id}/${i}`, image, match)));
    left += results.length - matches.length;
  }
  if (items.length > 0) {
    const problem = `${coarse}: ${left} of its results overlap no object of their class by half: they are left out`;
    return { items, problems: left === 0 ? [] : [problem], pooled: { background: false } };
  }
  throw new InputError(
    `${coarse} has no result that overlaps an object of ${truthPath} by half: expected results on its photos`,
  );
}

interface Match {
  readonly detection: CocoDetection;
  readonly object: CocoObject;
}

/** Results with the object of their class that they overlap most. */
function matchResults(photo: CocoPhoto, results: readonly CocoResult[]): Match[] {
  if (results.length === 0) return [];
  const objects = photo.annotations
    .map((annotation) => annotation.readObject())
    .filter(({ crowd }) => !crowd);
  return results.flatMap((result) => {
    const detection = result.readDetection(photo.size);
    let best: CocoObject | undefined;
    let overlap = LEAST_OVERLAP;
    for (const object of objects) {
      if (object.category !== detection.category) continue;
      const iou = detectionIoU(detection.mask, object.mask, false);
      if (iou <= overlap) continue;
      overlap = iou;
      best = object;
    }
    return best === undefined ? [] : [{ detection, object: best }];
  });
}

function itemOf(id: string, image: string, { detection, object }: Match): BenchmarkItem {
  return {
    id,
    kind: "instance",
    source: "coco",
    image,
    readMasks: async (pixelLimit, signal): Promise<ItemMasks> => {
      const read = (runs: RunLengthMask) =>
        loadMask(decodeRuns(runs), { encoding: "binary" }, pixelLimit, signal);
      return { coarse: await read(detection.mask), truth: await read(object.mask) };
    },
  };
}

async function readJson(path: string, expected: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === "ENOENT" ? "no such file" : cause.message;
    throw new InputError(`${path} cannot be read (${why}): expected ${expected}`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${path} is no JSON (${(cause as Error).message}): expected ${expected}`, { cause });
  }
}

function fileNames(json: unknown): Map<CocoId, string> {
  const { images } = fieldsOf(json);
  const pairs = (images as readonly unknown[]).map((image): [CocoId, unknown] => {
    const { id, file_name: name } = fieldsOf(image);
    return [id as CocoId, name];
  });
  return new Map(pairs.filter((pair): pair is [CocoId, string] => typeof pair[1] === "string"));
}

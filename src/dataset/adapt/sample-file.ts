/** Samples as bytes: safetensors with a row for each decode. */
import { readTensors } from "../../formats/safetensors/read-tensors.ts";
import type { FloatTensor } from "../../formats/safetensors/tensor-file.ts";
import { writeTensors } from "../../formats/safetensors/write-tensors.ts";
import { isObject, isString } from "../run/journal/json-checks.ts";
import { type PhotoSample, type PromptType, promptTypes } from "./photo-samples.ts";

const COLUMNS = ["features", "predictedIoU", "stability", "coarseIoU"] as const;
type Column = (typeof COLUMNS)[number];
type Origin = Pick<PhotoSample, "region" | "prompt">;

/** The file of a photo's samples. */
export function writeSamples(samples: readonly PhotoSample[]): Uint8Array {
  const tensors = COLUMNS.map((column): [string, FloatTensor] => {
    const width = samples[0]?.[column].length ?? 0;
    const data = new Float32Array(samples.length * width);
    for (const [i, sample] of samples.entries()) data.set(sample[column], i * width);
    return [column, { shape: [samples.length, width], data }];
  });
  const origins = samples.map(({ region, prompt }): Origin => ({ region, prompt }));
  return writeTensors({
    tensors: new Map(tensors),
    metadata: new Map([["origins", JSON.stringify(origins)]]),
  });
}

/** The samples in a file, or `undefined` where it is damaged or of another make: they can be had again. */
export function readSamples(bytes: Uint8Array): PhotoSample[] | undefined {
  try {
    const { tensors, metadata } = readTensors(bytes, "samples");
    const origins: unknown = JSON.parse(metadata.get("origins") ?? "");
    if (!Array.isArray(origins) || !origins.every(isOrigin)) return undefined;
    const rows = COLUMNS.map((column) => rowsOf(tensors.get(column), origins.length));
    const tokens = COLUMNS.slice(1).map((column) => tensors.get(column)?.shape[1]);
    if (rows.includes(undefined) || new Set(tokens).size !== 1) return undefined;
    return origins.map((origin, i) => ({
      ...origin,
      ...(Object.fromEntries(COLUMNS.map((column, c) => [column, rows[c]![i]!])) as Record<
        Column,
        Float32Array
      >),
    }));
  } catch {
    return undefined;
  }
}

function rowsOf(tensor: FloatTensor | undefined, count: number): Float32Array[] | undefined {
  const [rows, width, ...more] = tensor?.shape ?? [];
  if (tensor === undefined || rows !== count || width === undefined || more.length > 0) return undefined;
  return Array.from({ length: count }, (_, i) => tensor.data.subarray(i * width, (i + 1) * width));
}

function isOrigin(value: unknown): value is Origin {
  if (!isObject(value) || !promptTypes.includes(value["prompt"] as PromptType)) return false;
  const { region } = value;
  if (!isObject(region)) return false;
  const { file, id, label, box } = region;
  const isBox = Array.isArray(box) && box.length === 4 && box.every((side) => typeof side === "number");
  return [file, id, label].every(isString) && isBox;
}

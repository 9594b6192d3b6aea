/** Predictions against a ground truth, whatever they are. */
import { InputError } from "../../core/errors.ts";
import { parseJSON } from "../../formats/annotations/parse-json.ts";
import { readSource } from "../read-source.ts";
import { isCocoTruth } from "./coco/coco-truth.ts";
import { evaluateCoco, type JsonFile } from "./coco/evaluate-coco.ts";
import { evaluateInstances } from "./evaluate-instances.ts";
import { evaluateLabels } from "./evaluate-labels.ts";
import type { EvaluateOptions, Evaluation } from "./evaluation.ts";
import { type FilePair, type FilePairs, pairFiles } from "./pair-files.ts";

/**
 * Compares predictions with a ground truth: two mask files or folders of them, a file of COCO results with a COCO
 * file, or annotation files of one format.
 *
 * @throws {InputError} when nothing can be compared
 */
export async function evaluateFiles(
  found: string,
  truth: string,
  options: EvaluateOptions,
  pixelLimit: number,
): Promise<Evaluation> {
  const files = await pairFiles(found, truth, options.signal);
  if (!files.pairs.some(isAnnotations)) return evaluateLabels(files, options, pixelLimit);
  return (await tryCoco(files, options)) ?? evaluateInstances(files, options);
}

function isAnnotations({ truth }: FilePair): boolean {
  return /\.(json|xml|txt)$/i.test(truth);
}

/** COCO results are a list: `undefined` where the predictions are something else. */
async function tryCoco(
  { pairs: [pair, second] }: FilePairs,
  options: EvaluateOptions,
): Promise<Evaluation | undefined> {
  if (pair === undefined || second !== undefined || !/\.json$/i.test(pair.found)) return undefined;
  const found = await readJson(pair.found, options.signal);
  if (!Array.isArray(found.json)) return undefined;
  const truth = await readJson(pair.truth, options.signal);
  if (isCocoTruth(truth.json)) return evaluateCoco(found, truth, options);
  throw new InputError(
    `${pair.found} is a list, as COCO results are, but ${pair.truth} is no COCO file: expected "images" and "annotations"`,
  );
}

async function readJson(name: string, signal: AbortSignal | undefined): Promise<JsonFile> {
  const { bytes } = await readSource(name, "JSON", signal);
  return { name, json: parseJSON(name, bytes) };
}

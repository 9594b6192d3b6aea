/** A run over a dataset as scripts start it. */
import { resolve } from "node:path";
import { OptionError } from "../core/errors.ts";
import type { DatasetPlan } from "../dataset/plan/dataset-plan.ts";
import { type PlanOptions, planDataset } from "../dataset/plan/plan-dataset.ts";
import type { PhotoResult } from "../dataset/run/photo-result.ts";
import { runDataset } from "../dataset/run/run-dataset.ts";
import type { RunOptions } from "../dataset/run/run-options.ts";
import type { Engine } from "../engine/engine.ts";
import { checkCall, checkPath, checkPathOption, checkReading, checkTexts } from "./check-options.ts";

/** Where a dataset lies: a folder, files, or what {@link planRun} found. */
export type DatasetSource = string | readonly string[] | DatasetPlan;

/** How a dataset is read. */
export type DatasetReading = Pick<PlanOptions, "pairing" | "images" | "format" | "exclude">;

/** Options of `refineDataset`. */
export interface RefineDatasetOptions extends RunOptions, DatasetReading {
  /** Called once, before the first photo. */
  readonly onPlan?: (plan: DatasetPlan) => void;
}

/**
 * Finds out what a run would do, without opening a model: which masks lie on which photo, and what cannot be used.
 *
 * @throws {InputError} when the source is missing; what is found wrong inside is in the plan's `refused`
 * @throws {OptionError} for a template or format that is not understood, and for results on top of the dataset
 */
export async function planRun(
  source: string | readonly string[],
  options: DatasetReading & Pick<RunOptions, "out" | "signal"> = {},
): Promise<DatasetPlan> {
  checkCall(options);
  const { out, pairing, images, format, exclude = [], signal } = options;
  for (const path of [source].flat()) checkPath(path, "source");
  checkPathOption("out", out);
  checkTexts("pairing", pairing);
  checkTexts("exclude", exclude);
  if (out !== undefined && [source].flat().some((path) => resolve(path) === resolve(out)))
    throw new OptionError(
      `${out} is the dataset itself: expected another folder for the results, or in-place`,
    );
  const left = out === undefined ? exclude : [...exclude, resolve(out)];
  return planDataset(source, { pairing, images, format, exclude: left, signal });
}

/** Plans where that is not done, and runs. */
export async function* refineDataset(
  engine: Engine,
  source: DatasetSource,
  options: RefineDatasetOptions,
  pixelLimit: number,
): AsyncGenerator<PhotoResult, void> {
  checkReading(options);
  checkPathOption("out", options.out);
  checkPathOption("journal", options.journal);
  const plan = isPlan(source) ? source : await planRun(source, options);
  options.onPlan?.(plan);
  yield* runDataset(engine, plan, options, pixelLimit);
}

/** Whether a source was planned before. */
export function isPlan(source: DatasetSource): source is DatasetPlan {
  return typeof source === "object" && source !== null && "works" in source;
}

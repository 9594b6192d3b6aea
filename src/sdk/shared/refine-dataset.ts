/** Runs over datasets with the shared refiner. */
import type { PhotoResult } from "../../dataset/run/photo-result.ts";
import { type DatasetRun, trackedRun } from "../dataset-run.ts";
import type { DatasetSource, RefineDatasetOptions } from "../refine-dataset.ts";
import { sharedRefiner } from "./shared-refiner.ts";

/**
 * Refines a dataset with the shared refiner, photo by photo, and writes the results to `out` or in place, with a journal
 * that `resume` continues from. Loop over the run, or await its `result()`, which notebooks show as a table.
 *
 * @param source a folder, masks or annotation files, or a plan
 * @throws {OptionError} for options that are none, or without a place for the results
 * @throws {InputError} when the source is missing, or the journal to continue is damaged or of another run
 * @throws {OutputError} when the journal cannot be written, or another process has it
 * @throws the signal's reason when aborted
 * @example
 * ```ts
 * import { refineDataset } from "samrefiner";
 * async function refineAll(): Promise<void> {
 *   const { photos } = await refineDataset("dataset", { out: "refined" }).result();
 *   console.log(photos.length);
 * }
 * ```
 */
export function refineDataset(source: DatasetSource, options: RefineDatasetOptions): DatasetRun {
  return trackedRun(photosOf(source, options));
}

async function* photosOf(
  source: DatasetSource,
  options: RefineDatasetOptions,
): AsyncGenerator<PhotoResult, void> {
  yield* (await sharedRefiner()).refineDataset(source, options);
}

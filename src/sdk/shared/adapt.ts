/** IoU adaption with the shared refiner. */
import type { AdaptionResult, AdaptModelOptions } from "../adapt.ts";
import type { DatasetSource } from "../refine-dataset.ts";
import { sharedRefiner } from "./shared-refiner.ts";

/**
 * Trains an IoU adaptor on a data set's coarse masks with the shared refiner (SAMRefiner++). No ground truth is needed. The
 * result says how the choices of photos that were held out change, recommends for or against the adaptor, and saves it. A
 * notebook shows it as a table.
 *
 * @param source a folder, masks or annotation files, or a plan
 * @throws {OptionError} for options that are none
 * @throws {InputError} when the source is missing, or has coarse masks on fewer than two photos
 * @throws the signal's reason when aborted; what was decoded is kept, and the next call goes on from there
 * @example
 * ```ts
 * import { adapt, refineDataset } from "samrefiner";
 * async function adaptAndRefine(): Promise<void> {
 *   const { adaptor, recommendation } = await adapt("dataset");
 *   console.log(recommendation.reason);
 *   const chosen = recommendation.use ? { adaptor } : {};
 *   await refineDataset("dataset", { out: "refined", ...chosen }).result();
 * }
 * ```
 */
export async function adapt(source: DatasetSource, options: AdaptModelOptions = {}): Promise<AdaptionResult> {
  return (await sharedRefiner()).adapt(source, options);
}

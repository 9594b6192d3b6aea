/** Explained refinements with the shared refiner. */
import type { ImageInput, MaskInput } from "../../dataset/inputs.ts";
import type { RefineOptions, RefineResult } from "../types.ts";
import { refine } from "./refine.ts";

/**
 * Refines one mask and keeps how: prompts, candidates, decisions. A notebook shows the result as a sheet of them.
 *
 * @throws {InputError} when a file is missing, broken, of the wrong kind or size
 * @throws {OptionError} for unknown presets, modes, settings or encodings, or an ignore label that is none
 * @throws the signal's reason when aborted
 * @example
 * ```ts
 * import { explain } from "samrefiner";
 * const result = await explain("examples/sample/photo.jpg", "examples/sample/mug_coarse.png");
 * console.log(result.regions[0]?.iterations[0]?.candidates.length); // 3
 * const png = await result.explain();
 * ```
 */
export function explain(
  image: ImageInput,
  mask: MaskInput,
  options: Omit<RefineOptions, "explain"> = {},
): Promise<RefineResult> {
  return refine(image, mask, { ...options, explain: true });
}

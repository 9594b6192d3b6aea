/** Refining with the shared refiner. */
import type { ImageInput, MaskInput } from "../../dataset/inputs.ts";
import type { RefineOptions, RefineResult } from "../types.ts";
import { sharedRefiner } from "./shared-refiner.ts";

/**
 * Refines the masks of one photo with the shared refiner, see {@link sharedRefiner}. A notebook shows the result as a
 * sheet of photo, coarse and refined mask, and their difference.
 *
 * @param image a photo: path, URL, encoded bytes, or pixels
 * @param mask its coarse mask, or several of them
 * @throws {InputError} when a file is missing, broken, of the wrong kind or size
 * @throws {OptionError} for unknown presets, modes, settings or encodings, or an ignore label that is none
 * @throws the signal's reason when aborted
 * @example
 * ```ts
 * import { refine } from "samrefiner";
 * const result = await refine("examples/sample/photo.jpg", "examples/sample/mug_coarse.png");
 * console.log(result.regions[0]?.verdict); // refined
 * ```
 */
export async function refine(
  image: ImageInput,
  mask: MaskInput | readonly MaskInput[],
  options: RefineOptions = {},
): Promise<RefineResult> {
  return (await sharedRefiner()).refine({ image, mask }, options);
}

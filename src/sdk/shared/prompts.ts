/** Prompt excavation without opening a model where none is needed. */
import type { ImageInput, MaskInput } from "../../dataset/inputs.ts";
import { DEFAULT_PIXEL_LIMIT } from "../../engine/photo.ts";
import { type ExcavatedPrompts, excavatePrompts, type PromptOptions } from "../prompts.ts";
import { embeddings } from "./embeddings.ts";

/**
 * Excavates the prompts of a mask's regions and does no more: what SAM would be told first, without asking it. The model
 * is only opened for presets with the elastic box. A notebook shows the prompts on the photo.
 *
 * @throws {InputError} when a file is missing, broken, of the wrong kind or size
 * @throws {OptionError} for unknown presets, modes, settings or encodings, or an ignore label that is none
 * @throws the signal's reason when aborted
 * @example
 * ```ts
 * import { prompts } from "samrefiner";
 * const { regions } = await prompts("examples/sample/photo.jpg", "examples/sample/mug_coarse.png");
 * console.log(regions[0]?.prompts.positive, regions[0]?.prompts.box);
 * ```
 */
export function prompts(
  image: ImageInput,
  mask: MaskInput,
  options: PromptOptions = {},
): Promise<ExcavatedPrompts> {
  return excavatePrompts(image, mask, options, () => embeddings(image, options), DEFAULT_PIXEL_LIMIT);
}

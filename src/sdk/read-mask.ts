/** Mask files as values, without refining them. */
import type { LabelMap } from "../core/mask.ts";
import type { MaskInput } from "../dataset/inputs.ts";
import { loadMask } from "../dataset/load-mask.ts";
import { DEFAULT_PIXEL_LIMIT } from "../engine/photo.ts";

/**
 * Reads a mask as the refiner does: 0/1 for a binary mask, ids for a label map.
 *
 * @throws {InputError} when it is no mask
 */
export async function readMask(input: MaskInput): Promise<LabelMap> {
  return (await loadMask(input, undefined, DEFAULT_PIXEL_LIMIT)).map;
}

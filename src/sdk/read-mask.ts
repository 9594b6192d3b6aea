/** Mask files as values, without refining them. */
import type { LabelMap } from "../core/mask.ts";
import type { MaskInput } from "../dataset/inputs.ts";
import { loadMask, type MaskReading } from "../dataset/load-mask.ts";
import { DEFAULT_PIXEL_LIMIT } from "../engine/photo.ts";
import { checkReading } from "./check-options.ts";

/**
 * Reads a mask as the refiner does: 0/1 for a binary mask, ids for a label map.
 *
 * @throws {InputError} when it is no mask
 * @throws {OptionError} for an unknown encoding, or an ignore label that is none
 */
export async function readMask(input: MaskInput, reading: MaskReading = {}): Promise<LabelMap> {
  checkReading(reading);
  return (await loadMask(input, reading, DEFAULT_PIXEL_LIMIT)).map;
}

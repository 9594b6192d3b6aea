/** Coarse masks made from ground truth files. */
import { InputError, OptionError } from "../core/errors.ts";
import type { LabelMap, Mask } from "../core/mask.ts";
import { type DefectMask, type DefectOptions, simulateDefects } from "../core/simulate/simulate-defects.ts";
import type { ImageInput, MaskInput } from "../dataset/inputs.ts";
import { loadMask, type MaskReading } from "../dataset/load-mask.ts";
import { loadPhoto } from "../dataset/load-photo.ts";
import { DEFAULT_PIXEL_LIMIT } from "../engine/photo.ts";
import { checkReading } from "./check-options.ts";
import { saveFile } from "./save-file.ts";
import type { SaveOptions } from "./types.ts";

/** Options of {@link simulate}. */
export interface SimulateOptions extends DefectOptions, MaskReading {
  /** Stops the call before the simulation begins. */
  readonly signal?: AbortSignal | undefined;
}

/** A damaged mask, in the format of its source. */
export interface SimulatedMask extends Omit<DefectMask, "mask"> {
  /** Path or URL of the source; `mask` for bytes and raw values. */
  readonly name: string;
  /** 0 and 1, way up as in the source. */
  readonly map: LabelMap;
  /** PNG with the source's depth and palette. */
  toPNG(): Uint8Array;
  /**
   * Writes the PNG.
   *
   * @throws {OutputError} when the path exists (unless `overwrite`), or cannot be written
   */
  save(path: string | URL, options?: SaveOptions): Promise<void>;
}

/**
 * Damages the ground truth of one object as the masks of DAVIS-585 are: superpixels are added and removed, mostly along
 * the boundary, until the IoU is 0.75 to 0.85. The same seed gives the same mask.
 *
 * @returns `undefined` when no try of 31 ended in the range, as for objects smaller than superpixels
 * @throws {InputError} when a file is missing, broken, of another size than its photo, or a map of ids
 * @throws {OptionError} for options that are none
 * @example
 * ```ts
 * import { simulate } from "samrefiner";
 * const coarse = await simulate("examples/sample/photo.jpg", "examples/sample/mug_coarse.png", { seed: 1 });
 * console.log(coarse && coarse.iou >= 0.75 && coarse.iou <= 0.85); // true
 * ```
 */
export async function simulate(
  image: ImageInput,
  mask: MaskInput,
  options: SimulateOptions = {},
): Promise<SimulatedMask | undefined> {
  checkReading(options);
  checkDefectOptions(options);
  const { encoding, ignoreLabel, colours, signal } = options;
  const read = await loadMask(mask, { encoding, ignoreLabel, colours }, DEFAULT_PIXEL_LIMIT, signal);
  if (read.encoding !== "binary")
    throw new InputError(
      `${read.name} is a map of ids: expected a mask of one object, or encoding "binary", which takes all of it as one`,
    );
  const { photo, masks } = await loadPhoto(image, [read], DEFAULT_PIXEL_LIMIT, signal);
  const [truth] = masks;
  signal?.throwIfAborted();
  const damaged = simulateDefects(truth!.map as Mask, photo, options);
  if (damaged === undefined) return undefined;
  const { data } = damaged.mask;
  const map = truth!.turn?.back(data) ?? { ...truth!.map, data };
  const toPNG = (): Uint8Array => truth!.write(data);
  const { iou, defects, tries } = damaged;
  return {
    ...{ name: truth!.name, map, iou, defects, tries, toPNG },
    save: (path, saveOptions) => saveFile(path, toPNG(), saveOptions),
  };
}

function checkDefectOptions({
  seed = 0,
  range = [0.75, 0.85],
  defects = 10,
  tries = 31,
}: DefectOptions): void {
  const [low, high] = range;
  if (!(low >= 0 && low <= high && high <= 1))
    throw new OptionError(
      `Option "range" is ${low} to ${high}: expected two IoUs from 0 to 1, the lower one first`,
    );
  checkWhole("seed", seed, 0, 2 ** 32 - 1);
  checkWhole("defects", defects, 1, 1000);
  checkWhole("tries", tries, 1, 1000);
}

function checkWhole(name: string, value: number, low: number, high: number): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new OptionError(`Option "${name}" is ${value}: expected a whole number from ${low} to ${high}`);
}

/** A mask and how it is refined. */
import type { IoUAdaptor } from "../core/adaption/iou-adaptor.ts";
import { OptionError } from "../core/errors.ts";
import { type MaskMode, type MethodSettings, type PresetName, resolveSettings } from "../core/settings.ts";
import type { LoadedMask } from "../dataset/load-mask.ts";
import type { MapTask } from "../engine/refine-photo.ts";
import type { Mode } from "./types.ts";

/**
 * What is to be done to a mask.
 *
 * @throws {OptionError} for unknown presets, modes and settings
 */
export function mapTask(
  mask: LoadedMask,
  mode: Mode,
  preset: PresetName,
  settings: Partial<MethodSettings>,
  adaptor?: IoUAdaptor,
): MapTask {
  checkMode(mode);
  const maskMode: MaskMode = mode !== "auto" ? mode : mask.encoding === "labels" ? "semantic" : "instance";
  return {
    map: mask.map,
    mode: maskMode,
    settings: resolveSettings(preset, settings, adaptor !== undefined),
    adaptor,
    ignoreLabel: mask.ignoreLabel,
  };
}

/**
 * Checks a mode.
 *
 * @throws {OptionError} for one that is none
 */
export function checkMode(mode: Mode): void {
  if (["auto", "instance", "semantic"].includes(mode)) return;
  throw new OptionError(`Unknown mode "${mode}": expected auto, instance or semantic`);
}

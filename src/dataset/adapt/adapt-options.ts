/** How an adaptor is trained on a data set. */
import { type AdaptionSettings, resolveAdaption } from "../../core/adaption/adaption-settings.ts";
import { OptionError } from "../../core/errors.ts";
import type { SelectionSettings } from "../../core/selection.ts";
import { type MaskMode, type MethodSettings, type PresetName, resolveSettings } from "../../core/settings.ts";
import type { MaskReading } from "../load-mask.ts";

/** How far an adaption is. */
export interface AdaptProgress {
  /** What is done. */
  readonly stage: "decode" | "train";
  /** The photo at work, see {@link PhotoWork.key}. */
  readonly key?: string;
  /** Photos that are done. */
  readonly photosDone: number;
  /** Photos in all; fewer are taken where the limit of regions is reached before. */
  readonly photosTotal: number;
  /** Regions that are done. */
  readonly regionsDone: number;
  /** Most regions. */
  readonly regionsLimit: number;
}

/** Options of an adaption. */
export interface AdaptOptions extends MaskReading {
  /** What the adaptor is called. @default the data set's folder */
  readonly name?: string | undefined;
  /** The method's settings by name: what prompts are, and which choice is compared. @default "default" */
  readonly preset?: PresetName | undefined;
  /** Changes to single switches of the preset. @default {} */
  readonly settings?: Partial<MethodSettings> | undefined;
  /** What is a region in mask files; annotation files say it themselves. @default "auto" */
  readonly mode?: MaskMode | "auto" | undefined;
  /** Changes to the published training. @default {} */
  readonly training?: Partial<AdaptionSettings> | undefined;
  /** Share of the photos that the figures come from and the training never sees, above 0 and below 1. @default 0.25 */
  readonly heldOut?: number | undefined;
  /** Photos are taken until they have so many regions: more change little. @default 1000 */
  readonly regions?: number | undefined;
  /** Most examples of changed choices in the result. @default 12 */
  readonly examples?: number | undefined;
  /** Stops before the next decode; what was decoded is kept for the next time. */
  readonly signal?: AbortSignal | undefined;
  /** Told how far it is. */
  readonly onProgress?: ((progress: AdaptProgress) => void) | undefined;
}

/** Options with everything decided. */
export interface ResolvedAdaption {
  readonly settings: MethodSettings;
  /** The choice without an adaptor. */
  readonly before: SelectionSettings;
  /** And with one. */
  readonly after: SelectionSettings;
  readonly training: AdaptionSettings;
  readonly mode: MaskMode | "auto";
  readonly reading: MaskReading;
  readonly heldOut: number;
  readonly regions: number;
  readonly examples: number;
}

/**
 * Decides everything.
 *
 * @throws {OptionError} for words and values that are none
 */
export function resolveAdapt(options: AdaptOptions): ResolvedAdaption {
  const { preset = "default", mode = "auto", heldOut = 0.25, regions = 1000, examples = 12 } = options;
  const after = resolveSettings(preset, options.settings, true);
  const { selection: _, ...changes } = options.settings ?? {};
  const settings = resolveSettings(preset, changes);
  if (!["auto", "instance", "semantic"].includes(mode))
    throw new OptionError(`Option "mode" is "${mode}": expected one of auto, instance, semantic`);
  if (!(heldOut > 0 && heldOut < 1))
    throw new OptionError(`Option "heldOut" is ${heldOut}: expected a share above 0 and below 1`);
  whole("regions", regions, 2);
  whole("examples", examples, 0);
  const encoding = options.encoding === "auto" ? undefined : options.encoding;
  return {
    ...{ settings, before: settings, after, mode, heldOut, regions, examples },
    training: resolveAdaption(options.training),
    reading: { encoding, ignoreLabel: options.ignoreLabel, colours: options.colours },
  };
}

function whole(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least && value <= 1e6) return;
  throw new OptionError(`Option "${name}" is ${value}: expected a whole number from ${least} to 1000000`);
}

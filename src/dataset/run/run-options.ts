/** How a run over a dataset is done. */
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import type { IoUAdaptor } from "../../core/adaption/iou-adaptor.ts";
import { OptionError } from "../../core/errors.ts";
import { type MaskMode, type MethodSettings, type PresetName, resolveSettings } from "../../core/settings.ts";
import type { GeometryOptions } from "../../formats/annotations/annotation-file.ts";
import type { Adaptor } from "../adapt/adaptor-file.ts";
import { type AdaptorInput, adaptorPath } from "../adapt/load-adaptor.ts";
import type { MaskReading } from "../load-mask.ts";

/**
 * Who gets a pixel that several regions of an annotation file claim after the refinement: all of them (`keep`), the
 * region drawn last (`order`), the smallest (`area`), or the one SAM is surest of (`predicted-iou`; a region that was
 * not refined is sure of its pixels).
 */
export type OverlapsRule = "keep" | "order" | "area" | "predicted-iou";

/** All of them. */
export const overlapsRules: readonly OverlapsRule[] = ["keep", "order", "area", "predicted-iou"];

/** All ways to write geometry. */
export const geometries: readonly NonNullable<GeometryOptions["geometry"]>[] = ["same", "mask", "polygon"];

/** How far a run is. */
export interface RunProgress {
  /** What was just done. */
  readonly stage: "encode" | "refine" | "photo";
  /** The photo at work, see {@link PhotoWork.key}. */
  readonly key: string;
  /** Photos that are done in this session, and that remain with them. */
  readonly photosDone: number;
  /** Photos of this session in all. */
  readonly photosTotal: number;
  /** Photos that an earlier session had done. */
  readonly photosSkipped: number;
  /** Regions that are done in this session. */
  readonly regionsDone: number;
}

/** Options of {@link runDataset}. */
export interface RunOptions extends GeometryOptions, MaskReading {
  /** Folder for the results, laid out as the dataset. */
  readonly out?: string | undefined;
  /** The results replace their sources; originals are stored beside the journal first. @default false */
  readonly inPlace?: boolean | undefined;
  /** Whether other files in `out` may be replaced, an earlier journal too. @default false */
  readonly overwrite?: boolean | undefined;
  /** Where the run's journal lies. @default `samrefiner-run.jsonl` in `out`, or in the dataset's folder when in place */
  readonly journal?: string | undefined;
  /** Continue the journal's run. @default false */
  readonly resume?: boolean | undefined;
  /** Who gets pixels that several regions claim. @default "keep" */
  readonly overlaps?: OverlapsRule | undefined;
  /** The method's settings by name. @default "default" */
  readonly preset?: PresetName | undefined;
  /** Changes to single switches of the preset. @default {} */
  readonly settings?: Partial<MethodSettings> | undefined;
  /** IoU adaptor: path, name in the user's folder of adaptors, or what `adapt` gave. It takes part in the choice of masks. */
  readonly adaptor?: AdaptorInput | undefined;
  /** What is refined on its own in mask files; annotation files say it themselves. @default "auto" */
  readonly mode?: MaskMode | "auto" | undefined;
  /** Stops before the next model run, in worker threads before the next region; what is done stays. */
  readonly signal?: AbortSignal | undefined;
  /** Told how far it is. */
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
}

/** Options with everything decided. */
export interface ResolvedRun {
  /** Absolute; `undefined` in place. */
  readonly out: string | undefined;
  readonly journal: string;
  readonly overwrite: boolean;
  readonly resume: boolean;
  readonly settings: MethodSettings;
  readonly adaptor: IoUAdaptor | undefined;
  /** The adaptor as its file has it, for workers elsewhere. */
  readonly adaptorFile: Adaptor | undefined;
  readonly mode: MaskMode | "auto";
  readonly reading: MaskReading;
  readonly overlaps: OverlapsRule;
  readonly geometry: Required<GeometryOptions>;
  /** What the journal says about them. */
  readonly recorded: Readonly<Record<string, unknown>>;
}

/** Name of a run's journal. */
export const JOURNAL_NAME = "samrefiner-run.jsonl";

/**
 * Decides everything.
 *
 * @param root the dataset's folder
 * @param adaptor what the options name, loaded
 * @throws {OptionError} for words and values that are none, or without a place for the results
 */
export function resolveRun(options: RunOptions, root: string, adaptor?: Adaptor): ResolvedRun {
  const {
    preset = "default",
    overlaps = "keep",
    geometry = "same",
    tolerance = 0.5,
    leastPart = 32,
    mode = "auto",
  } = options;
  const out = placeOf(options, root);
  oneOf("overlaps", overlaps, overlapsRules);
  oneOf("geometry", geometry, geometries);
  oneOf("mode", mode, ["auto", "instance", "semantic"]);
  if (!(tolerance >= 0 && tolerance <= 1000)) {
    throw new OptionError(`Option "tolerance" is ${tolerance}: expected pixels from 0 to 1000`);
  }
  if (!(leastPart >= 0 && leastPart <= 1e6)) {
    throw new OptionError(`Option "leastPart" is ${leastPart}: expected pixels from 0 to 1000000`);
  }
  const settings = resolveSettings(preset, options.settings, adaptor !== undefined);
  // What the layout says goes before what the file looks like.
  const encoding = options.encoding === "auto" ? undefined : options.encoding;
  const reading = { encoding, ignoreLabel: options.ignoreLabel };
  return {
    out,
    journal: resolve(options.journal ?? join(out ?? root, JOURNAL_NAME)),
    overwrite: options.overwrite === true,
    resume: options.resume === true,
    settings,
    adaptor: adaptor?.weights,
    adaptorFile: adaptor,
    mode,
    reading,
    overlaps,
    geometry: { geometry, tolerance, leastPart },
    recorded: {
      ...{ preset, settings, mode, ...reading, overlaps, geometry, tolerance, leastPart },
      ...(adaptor === undefined ? {} : { adaptor: recordedAdaptor(adaptor, options.adaptor) }),
    },
  };
}

/** An adaptor as a journal names it. */
export interface RecordedAdaptor {
  readonly name: string;
  readonly sha256: string;
  /** Absolute; absent for one that was not read from a file. */
  readonly path?: string;
}

function recordedAdaptor({ name, sha256 }: Adaptor, input: RunOptions["adaptor"]): RecordedAdaptor {
  return { name, sha256, ...(typeof input === "string" ? { path: resolve(adaptorPath(input)) } : {}) };
}

/** Names a model and options: what was done with others is done again. Where an adaptor lies is no matter. */
export function sessionName(model: string, { adaptor, ...options }: ResolvedRun["recorded"]): string {
  const all = adaptor === undefined ? options : { ...options, adaptor: (adaptor as RecordedAdaptor).sha256 };
  return createHash("sha256")
    .update(JSON.stringify([model, all]))
    .digest("hex")
    .slice(0, 16);
}

function placeOf({ out, inPlace = false }: RunOptions, root: string): string | undefined {
  if (inPlace && out !== undefined)
    throw new OptionError('Options "out" and "inPlace" are given: expected one or the other');
  if (inPlace) return undefined;
  if (out === undefined || out === "")
    throw new OptionError('Neither "out" nor "inPlace" is given: expected a place for the results');
  const folder = resolve(out);
  if (folder === resolve(root)) {
    throw new OptionError(
      `Option "out" is ${folder}, the dataset itself: expected another folder, or "inPlace"`,
    );
  }
  return folder;
}

function oneOf(name: string, value: string, words: readonly string[]): void {
  if (!words.includes(value))
    throw new OptionError(`Option "${name}" is "${value}": expected one of ${words.join(", ")}`);
}

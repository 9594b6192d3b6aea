/** The SDK's data: what goes into a refinement and what comes out. */
import type { InputError } from "../core/errors.ts";
import type { LabelMap } from "../core/mask.ts";
import type { MaskMode, MethodSettings, PresetName } from "../core/settings.ts";
import type { AdaptorInput } from "../dataset/adapt/load-adaptor.ts";
import type { ImageInput, MaskInput } from "../dataset/inputs.ts";
import type { MaskReading } from "../dataset/load-mask.ts";
import type { Region } from "../engine/refine-photo.ts";
import type { ChangeCounts } from "../render/mod.ts";
import type { Displayed } from "./display/displayed.ts";

/** What a refinement works on. Several masks of one photo share its embedding. */
export interface RefineInput {
  /** The photo. */
  readonly image: ImageInput;
  /** Its coarse mask, or several. */
  readonly mask: MaskInput | readonly MaskInput[];
}

/** How mask values are read: decide by the file, one object per value, or classes to be split. */
export type Mode = "auto" | "instance" | "semantic";

/** Options of one refinement. */
export interface RefineOptions extends MaskReading {
  /** The method's settings by name. @default "default" */
  readonly preset?: PresetName;
  /** Changes to single switches of the preset. @default {} */
  readonly settings?: Partial<MethodSettings>;
  /** IoU adaptor: path, name in the user's folder of adaptors, or what `adapt` gave. It takes part in the choice of masks. */
  readonly adaptor?: AdaptorInput;
  /** How mask values are read. @default "auto" */
  readonly mode?: Mode;
  /** Keep prompts, candidates and the embedding's similarity for `explain`. @default false */
  readonly explain?: boolean;
  /** Stops before the next model run. */
  readonly signal?: AbortSignal;
  /**
   * Called for each mask that cannot be used, with its index in the input: it is left out of the result, and the
   * others are refined. Without it, and when no mask is left, the call rejects with the first such error.
   */
  readonly onRefused?: (index: number, error: InputError) => void;
  /** Called after each region is done. */
  readonly onProgress?: (progress: RefineProgress) => void;
}

/** How far a refinement is. */
export interface RefineProgress {
  /** What is being done. */
  readonly stage: "read" | "encode" | "refine" | "done";
  /** Regions that are done. */
  readonly regionsDone: number;
  /** Regions in all; 0 before they are counted. */
  readonly regionsTotal: number;
}

/** Milliseconds by stage; with worker threads `decode` and `method` add up over threads and may exceed `total`. */
export interface Timings {
  /** Reading and decoding the files. */
  readonly read: number;
  /** Resizing and encoding, or loading the embedding. */
  readonly encode: number;
  /** Inside the encoder's runtime; a part of `encode`. */
  readonly encoder: number;
  /** Inside the decoder's runtime. */
  readonly decode: number;
  /** Prompts, selection, contrast, upscaling, edges. */
  readonly method: number;
  /** Wall clock from call to result. */
  readonly total: number;
  /** Runs of the encoder; 0 where the cache had the embedding. */
  readonly encoderRuns: number;
  /** Runs of the decoder. */
  readonly decoderRuns: number;
}

/** Options of {@link RefinedMask.save}. */
export interface SaveOptions {
  /** Whether an existing file is replaced. @default false */
  readonly overwrite?: boolean;
  /** Whether missing folders are made. @default false */
  readonly makeFolder?: boolean;
}

/** One refined mask, in the format of its input. */
export interface RefinedMask {
  /** Path or URL of the source; `mask` for bytes and raw values. */
  readonly name: string;
  /** Values and way up as in the source: 0/1 for a binary mask, ids for a label map. */
  readonly map: LabelMap;
  /** How it was read. */
  readonly mode: MaskMode;
  /** Whether every pixel is as it was. */
  readonly unchanged: boolean;
  /**
   * PNG with the source's depth, palette and chunks; the source's own bytes if nothing changed. A source in another
   * format becomes a gray PNG of its values.
   */
  toPNG(): Uint8Array;
  /**
   * Writes the PNG: a temporary file first, then a rename, so that no half file is left.
   *
   * @throws {OutputError} when the path exists (unless `overwrite`), or cannot be written
   */
  save(path: string | URL, options?: SaveOptions): Promise<void>;
  /** How many pixels differ from the source, counted on each call. */
  changes(): ChangeCounts;
  /** What the reader had to decide, for example a threshold. One sentence each. */
  readonly notes: readonly string[];
}

/** Options of {@link RefineResult.compare}. */
export interface CompareOptions {
  /** Which of the masks. @default 0 */
  readonly index?: number;
  /** Lines under the panels. @default [] */
  readonly caption?: readonly string[];
  /** Drawn beside the result when known; it lies as the mask does. */
  readonly groundTruth?: LabelMap;
}

/** The outcome of `refine`. Notebooks show its comparison sheet, or its explanation where it has one. */
export interface RefineResult extends Displayed {
  /** Size of the photo as displayed, where regions and prompts lie too. */
  readonly width: number;
  /** Height of the photo as displayed. */
  readonly height: number;
  /** The refined masks, in the order of the input. */
  readonly masks: readonly RefinedMask[];
  /** What became of each region. */
  readonly regions: readonly Region[];
  /** How long it took. */
  readonly timings: Timings;
  /** Device that ran the model, for example `"cpu"`. */
  readonly device: string;
  /** The first mask as PNG. */
  toPNG(): Uint8Array;
  /**
   * Sheet of photo, coarse mask, prompts, candidates and result of one mask as PNG.
   *
   * @param index which of the masks; the first when absent
   * @throws {OptionError} unless the refinement ran with `explain: true`, or when there is no such mask
   */
  explain(index?: number): Promise<Uint8Array>;
  /**
   * Sheet of photo, coarse, refined and difference of one mask as PNG.
   *
   * @throws {OptionError} when there is no such mask
   */
  compare(options?: CompareOptions): Promise<Uint8Array>;
}

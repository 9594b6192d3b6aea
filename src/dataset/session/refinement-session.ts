/** A photo with its masks, opened for interactive work: what a preview, or a script with own prompts, drives. */
import type { Mask } from "../../core/mask.ts";
import type { OwnPrompts } from "../../core/prompts/own-prompts.ts";
import type { MaskMode, MethodSettings, PresetName } from "../../core/settings.ts";
import type { Region } from "../../engine/refine-photo.ts";
import type { AdaptorInput } from "../adapt/load-adaptor.ts";
import type { RawImage } from "../inputs.ts";
import type { MaskReading } from "../load-mask.ts";

/** Where the masks lie, and how they are first refined. */
export interface SessionOptions extends MaskReading {
  /** The photo; found by pairing when absent. */
  readonly image?: string;
  /** {@link PhotoWork.key} of the photo to open, where the source has several. */
  readonly key?: string;
  /** Pairing templates, see `planRun`. */
  readonly pairing?: readonly string[];
  /** Name of an annotation format; found out when absent. */
  readonly format?: string;
  /** The method's settings by name. @default "default" */
  readonly preset?: PresetName;
  /** Changes to single switches of the preset. @default {} */
  readonly settings?: Partial<MethodSettings>;
  /** IoU adaptor: path, name in the user's folder of adaptors, or what `adapt` gave. It takes part in the choice of masks. */
  readonly adaptor?: AdaptorInput;
  /** How its values were read. @default "auto" */
  readonly mode?: MaskMode | "auto";
  /** Stops the call; it then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told how far it is. */
  readonly onProgress?: (progress: SessionProgress) => void;
}

/** How far opening or refining is. */
export interface SessionProgress {
  /** What is being done. */
  readonly stage: "read" | "encode" | "refine";
  /** Regions that are done. */
  readonly regionsDone: number;
  /** Regions in all; 0 before they are counted. */
  readonly regionsTotal: number;
}

/** A file whose regions are open. */
export interface SessionMask {
  /** Absolute path. */
  readonly path: string;
  /** What it is, in words for people: "8-bit palette PNG", "labelme JSON". */
  readonly format: string;
  /** How its values were read. */
  readonly mode: MaskMode;
  /** Value that is never refined and never overwritten. */
  readonly ignoreLabel?: number;
  /** What was decided on the way, one sentence each. */
  readonly notes: readonly string[];
}

/** Names a candidate. */
export interface CandidateChoice {
  /** Index in {@link Region.iterations}. */
  readonly iteration: number;
  /** 0 single mask, 1..3 multimask. */
  readonly token: number;
}

/** One region as it stands now. */
export interface SessionRegion extends Omit<Region, "maskIndex" | "label" | "verdict"> {
  /** Index in {@link RefinementSession.regions}; stays the same while the session is open. */
  readonly id: number;
  /** Index in {@link RefinementSession.masks}. */
  readonly mask: number;
  /** In annotation files the region's id; in mask files its value, and its number where a value has several parts. */
  readonly name: string;
  /** Class as the file calls it; the value in mask files. */
  readonly label: string;
  /** `#rrggbb` of its class: the file's palette where it has one. */
  readonly colour: string;
  /** `failed` regions could not be read; `reason` tells why. */
  readonly verdict: Region["verdict"] | "failed";
  /** 0..1, higher is to be looked at first. */
  readonly doubt: number;
  /** Photo-sized, as the photo is displayed. */
  readonly coarse: Mask;
  /** What the file would hold if the region were accepted, after its contest with the others; `coarse` where nothing changed. */
  readonly refined: Mask;
  /** Prompts that a person gave. */
  readonly own: OwnPrompts;
  /** The candidate that a person chose. */
  readonly choice?: CandidateChoice;
}

/** Pictures of one decode. */
export interface DecodePictures {
  /** The mask that the prompts came from. */
  readonly source: Mask;
  /** Logits given to SAM, over the padded square of the photo: `Float32Array [256, 256]`. */
  readonly heat?: Float32Array;
  /** Photo-sized candidates, in the order of the iteration's. */
  readonly candidates: readonly Mask[];
}

/** Other settings for regions that are open. How label maps are split was decided at opening. */
export interface SessionChange {
  /** The method's settings by name. @default the one in use */
  readonly preset?: PresetName;
  /** All changes to the preset. @default those in use, none with another preset */
  readonly settings?: Partial<MethodSettings>;
  /** Only these regions. @default all */
  readonly regions?: readonly number[];
  /** Stops the call; it then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told how far it is. */
  readonly onProgress?: (progress: SessionProgress) => void;
}

/** Where accepted regions are written. */
export type SaveTarget =
  /** `<name>.refined.<ext>` in the source's folder. */
  | { readonly kind: "beside" }
  /** Same path below `folder` as below `root`. */
  | { readonly kind: "mirror"; readonly folder: string; readonly root: string }
  /** The source itself; its original bytes go to the store in `history` first. */
  | { readonly kind: "in-place"; readonly history: string };

/** How regions are saved. */
export interface SessionSaveOptions {
  /** Ids of regions that take their refined pixels; all others keep the coarse ones. */
  readonly accepted: readonly number[];
  /** Where the results go. */
  readonly target: SaveTarget;
  /** Whether a file of an earlier save may be replaced. @default false */
  readonly overwrite?: boolean;
}

/** A file that was written. */
export interface SavedFile {
  /** Path of the file that was opened. */
  readonly source: string;
  /** Absolute path. */
  readonly path: string;
  /** Whether the bytes are those of the source: nothing was accepted. In place, nothing is written then. */
  readonly unchanged: boolean;
  /** What the format could not hold, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * An opened photo. Calls wait for one another. Close it to free its pixels and embedding.
 *
 * Masks are kept as stretches of rows and candidates as low-res logits, so that hundreds of regions of a large photo fit
 * into memory; `coarse` and `refined` of a region are made anew whenever they are read. Opening a label map whose classes
 * have many parts takes a byte a pixel for each part of one class.
 */
export interface RefinementSession extends AsyncDisposable {
  /** Absolute path. */
  readonly path: string;
  /** {@link PhotoWork.key} */
  readonly key: string;
  /** Of the photo as displayed. */
  readonly width: number;
  /** Height of the photo as displayed. */
  readonly height: number;
  /** Upright RGB, `Uint8Array [height, width, 3]`. */
  readonly photo: RawImage;
  /** Files whose regions are open. */
  readonly masks: readonly SessionMask[];
  /** As they are now; an entry is replaced when its region changes. */
  readonly regions: readonly SessionRegion[];
  /** The last ones asked for. */
  readonly settings: MethodSettings;
  /** Device that runs the model. */
  readonly device: string;
  /** Milliseconds of the last refinement. */
  readonly timings: {
    readonly encode: number;
    readonly decode: number;
    readonly method: number;
    readonly total: number;
    readonly encoderRuns: number;
    readonly decoderRuns: number;
  };
  /** The photo for a browser: the file's own bytes where a browser shows them upright, else a PNG, or a WebP of a large one. */
  picture(): Promise<{ readonly bytes: Uint8Array; readonly mime: string }>;
  /**
   * Refines again from the embedding at hand; own prompts stay, choices of candidates end. Returns the regions that were
   * refined, and others whose pixels changed with them.
   */
  refine(change: SessionChange): Promise<readonly SessionRegion[]>;
  /**
   * Refines one region with own prompts, which the gate does not question; empty ones go back to the method's. Returns
   * the region, and others whose pixels changed with it.
   */
  prompt(
    region: number,
    own: OwnPrompts,
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly SessionRegion[]>;
  /**
   * Takes another candidate as the region's result, whatever the gate says; `undefined` goes back to the method's choice.
   * Returns the region, and others whose pixels changed with it.
   */
  choose(region: number, choice: CandidateChoice | undefined): Promise<readonly SessionRegion[]>;
  /**
   * Pictures of one decode of a region.
   *
   * @throws {OptionError} when there is no such region or iteration
   */
  pictures(region: number, iteration: number): Promise<DecodePictures>;
  /**
   * Writes each file once, in its own format.
   *
   * @throws {InputError} when a file was changed or deleted since it was opened
   * @throws {OutputError} when a result exists (unless `overwrite`), or cannot be written
   */
  save(options: SessionSaveOptions): Promise<readonly SavedFile[]>;
  /** Frees pixels and embedding. Later calls fail. */
  close(): Promise<void>;
}

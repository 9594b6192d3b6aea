/** The SDK's data: what goes into a refinement and what comes out. */
import type { Box, LabelMap, Mask, Point } from "../core/mask.ts";
import type { MethodSettings, PresetName } from "../core/settings.ts";

/** Decoded pixels of a photo: 8-bit, interleaved, row-major. */
export interface RawImage {
  readonly width: number;
  readonly height: number;
  /** `[height, width, channels]`, 0..255. An alpha channel is ignored. */
  readonly data: Uint8Array | Uint8ClampedArray;
  /** @default data.length / (width * height) */
  readonly channels?: 1 | 3 | 4;
}

/** A photo: path, `file:`, `data:` or `http(s):` URL, encoded bytes, or decoded pixels. */
export type ImageInput = string | URL | Uint8Array | RawImage;

/** A coarse mask: path, URL, encoded bytes, or decoded values (0/1 mask or label map). */
export type MaskInput = string | URL | Uint8Array | Mask | LabelMap;

/** What a refinement works on. Several masks of one photo share its embedding. */
export interface RefineInput {
  readonly image: ImageInput;
  readonly mask: MaskInput | readonly MaskInput[];
}

/** How mask values are read: decide by the file, one object per value, or classes to be split. */
export type Mode = "auto" | "instance" | "semantic";

/** Options of one refinement. */
export interface RefineOptions {
  /** @default "default" */
  readonly preset?: PresetName;
  /** Changes to single switches of the preset. @default {} */
  readonly settings?: Partial<MethodSettings>;
  /** @default "auto" */
  readonly mode?: Mode;
  /** Value that is never refined and never overwritten; `null` for none. @default 255 in 8-bit label maps */
  readonly ignoreLabel?: number | null;
  /** Keep prompts, candidates and the embedding's similarity for `explain`. @default false */
  readonly explain?: boolean;
  /** Stops before the next model run. */
  readonly signal?: AbortSignal;
  /** Called after each region is done. */
  readonly onProgress?: (progress: RefineProgress) => void;
}

/** How far a refinement is. */
export interface RefineProgress {
  readonly stage: "read" | "encode" | "refine" | "done";
  readonly regionsDone: number;
  readonly regionsTotal: number;
}

/** What happened to a region: replaced, kept by the gate, or nothing to do (empty, full, too small). */
export type Verdict = "refined" | "kept" | "unchanged";

/** One of the masks SAM proposed in an iteration. */
export interface Candidate {
  /** Token of the decoder: 0 single mask, 1..3 multimask. */
  readonly token: number;
  /** SAM's own estimate, about 0..1. */
  readonly predictedIoU: number;
  /** #(logit > 1) / #(logit > -1) on the low-res grid, 0..1. */
  readonly stability: number;
  /** IoU with the mask the prompts came from, on the low-res grid, 0..1. */
  readonly coarseIoU: number;
  readonly chosen: boolean;
  /** Photo-sized candidate; only with `explain`. */
  readonly mask?: Mask;
}

/** The prompts of one iteration, in photo pixels. */
export interface IterationPrompts {
  readonly positive?: Point;
  readonly negative?: Point;
  /** Tight box of the mask, both ends inclusive. */
  readonly tightBox: Box;
  /** Box given to SAM, both ends inclusive. */
  readonly box?: Box;
  /** The Gaussian mask as given to SAM, `[256, 256]` logits over the padded 1024 frame; only with `explain`. */
  readonly maskLogits?: Float32Array;
}

/** One cascade iteration. */
export interface Iteration {
  readonly prompts: IterationPrompts;
  readonly candidates: readonly Candidate[];
  /** Boundary contrast of the chosen candidate (CIE Lab distance); absent without the gate. */
  readonly contrast?: number;
  /** Whether the chosen candidate became the best mask. */
  readonly accepted: boolean;
}

/** What was done to one region (a connected part of a class, or an instance). */
export interface Region {
  /** Index of the input mask. */
  readonly maskIndex: number;
  /** Value in the mask file. */
  readonly label: number;
  /** Tight box of the coarse region, both ends inclusive. */
  readonly box: Box;
  readonly area: number;
  readonly refinedArea: number;
  readonly verdict: Verdict;
  /** Why it was kept or unchanged. */
  readonly reason?: string;
  /** Predicted IoU of the last accepted candidate. */
  readonly predictedIoU?: number;
  /** IoU of the refined region with the coarse one, 0..1. */
  readonly coarseIoU: number;
  readonly iterations: readonly Iteration[];
}

/** Wall-clock milliseconds by stage. Stages overlap: they do not add up to `total`. */
export interface Timings {
  readonly read: number;
  readonly encode: number;
  readonly decode: number;
  readonly method: number;
  readonly total: number;
  readonly encoderRuns: number;
  readonly decoderRuns: number;
}

/** One refined mask, in the format of its input. */
export interface RefinedMask {
  /** Values as in the source: 0/1 for a binary mask, ids for a label map. */
  readonly map: LabelMap;
  /** How it was read. */
  readonly mode: "instance" | "semantic";
  /** Whether every pixel is as it was. */
  readonly unchanged: boolean;
  /** PNG with the source's depth, palette and chunks; the source's own bytes if nothing changed. */
  toPNG(): Uint8Array;
  /** What the reader had to decide, for example a threshold. One sentence each. */
  readonly notes: readonly string[];
}

/** The outcome of `refine`. */
export interface RefineResult {
  readonly width: number;
  readonly height: number;
  readonly masks: readonly RefinedMask[];
  readonly regions: readonly Region[];
  readonly timings: Timings;
  /** Device that ran the model, for example `"cpu"`. */
  readonly device: string;
  /** The first mask as PNG. */
  toPNG(): Uint8Array;
  /** Sheet of photo, coarse mask, prompts, candidates and result as PNG; needs `explain`. */
  explain(): Promise<Uint8Array>;
  /** Sheet of photo, coarse, refined and difference as PNG. */
  compare(): Promise<Uint8Array>;
}

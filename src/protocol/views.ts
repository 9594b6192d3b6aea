/** What the preview shows of a photo and its masks: sent from the engine process through the host to the page. */
import type { Box, Point } from "../core/mask.ts";
import type { MaskMode, MethodSettings, PresetName } from "../core/settings.ts";

/** A mask as runs inside its box; see `runsOf` and `fillRuns`. */
export interface MaskRuns {
  /** Tight, both ends inclusive; `undefined` for an empty mask. */
  readonly box: Box | undefined;
  /** `Uint32Array [n]`: lengths of runs in the box, row-major, background first. */
  readonly runs: Uint32Array;
}

/** A picture a browser can decode, for display only. */
export interface PhotoView {
  readonly path: string;
  /** Of the photo as displayed, EXIF orientation applied; masks and prompts lie the same way. */
  readonly width: number;
  readonly height: number;
  /** Encoded bytes, upright, sRGB. */
  readonly bytes: Uint8Array;
  /** For example `image/jpeg`. */
  readonly mime: string;
}

/** A file whose regions are shown. */
export interface MaskView {
  readonly path: string;
  /** What it is, in words for people: "8-bit palette PNG", "labelme JSON". */
  readonly format: string;
  readonly mode: MaskMode;
  readonly ignoreLabel?: number;
  /** What the reader had to decide, one sentence each. */
  readonly notes: readonly string[];
}

/** A point that a person added. */
export interface OwnPoint extends Point {
  readonly positive: boolean;
}

/** Prompts that a person gave for one region; they replace or join the excavated ones. */
export interface OwnPrompts {
  /** Added to the excavated points in every iteration. */
  readonly points: readonly OwnPoint[];
  /** Replaces the excavated box in every iteration; ends inclusive. */
  readonly box?: Box;
}

/** One candidate of an iteration. */
export interface CandidateView {
  /** Mask token: 0 is the single-mask token, 1 to 3 the multimask ones. */
  readonly token: number;
  readonly predictedIoU: number;
  readonly stability: number;
  /** IoU with the mask that the prompts came from, 0..1. */
  readonly coarseIoU: number;
  /** Chosen by the selection policy. */
  readonly chosen: boolean;
}

/** One decode of the cascade. */
export interface IterationView {
  /** The mask that the prompts came from, see `CascadeIteration.source`. */
  readonly source: "coarse" | "best" | "grown" | "previous";
  readonly points: readonly OwnPoint[];
  /** Tight box of the source mask, ends inclusive. */
  readonly tightBox?: Box;
  /** The box given to SAM: elastic, with margin, or drawn by a person. */
  readonly promptBox?: Box;
  readonly candidates: readonly CandidateView[];
  readonly contrast?: number;
  /** Whether the gate let the chosen candidate replace the best mask so far. */
  readonly accepted: boolean;
}

/** One region: a connected part of a class, or an instance. */
export interface RegionView {
  /** Index in the session. */
  readonly id: number;
  /** Index in {@link SessionView.masks}. */
  readonly mask: number;
  /** The region's name in its file, as journals and reports have it. */
  readonly name: string;
  /** Class as the file calls it; the value in mask files. */
  readonly label: string;
  /** `#rrggbb` of its class. */
  readonly colour: string;
  /** Tight box of the coarse region, ends inclusive. */
  readonly box: Box;
  /** Pixels before and after. */
  readonly area: number;
  readonly refinedArea: number;
  readonly verdict: "refined" | "kept" | "unchanged" | "failed";
  /** Why it was kept, unchanged or failed. */
  readonly reason?: string;
  readonly predictedIoU?: number;
  /** IoU of the refined region with the coarse one, 0..1. */
  readonly coarseIoU: number;
  /** 0..1, higher is to be looked at first. */
  readonly doubt: number;
  readonly coarse: MaskRuns;
  /** What the file would hold if it were accepted; the coarse region where nothing changed. */
  readonly refined: MaskRuns;
  readonly iterations: readonly IterationView[];
  readonly own: OwnPrompts;
  /** The candidate a person chose instead of the method's. */
  readonly choice?: CandidateChoice;
}

/** Names a candidate of a region. */
export interface CandidateChoice {
  readonly iteration: number;
  readonly token: number;
}

/** Pictures of one iteration, made when asked for. */
export interface IterationPictures {
  readonly source: MaskRuns;
  /** The mask prompt as SAM gets it, in logits: `Float32Array [size, size]` over the padded square of the photo. */
  readonly heat?: { readonly size: number; readonly values: Float32Array };
  /** In the order of {@link IterationView.candidates}. */
  readonly candidates: readonly MaskRuns[];
}

/** Preset and changes, as `resolveSettings` takes them. */
export interface MethodChoice {
  readonly preset: PresetName;
  readonly settings: Partial<MethodSettings>;
  readonly mode: MaskMode | "auto";
  /** IoU adaptor that takes part in the choice of masks: path, or name in the user's folder of adaptors. */
  readonly adaptor?: string;
}

/** Milliseconds of the last refinement. */
export interface TimingsView {
  readonly encode: number;
  readonly decode: number;
  readonly method: number;
  readonly total: number;
  readonly encoderRuns: number;
  readonly decoderRuns: number;
}

/** An opened photo with its masks. */
export interface SessionView {
  readonly photo: PhotoView;
  readonly masks: readonly MaskView[];
  readonly regions: readonly RegionView[];
  readonly method: MethodChoice;
  /** {@link MethodChoice} with everything decided, for sliders. */
  readonly resolved: MethodSettings;
  readonly timings: TimingsView;
  readonly device: string;
}

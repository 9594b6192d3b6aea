/** What the decodes of one photo's regions left behind. */
import type { AdaptionSample } from "../../core/adaption/adaption-sample.ts";
import type { Box } from "../../core/mask.ts";

/** Types of prompts; a sample's decode had one of them only. */
export type PromptType = "point" | "box" | "mask";

/** All prompt types. */
export const promptTypes: readonly PromptType[] = ["point", "box", "mask"];

/** A region that was decoded. */
export interface SampledRegion {
  /** File of its coarse mask, below the dataset's folder. */
  readonly file: string;
  /** In annotation files the region's id; in mask files its value, and its number where a value has several parts. */
  readonly id: string;
  /** Class as the file calls it; the value in mask files. */
  readonly label: string;
  /** Tight box on the photo as displayed, both ends inclusive. */
  readonly box: Box;
}

/** A decode and what it is of. */
export interface PhotoSample extends AdaptionSample {
  readonly region: SampledRegion;
  readonly prompt: PromptType;
}

/** All of one photo. */
export interface PhotoSamples {
  /** {@link PhotoWork.key} */
  readonly key: string;
  /** sha256 of the photo's file, hexadecimal: copies of a photo are one photo. */
  readonly photo: string;
  readonly samples: readonly PhotoSample[];
}

/** Every switch of the method, and the named presets built from them. */
import { OptionError } from "./errors.ts";

/** The method's switches. Names are the same in scripts (`settings`), in the CLI (`--set name=value`) and in reports. */
export interface MethodSettings {
  /** Formula family for prompts and split: the paper's (sections 3.2, C.1) or the published code's. */
  readonly rules: "paper" | "reference";
  /** Prompt with the most inner foreground pixel. */
  readonly point: boolean;
  /** Prompt with the background pixel of the tight box farthest from the object. */
  readonly negativePoint: boolean;
  /** Prompt with a box. */
  readonly box: boolean;
  /** Prompt with the Gaussian mask (Eq. 3). */
  readonly mask: boolean;
  /** Grow the box where its surroundings look like the object (CEBox, Eq. 1 and 2). */
  readonly elasticBox: boolean;
  /** λ: share of similar pixels in an added strip above which the box grows. 0..1 */
  readonly lambda: number;
  /** Cosine similarity from which a pixel counts as similar. -1..1 */
  readonly similarity: number;
  /** Most rounds of box growth. */
  readonly boxRounds: number;
  /** Most pixels a side grows in one round. */
  readonly boxStep: number;
  /** ω: amplitude of the Gaussian mask, in logits. */
  readonly omega: number;
  /** γ: width of the Gaussian mask; larger is wider (for `rules: "reference"`, narrower). */
  readonly gamma: number;
  /** Cascade iterations; each excavates its prompts from the best mask so far. */
  readonly iterations: number;
  /** Outward margin of the tight box in each iteration, as a share of its side; the last one repeats. */
  readonly margins: readonly number[];
  /** Feed the chosen low-res logits to the next iteration instead of a Gaussian mask (appendix B.2). */
  readonly feedLogits: boolean;
  /** Choose among the three multimask tokens, or take the single-mask token. */
  readonly tokens: "multi" | "single";
  /** How the mask token is chosen (`tokens: "multi"`). */
  readonly selection: "predicted-iou" | "stability" | "coarse-iou";
  /** Keep a candidate only where its boundary separates colours better than what it replaces. */
  readonly gate: "none" | "contrast";
  /** ρ: the final contrast must reach ρ times the coarse mask's. 1 asks for no more than "better". */
  readonly strictness: number;
  /** How low-res logits become photo pixels. */
  readonly upscale: "bilinear" | "bicubic";
  /** Move the edge to where local colours change. */
  readonly edges: "none" | "colour";
  /** How a class of a label map is split into regions: Algorithm 1, plain connected parts, or not at all. */
  readonly split: "merge" | "parts" | "none";
  /** μ: occupancy above which two parts are merged (Algorithm 1). */
  readonly mu: number;
  /** Parts under this share of the photo are left as they are. */
  readonly minPart: number;
}

/** Names of the presets. */
export type PresetName = "default" | "fast" | "paper" | "reference";

/** What an explain sheet needs to know of a region; the SDK's `Region` fits as it is. */
import type { Box, LabelMap, Mask, Point } from "../core/mask.ts";

/** One of the masks SAM proposed in an iteration. */
export interface ExplainedCandidate {
  readonly token: number;
  readonly predictedIoU: number;
  readonly stability: number;
  readonly coarseIoU: number;
  readonly chosen: boolean;
  /** Photo-sized; without it only the figures are shown. */
  readonly mask?: Mask;
}

/** The prompts of one iteration, in photo pixels; boxes with both ends inclusive. */
export interface ExplainedPrompts {
  readonly positive?: Point;
  readonly negative?: Point;
  readonly tightBox: Box;
  readonly box?: Box;
  /** `[256, 256]` logits over the padded 1024 frame. */
  readonly maskLogits?: Float32Array;
}

/** One decode. */
export interface ExplainedIteration {
  /** What the prompts came from: `coarse` or `best` in the cascade, `grown` or `previous` in a growth step. */
  readonly source: "coarse" | "best" | "grown" | "previous";
  /** That mask, photo-sized. */
  readonly sourceMask?: Mask;
  readonly prompts: ExplainedPrompts;
  readonly candidates: readonly ExplainedCandidate[];
  readonly contrast?: number;
  readonly accepted: boolean;
}

/** One region and what was done to it. */
export interface ExplainedRegion {
  readonly label: number;
  readonly box: Box;
  readonly area: number;
  readonly refinedArea: number;
  readonly verdict: "refined" | "kept" | "unchanged";
  readonly reason?: string;
  readonly coarseIoU: number;
  readonly iterations: readonly ExplainedIteration[];
  /** The part of the photo that was encoded again for the last look: `[x0, x1) × [y0, y1)`. */
  readonly crop?: {
    readonly x0: number;
    readonly y0: number;
    readonly x1: number;
    readonly y1: number;
  };
}

/**
 * A label map's pixels of one label. A binary mask is stored as 0/1 whatever its file says, so a label the map
 * does not hold means all of its foreground.
 */
export function regionMask({ width, height, data }: LabelMap, label: number): Mask {
  const held = data.includes(label);
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < mask.length; i++) mask[i] = Number(held ? data[i] === label : data[i] !== 0);
  return { width, height, data: mask };
}

/** The best mask before each iteration, and after the last of them. */
export function bestMasks(coarse: Mask, iterations: readonly ExplainedIteration[]): Mask[] {
  const masks = [coarse];
  for (const { accepted, candidates } of iterations) {
    const chosen = candidates.find((candidate) => candidate.chosen)?.mask;
    masks.push(accepted && chosen ? chosen : masks.at(-1)!);
  }
  return masks;
}

import type { RefinementSession } from "../../../sdk/mod.ts";

/** `Float32Array [256, 64, 64]`. */
const EMBEDDING = 2 ** 22;
/** The part of a candidate's logits that is kept, on average. */
const CANDIDATE = 2 ** 15;
/** Photo and values of the masks before and after. */
const PER_PIXEL = 3;
const PER_MASK_PIXEL = 2;
/** Logits and runs of a region's pixels. */
const PER_REGION_PIXEL = 6;

/** About how much memory a session takes. */
export function sessionBytes({ width, height, masks, regions }: RefinementSession): number {
  const pixels = width * height * (PER_PIXEL + PER_MASK_PIXEL * masks.length);
  const ofRegions = regions.reduce((sum, { area, refinedArea, iterations }) => {
    // Mask prompts are kept as candidates are.
    const grids = iterations.reduce((count, { candidates }) => count + candidates.length + 1, 0);
    return sum + (area + refinedArea) * PER_REGION_PIXEL + grids * CANDIDATE;
  }, 0);
  return EMBEDDING + pixels + ofRegions;
}

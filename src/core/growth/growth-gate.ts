/** When a larger hypothesis may replace the best mask. */

import { cellCoverage, embeddingGrid } from "../cell-coverage.ts";
import type { Frame } from "../frame.ts";
import { separation } from "../gate/separation.ts";

/**
 * A result that agrees with the coarse mask this much (IoU) misses nothing that growth would find; what SAM makes of a grown
 * mask, and agrees with the result this much, is the same object again.
 */
export const SETTLED = 0.9;
/** The mask is grown this many times, each time from the last outcome. */
export const GROWTH_ROUNDS = 2;

/** Share of the coarse mask that a grown one must keep. */
const KEPT = 0.92;
/** Least boundary contrast, against the best mask's and against the coarse mask's. */
const CONTRAST_OF_BEST = 0.86;
const CONTRAST_OF_COARSE = 1.19;
/** Least gain in separation over the best mask. */
const SEPARATION_GAIN = 0.05;

/** A mask that competes. */
interface Competitor {
  /** `Float32Array [256, 256]` logits. */
  readonly lowRes: Float32Array;
  /** Boundary contrast E. */
  readonly contrast: number;
}

/**
 * The gate of growth. Contrast alone would be exploited by larger masks, so a candidate must also keep the coarse
 * mask and separate embeddings better than the best mask does.
 *
 * @param coarse `Uint8Array [256, 256]`, the coarse mask
 * @returns a function that scores a candidate (ln E + e, the larger the better), `undefined` when it does not pass
 */
export function growthGate(
  embedding: Float32Array,
  frame: Frame,
  coarse: Uint8Array,
  coarseContrast: number,
  best: Competitor,
): (candidate: Competitor) => number | undefined {
  const grid = embeddingGrid(frame);
  const separationOf = ({ lowRes }: Competitor) => separation(embedding, cellCoverage(lowRes, grid), grid);
  const leastSeparation = separationOf(best) + SEPARATION_GAIN;
  const leastContrast = Math.max(CONTRAST_OF_BEST * best.contrast, CONTRAST_OF_COARSE * coarseContrast);
  return (candidate) => {
    if (candidate.contrast < leastContrast || keptShare(candidate.lowRes, coarse) < KEPT) return undefined;
    const e = separationOf(candidate);
    return e < leastSeparation ? undefined : Math.log(candidate.contrast) + e;
  };
}

/** Share of the coarse mask inside the positive logits, 0..1. */
function keptShare(lowRes: Float32Array, coarse: Uint8Array): number {
  let kept = 0;
  let area = 0;
  for (let i = 0; i < coarse.length; i++) {
    area += coarse[i]!;
    if (lowRes[i]! > 0) kept += coarse[i]!;
  }
  return area === 0 ? 1 : kept / area;
}

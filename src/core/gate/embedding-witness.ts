/** A second witness for masks whose boundary is drawn along edges that are not the object's. */
import { cellCoverage, embeddingGrid } from "../cell-coverage.ts";
import type { Frame } from "../frame.ts";
import { gridIoU } from "../selection.ts";
import { separation } from "./separation.ts";

/** Least gain in separation over the coarse mask. */
const SEPARATION_GAIN = 0.3;
/** Least stability of the candidate. */
const STABLE = 0.9;
/** Least IoU with the coarse mask: a witness confirms a correction, not another mask. */
const SIMILAR = 0.7;

/** A candidate before the gate. */
interface Candidate {
  /** `Float32Array [256, 256]` logits. */
  readonly lowRes: Float32Array;
  /** #(logit > 1) / #(logit > −1). */
  readonly stability: number;
}

/**
 * Who confirms candidates by their embeddings: those inside and outside the boundary lie farther apart (separation e) than
 * the coarse mask's do, the outline is stable, and most of the coarse mask is still there. Colours alone reject corrections
 * of coarse masks that follow the photo's own edges at the wrong places, as superpixels and watersheds do.
 *
 * @param embedding `Float32Array [256, 64, 64]`
 * @param coarse `Uint8Array [256, 256]`, the coarse mask
 */
export function embeddingWitness(
  embedding: Float32Array,
  frame: Frame,
  coarse: Uint8Array,
): (candidate: Candidate) => boolean {
  const grid = embeddingGrid(frame);
  const separationOf = (mask: Float32Array | Uint8Array): number =>
    separation(embedding, cellCoverage(mask, grid), grid);
  let least: number | undefined;
  return ({ lowRes, stability }) => {
    if (stability < STABLE || gridIoU(lowRes, coarse) < SIMILAR) return false;
    least ??= separationOf(coarse) + SEPARATION_GAIN;
    return separationOf(lowRes) >= least;
  };
}

/** How well choices agree with the coarse masks. */
import { type SelectionSettings, selectToken } from "../selection.ts";
import { type AdaptionSample, sampleScores } from "./adaption-sample.ts";
import type { IoUAdaptor } from "./iou-adaptor.ts";

/** Figures of a way to choose, over many decodes. */
export interface ChoiceFigures {
  /** Decodes. */
  readonly samples: number;
  /** Share of them in which the mask that agrees most with the coarse one was chosen, 0..1. */
  readonly top1: number;
  /** Mean IoU of the chosen masks with the coarse ones, 0..1. */
  readonly coarseIoU: number;
}

/** The token that is chosen for a sample. */
export function chosenToken(
  sample: AdaptionSample,
  selection: SelectionSettings,
  adaptor?: IoUAdaptor,
): number {
  return selectToken(sampleScores(sample, adaptor), selection).token;
}

/**
 * Top-1 agreement with the coarse IoU, and the mean coarse IoU of what is chosen. A mask that agrees as much as the best
 * one counts as the best.
 */
export function choiceFigures(
  samples: readonly AdaptionSample[],
  selection: SelectionSettings,
  adaptor?: IoUAdaptor,
): ChoiceFigures {
  let hits = 0;
  let sum = 0;
  for (const sample of samples) {
    const scores = sampleScores(sample, adaptor);
    const { coarseIoU } = selectToken(scores, selection);
    if (scores.every((score) => score.coarseIoU <= coarseIoU)) hits++;
    sum += coarseIoU;
  }
  const { length } = samples;
  return {
    samples: length,
    top1: length === 0 ? 0 : hits / length,
    coarseIoU: length === 0 ? 0 : sum / length,
  };
}

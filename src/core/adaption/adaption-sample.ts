/** What one decode under a single prompt type teaches. */
import { candidateTokens, type TokenScore } from "../selection.ts";
import { adaptedIoU, type IoUAdaptor } from "./iou-adaptor.ts";

/** One decode: what the IoU head's last layer took and gave, and how its masks agree with the coarse one. */
export interface AdaptionSample {
  /** `Float32Array [width]`: input of the layer. */
  readonly features: Float32Array;
  /** `Float32Array [tokens]`: its output. */
  readonly predictedIoU: Float32Array;
  /** `Float32Array [tokens]`: #(logit > 1) / #(logit > −1) of each mask. */
  readonly stability: Float32Array;
  /** `Float32Array [tokens]`: IoU of each mask with the coarse one. */
  readonly coarseIoU: Float32Array;
}

/** The tokens' scores, as {@link scoreTokens} gives them for the decode itself. */
export function sampleScores(
  { features, predictedIoU, stability, coarseIoU }: AdaptionSample,
  adaptor?: IoUAdaptor,
): TokenScore[] {
  const adapted = adaptor && adaptedIoU(adaptor, features, predictedIoU);
  return candidateTokens(predictedIoU.length, "multi").map((token) => ({
    token,
    predictedIoU: predictedIoU[token]!,
    ...(adapted === undefined ? {} : { adaptedIoU: adapted[token]! }),
    stability: stability[token]!,
    coarseIoU: coarseIoU[token]!,
  }));
}

/** The token whose mask agrees most with the coarse one: j of Eq. 4. `undefined` where no mask agrees more than another. */
export function bestToken({ coarseIoU }: Pick<AdaptionSample, "coarseIoU">): number | undefined {
  const tokens = candidateTokens(coarseIoU.length, "multi");
  const best = tokens.reduce((a, b) => (coarseIoU[b]! > coarseIoU[a]! ? b : a));
  return tokens.some((token) => coarseIoU[token]! < coarseIoU[best]!) ? best : undefined;
}

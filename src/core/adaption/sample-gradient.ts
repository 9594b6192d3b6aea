/** The derivative of one sample's loss by the adaptor. */
import { candidateTokens } from "../selection.ts";
import { type AdaptionSample, bestToken } from "./adaption-sample.ts";
import { project } from "./iou-adaptor.ts";
import { rankingLoss } from "./ranking-loss.ts";

/** A and B while they are trained, row-major: `[rank, width]` and `[tokens, rank]`. */
export interface Factors {
  readonly a: Float64Array;
  readonly b: Float64Array;
}

/**
 * Adds the derivative of a sample's loss to `gradient`: with g the derivative by the scores, ∂L/∂B = g·(A·x)ᵀ and
 * ∂L/∂A = (Bᵀ·g)·xᵀ. A sample that ranks nothing adds nothing.
 *
 * @returns the sample's loss
 */
export function addSampleGradient(
  { a, b }: Factors,
  sample: AdaptionSample,
  margin: number,
  gradient: Factors,
): number {
  const winner = bestToken(sample);
  if (winner === undefined) return 0;
  const { features: x, predictedIoU } = sample;
  const inner = project(a, x);
  const rank = inner.length;
  const tokens = candidateTokens(predictedIoU.length, "multi");
  const scores = tokens.map((token) => {
    let sum = predictedIoU[token]!;
    for (let r = 0; r < rank; r++) sum += b[token * rank + r]! * inner[r]!;
    return sum;
  });
  const { loss, gradient: byScore } = rankingLoss(scores, tokens.indexOf(winner), margin);
  const back = new Float64Array(rank);
  for (const [i, token] of tokens.entries()) {
    for (let r = 0; r < rank; r++) {
      gradient.b[token * rank + r]! += byScore[i]! * inner[r]!;
      back[r]! += byScore[i]! * b[token * rank + r]!;
    }
  }
  for (let r = 0; r < rank; r++)
    for (let k = 0; k < x.length; k++) gradient.a[r * x.length + k]! += back[r]! * x[k]!;
  return loss;
}

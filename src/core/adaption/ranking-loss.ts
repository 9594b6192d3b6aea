/** The margin ranking loss (Eq. 4). */

/** A loss and where it falls. */
export interface RankingLoss {
  readonly loss: number;
  /** Derivative by each score, in the order of the scores. */
  readonly gradient: Float64Array;
}

/**
 * Σ_{i≠j} max(0, x_i − x_j + margin): every other candidate's score is to stay `margin` below the best one's.
 *
 * @param scores x, one for each candidate
 * @param best j, index of the candidate that should win
 */
export function rankingLoss(scores: ArrayLike<number>, best: number, margin: number): RankingLoss {
  const gradient = new Float64Array(scores.length);
  let loss = 0;
  for (let i = 0; i < scores.length; i++) {
    const excess = scores[i]! - scores[best]! + margin;
    if (i === best || excess <= 0) continue;
    loss += excess;
    gradient[i] = 1;
    gradient[best]! -= 1;
  }
  return { loss, gradient };
}

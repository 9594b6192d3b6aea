/** Whether an adaptor should be used. */

/** A recommendation and its reason. */
export interface Recommendation {
  /** Whether the adaptor is worth using. */
  readonly use: boolean;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** What is known of the choices with and without an adaptor. */
export interface AdaptionEvidence {
  /** By how much the mean coarse IoU of the choices rose on each held-out photo. */
  readonly gains: readonly number[];
  /** Top-1 agreement on all of them, 0..1. */
  readonly top1Before: number;
  /** And with the adaptor. */
  readonly top1After: number;
}

/** Fewer photos say nothing about others. */
const LEAST_PHOTOS = 5;
/** Standard errors by which the gain must exceed none. */
const ERRORS = 2;

/**
 * For an adaptor: on at least five held-out photos the coarse IoU of the choices rose by more than two standard errors of
 * its mean over photos, and top-1 agreement did not fall. Photos are counted, not regions: the regions of one photo fail
 * together. Anything less is what chance does, and then SAM's own scores are the safer ones: they have seen more than this
 * data set.
 */
export function recommendAdaptor({ gains, top1Before, top1After }: AdaptionEvidence): Recommendation {
  const { length } = gains;
  if (length < LEAST_PHOTOS) {
    return {
      use: false,
      reason: `${length} held-out photos are too few to tell: expected at least ${LEAST_PHOTOS}`,
    };
  }
  const gain = mean(gains);
  const error = Math.sqrt(mean(gains.map((value) => (value - gain) ** 2)) / (length - 1));
  const measured = `the coarse IoU of the choices ${gain < 0 ? "falls" : "rises"} by ${points(Math.abs(gain))} ± ${points(error)} points over ${length} held-out photos`;
  if (top1After < top1Before) return { use: false, reason: `top-1 agreement falls, and ${measured}` };
  if (gain > ERRORS * error) return { use: true, reason: `${measured}: more than twice its standard error` };
  return { use: false, reason: `${measured}: no more than chance may do` };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function points(share: number): string {
  return (100 * share).toFixed(2);
}

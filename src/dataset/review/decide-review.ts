/** Taking decisions about regions of a run into its results and its journal. */
import type { DecidedReview, RegionDecision } from "./review.ts";

/**
 * Notes decisions in the journal and writes the results concerned: a rejected region gets its coarse pixels back, one
 * that is accepted again its refined ones. A file whose results, source or original are no longer as the run left them is
 * refused, and its decisions are not taken; the others are.
 *
 * @param journal path of the run's journal
 * @throws {InputError} when the journal is missing, damaged or of another version, or does not have a region
 * @throws {OutputError} when a run works with the journal at the moment, or it cannot be written
 */
export async function decideReview(
  journal: string,
  decisions: readonly RegionDecision[],
): Promise<DecidedReview> {
  throw new Error(`not yet: ${journal} ${decisions.length}`);
}

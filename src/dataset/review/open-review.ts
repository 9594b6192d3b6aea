/** Opening a journal for review. */
import type { RunReview } from "./review.ts";

/**
 * Opens the journal of a run for review; it may also be one that has not ended.
 *
 * @param journal path
 * @throws {InputError} when it is missing, damaged or of another version
 */
export function openReview(journal: string): RunReview {
  throw new Error(`not yet: ${journal}`);
}

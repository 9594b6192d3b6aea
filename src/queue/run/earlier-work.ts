/** What a worker has to know of an earlier session's work on a photo. */
import type { PhotoWork } from "../../dataset/plan/dataset-plan.ts";
import type { JournalState } from "../../dataset/run/journal/journal-state.ts";
import type { EarlierWork } from "../job.ts";

/** Which of its regions a person rejected; nothing where nobody did. */
export function earlierWork(
  { key }: PhotoWork,
  state: Pick<JournalState, "photos" | "rejected">,
): EarlierWork | undefined {
  const known = state.photos.get(key);
  if (known === undefined) return undefined;
  const { session, photo, targets } = known;
  const rejected = targets.map((_, target) => [...state.rejected(key, target)]);
  return rejected.some((ids) => ids.length > 0) ? { session, photo, targets, rejected } : undefined;
}

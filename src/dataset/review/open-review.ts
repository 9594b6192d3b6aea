/** Opening a journal for review. */
import { resolve } from "node:path";
import { type ReadRun, readRun } from "../run/report-run.ts";
import type { ReviewedRegion, RunReview } from "./review.ts";

/**
 * Opens the journal of a run for review; it may also be one that has not ended.
 *
 * @param journal path
 * @throws {InputError} when it is missing, damaged or of another version
 */
export function openReview(journal: string): RunReview {
  const run = readRun(journal);
  const { root, out } = run.header;
  const records = [...run.photos.values()];
  return {
    ...{ journal: resolve(journal), root, out },
    ...(run.ended === undefined ? {} : { ended: run.ended }),
    photos: records.map(({ key, targets }) => ({
      key,
      photo: resolve(root, key),
      files: targets.map(({ path }) => resolve(root, path)),
    })),
    regions: reviewedRegions(run).sort((a, b) => b.doubt - a.doubt),
    failures: [...records.flatMap(({ failures }) => failures), ...run.failed],
  };
}

function reviewedRegions({ photos, decisions }: ReadRun): ReviewedRegion[] {
  return [...photos.values()].flatMap(({ key, regions }) =>
    regions.map((region) => {
      const decision = decisions.of(key, region.target).get(region.id);
      return { key, ...region, ...(decision === undefined ? {} : { decision }) };
    }),
  );
}

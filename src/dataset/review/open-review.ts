/** Opening a journal for review. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { resolveSettings } from "../../core/settings.ts";
import type { HeaderRecord, SessionFields, TargetStamp } from "../run/journal/records.ts";
import { originalPath } from "../run/originals.ts";
import { type ReadRun, readRun } from "../run/report-run.ts";
import type { RecordedAdaptor } from "../run/run-options.ts";
import type { ReviewedMethod, ReviewedRegion, RunReview } from "./review.ts";

/**
 * Opens the journal of a run for review; it may also be one that has not ended.
 *
 * @param journal path
 * @throws {InputError} when it is missing, damaged or of another version
 */
export function openReview(journal: string): RunReview {
  const run = readRun(journal);
  const { root, out, created } = run.header;
  const path = resolve(journal);
  const original = originalOf(path, run.header);
  const records = [...run.photos.values()];
  return {
    ...{ journal: path, root, out, created },
    ...(run.ended === undefined ? {} : { ended: run.ended }),
    method: methodOf(run.session),
    photos: records.map(({ key, targets }) => ({
      key,
      photo: resolve(root, key),
      files: targets.map((target) => resolve(root, target.path)),
      originals: targets.map(original),
    })),
    regions: reviewedRegions(run).sort((a, b) => b.doubt - a.doubt),
    failures: [...records.flatMap(({ failures }) => failures), ...run.failed],
  };
}

/** The journal has it under the names that a run takes it by, every switch decided. */
function methodOf({ options }: SessionFields): ReviewedMethod {
  const { preset, settings, mode } = options as unknown as ReviewedMethod;
  const adaptor = options["adaptor"] as RecordedAdaptor | undefined;
  const usual: Record<string, unknown> = { ...resolveSettings(preset, {}, adaptor !== undefined) };
  const changed = Object.entries(settings).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name]),
  );
  const path = adaptor?.path;
  return {
    ...{ preset, settings: Object.fromEntries(changed), mode },
    ...(path === undefined ? {} : { adaptor: path }),
  };
}

function originalOf(journal: string, { root, out }: HeaderRecord): (target: TargetStamp) => string {
  return ({ path, sha256 }) => {
    const stored = originalPath(journal, sha256);
    return out === null && existsSync(stored) ? stored : resolve(root, path);
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

/** A review as the tree shows it: regions filtered, sorted, grouped and counted. Knows nothing of VS Code. */
import type { RegionName, ReviewRegion, ReviewView } from "../../protocol/engine.ts";

/** A verdict of the run. */
export type Verdict = ReviewRegion["verdict"];

/** All of them, as they are listed. */
export const verdicts: readonly Verdict[] = ["refined", "kept", "unchanged", "failed"];

/** Which regions are shown. */
export interface ReviewFilter {
  /** None are all. */
  readonly verdicts: readonly Verdict[];
  readonly undecided: boolean;
  /** Part of a label; case does not count. */
  readonly label: string;
}

/** Shows everything. */
export const NO_FILTER: ReviewFilter = { verdicts: [], undecided: false, label: "" };

/** Counts of regions. */
export interface ReviewCounts {
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly accepted: number;
  readonly rejected: number;
  /** Refined regions that nobody has decided about. */
  readonly open: number;
}

/** A photo with those of its regions that are shown, the most doubtful first. */
export interface PhotoGroup {
  readonly key: string;
  readonly doubt: number;
  readonly regions: readonly ReviewRegion[];
}

/** One name for a region, within a run. */
export function regionId({ key, target, id }: RegionName): string {
  return JSON.stringify([key, target, id]);
}

/** Whether a filter lets everything through. */
export function isOpen({ verdicts: wanted, undecided, label }: ReviewFilter): boolean {
  return wanted.length === 0 && !undecided && label === "";
}

/** The regions that a filter lets through, the most doubtful first. */
export function shownRegions({ regions }: Pick<ReviewView, "regions">, filter: ReviewFilter): ReviewRegion[] {
  const text = filter.label.toLowerCase();
  return regions
    .filter(
      ({ verdict, decision, label }) =>
        (filter.verdicts.length === 0 || filter.verdicts.includes(verdict)) &&
        (!filter.undecided || decision === undefined) &&
        label.toLowerCase().includes(text),
    )
    .sort((a, b) => b.doubt - a.doubt);
}

/** Regions by photo; the photo with the most doubtful region first. */
export function groupByPhoto(regions: readonly ReviewRegion[]): PhotoGroup[] {
  const groups = new Map<string, ReviewRegion[]>();
  for (const region of regions) groups.set(region.key, [...(groups.get(region.key) ?? []), region]);
  return [...groups]
    .map(([key, own]) => ({ key, doubt: own[0]?.doubt ?? 0, regions: own }))
    .sort((a, b) => b.doubt - a.doubt);
}

/** Counts verdicts and decisions. */
export function countRegions({ regions }: Pick<ReviewView, "regions">): ReviewCounts {
  const counts = { refined: 0, kept: 0, unchanged: 0, failed: 0 };
  for (const { verdict } of regions) counts[verdict]++;
  const decided = (wanted: ReviewRegion["decision"]): number =>
    regions.filter(({ decision }) => decision === wanted).length;
  const open = regions.filter(
    ({ verdict, decision }) => verdict === "refined" && decision === undefined,
  ).length;
  return { verdicts: counts, accepted: decided("accepted"), rejected: decided("rejected"), open };
}

/** The view with decisions taken in. */
export function withDecisions(
  view: ReviewView,
  decisions: readonly (RegionName & { readonly decision: "accepted" | "rejected" | null })[],
): ReviewView {
  const changes = new Map(decisions.map((one) => [regionId(one), one.decision]));
  const regions = view.regions.map((region) => {
    const decision = changes.get(regionId(region));
    if (decision === undefined) return region;
    const { decision: _, ...undecided } = region;
    return decision === null ? undecided : { ...undecided, decision };
  });
  return { ...view, regions };
}

/**
 * The region to go to from another, in the order given; round at the ends.
 *
 * @param current id of the region to start from; absent or not shown starts at an end
 */
export function stepFrom(
  regions: readonly ReviewRegion[],
  current: string | undefined,
  by: 1 | -1,
): ReviewRegion | undefined {
  if (regions.length === 0) return undefined;
  const at = regions.findIndex((region) => regionId(region) === current);
  if (at < 0) return by === 1 ? regions[0] : regions.at(-1);
  return regions[(at + by + regions.length) % regions.length];
}

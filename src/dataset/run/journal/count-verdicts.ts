/** How many regions came to which verdict. */
import type { RegionReport, RunTotals } from "./records.ts";

/** A count for every verdict. */
export type VerdictCounts = RunTotals["regions"];

/** Counts the verdicts of regions. */
export function countVerdicts(regions: readonly Pick<RegionReport, "verdict">[]): VerdictCounts {
  const counts = { refined: 0, kept: 0, unchanged: 0, failed: 0 };
  for (const { verdict } of regions) counts[verdict]++;
  return counts;
}

/** The counts of several groups together. */
export function sumVerdicts(groups: Iterable<VerdictCounts>): VerdictCounts {
  const sum = { refined: 0, kept: 0, unchanged: 0, failed: 0 };
  for (const counts of groups) {
    for (const verdict of ["refined", "kept", "unchanged", "failed"] as const)
      sum[verdict] += counts[verdict];
  }
  return sum;
}

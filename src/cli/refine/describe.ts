/** A refined mask in one line. */
import type { RefinedMask, Region } from "../../sdk/mod.ts";
import { whole } from "../units.ts";

/** `refined, +9,301 −11,192 pixels, IoU with coarse 0.790`. */
export function describeMask(mask: RefinedMask, regions: readonly Region[]): string {
  const verdict = verdicts(regions);
  if (mask.unchanged) return verdict;
  const refined = regions.filter((region) => region.verdict === "refined");
  const agreement = refined.reduce((sum, { coarseIoU }) => sum + coarseIoU, 0) / refined.length;
  const mean = refined.length === 1 ? "IoU" : "mean IoU";
  return `${verdict}, ${changes(mask)} pixels, ${mean} with coarse ${agreement.toFixed(3)}`;
}

/** `refined`, `kept (no candidate …)`, `3 refined, 1 kept`. */
function verdicts(regions: readonly Region[]): string {
  const [first] = regions;
  if (regions.length === 1 && first !== undefined)
    return first.reason === undefined ? first.verdict : `${first.verdict} (${first.reason})`;
  return (["refined", "kept", "unchanged"] as const)
    .map((verdict) => ({ verdict, count: regions.filter((region) => region.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict}`)
    .join(", ");
}

function changes(mask: RefinedMask): string {
  const { added, removed, relabelled } = mask.changes();
  const moved = relabelled === 0 ? "" : ` ↔${whole(relabelled)}`;
  return `+${whole(added)} −${whole(removed)}${moved}`;
}

/** What the review says of regions, photos and runs. */
import { basename } from "node:path";
import type { ReviewRegion, ReviewView } from "../../protocol/engine.ts";
import type { Translate } from "../translate.ts";
import {
  type PhotoGroup,
  type ReviewCounts,
  type ReviewFilter,
  type Verdict,
  verdicts,
} from "./review-model.ts";

/** For example `cat (17)`; the id alone where a mask's label says the same. */
export function regionLabel({ label, id }: Pick<ReviewRegion, "label" | "id">): string {
  const short = id.split("/").at(-1) ?? id;
  return label === id || label === "" ? id : `${label} (${id.startsWith(`${label}/`) ? short : id})`;
}

/** For example `refined · doubt 0.42 · coarse IoU 0.91 · predicted IoU 0.88`. */
export function regionDescription(region: ReviewRegion, t: Translate): string {
  const { verdict, doubt, coarseIoU, predictedIoU } = region;
  const parts = [
    verdictText(verdict, t),
    t("doubt {0}", doubt.toFixed(2)),
    t("coarse IoU {0}", coarseIoU.toFixed(2)),
  ];
  if (predictedIoU !== undefined) parts.push(t("predicted IoU {0}", predictedIoU.toFixed(2)));
  return parts.join(" · ");
}

/** What a screen reader says and a pointer shows: everything, in words. */
export function regionTooltip(region: ReviewRegion, file: string, t: Translate): string {
  const { key, reason, decision } = region;
  const lines = [`${key}: ${regionLabel(region)}`, regionDescription(region, t), file];
  if (reason !== undefined) lines.push(reason);
  lines.push(decisionText(decision, t));
  return lines.join("\n");
}

/** A verdict in words. */
export function verdictText(verdict: Verdict, t: Translate): string {
  switch (verdict) {
    case "refined":
      return t("refined");
    case "kept":
      return t("kept");
    case "unchanged":
      return t("unchanged");
    case "failed":
      return t("failed");
  }
}

/** A decision in words. */
export function decisionText(decision: ReviewRegion["decision"], t: Translate): string {
  if (decision === undefined) return t("not decided");
  return decision === "accepted" ? t("accepted") : t("rejected");
}

/** For example `12 regions, doubt 0.42`. */
export function photoDescription({ regions, doubt }: PhotoGroup, t: Translate): string {
  const counted = regions.length === 1 ? t("1 region") : t("{0} regions", regions.length);
  return t("{0}, doubt {1}", counted, doubt.toFixed(2));
}

/** For example `in place`, or the folder of the results. */
export function runDescription(
  view: Pick<ReviewView, "out" | "ended">,
  where: (path: string) => string,
  t: Translate,
): string {
  const place = view.out === null ? t("in place") : `→ ${where(view.out)}`;
  return view.ended === undefined ? t("{0}, not finished", place) : place;
}

/** A run's name: its dataset's. */
export function runLabel({ root }: Pick<ReviewView, "root">): string {
  return basename(root) || root;
}

/** For example `60 regions: 52 refined, 5 kept, 3 unchanged · 10 accepted, 3 rejected`. */
export function countsText({ verdicts: counts, accepted, rejected }: ReviewCounts, t: Translate): string {
  const total = verdicts.reduce((sum, verdict) => sum + counts[verdict], 0);
  const parts = verdicts.filter((verdict) => counts[verdict] > 0);
  const listed = parts.map((verdict) => `${counts[verdict]} ${verdictText(verdict, t)}`).join(", ");
  const decided = t("{0} accepted, {1} rejected", accepted, rejected);
  return `${t("{0} regions: {1}", total, listed)} · ${decided}`;
}

/** For example `Filter: failed, not decided, "cat"`. */
export function filterText(
  { verdicts: wanted, undecided, label }: ReviewFilter,
  shown: number,
  t: Translate,
): string {
  const parts = wanted.map((verdict) => verdictText(verdict, t));
  if (undecided) parts.push(t("not decided"));
  if (label !== "") parts.push(`"${label}"`);
  return t("Filter: {0} ({1} shown)", parts.join(", "), shown);
}

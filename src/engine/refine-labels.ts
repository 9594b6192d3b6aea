/** Refinement of a whole mask file's values: regions out, refined, pasted back. */
import { type LabelMap, type Mask, maskArea, maskBox, type Box } from "../core/mask.ts";
import { type Claim, keptClaim, pasteBack } from "../core/paste-back.ts";
import type { MaskMode, MethodSettings } from "../core/settings.ts";
import { splitClass } from "../core/split-then-merge.ts";
import { type CascadeResult, positiveMask } from "./cascade.ts";

/** One region to refine. */
export interface RegionTask {
  /** Value in the map. */
  readonly label: number;
  readonly mask: Mask;
  readonly box: Box;
  readonly area: number;
}

/** A label map cut into regions. */
export interface LabelPlan {
  readonly tasks: readonly RegionTask[];
  /** Parts that are too small to refine: they keep their pixels. */
  readonly rest: readonly { readonly label: number; readonly mask: Mask }[];
}

/**
 * Cuts the values of a mask file into regions: one per value for instances, split classes for semantic maps.
 * Background (0) and the ignore label are no regions.
 */
export function planLabels(map: LabelMap, mode: MaskMode, settings: MethodSettings, ignoreLabel: number | undefined): LabelPlan {
  const tasks: RegionTask[] = [];
  const rest: { label: number; mask: Mask }[] = [];
  for (const label of presentLabels(map, ignoreLabel)) {
    const mask = labelMask(map, label);
    const split = mode === "semantic" ? splitClass(mask, settings) : { regions: [mask], rest: undefined };
    for (const region of split.regions) tasks.push({ label, mask: region, box: maskBox(region)!, area: maskArea(region) });
    if (split.rest !== undefined) rest.push({ label, mask: split.rest });
  }
  return { tasks, rest };
}

/**
 * The refined values: each pixel takes the label of the highest positive logit; kept regions claim their own
 * pixels; ignored pixels stay.
 *
 * @param results one per task of the plan
 */
export function pasteResults<T extends Uint8Array | Uint16Array>(
  source: T,
  size: { readonly width: number; readonly height: number },
  plan: LabelPlan,
  results: readonly CascadeResult[],
  ignoreLabel: number | undefined,
): T {
  if (results.every(({ logits }) => logits === undefined)) return source;
  const only = plan.tasks[0];
  if (plan.tasks.length === 1 && plan.rest.length === 0 && ignoreLabel === undefined && only !== undefined) {
    return single(source, size, only.label, results[0]!);
  }
  const claims: Claim[] = plan.tasks.map(({ label, mask }, i) => {
    const logits = results[i]!.logits;
    return logits === undefined ? keptClaim(label, mask) : { label, logits };
  });
  for (const { label, mask } of plan.rest) claims.push(keptClaim(label, mask));
  const targets = new Set(claims.map(({ label }) => label));
  return pasteBack(source, size.width, claims, targets, ignoreLabel);
}

function single<T extends Uint8Array | Uint16Array>(
  source: T,
  size: { readonly width: number; readonly height: number },
  label: number,
  result: CascadeResult,
): T {
  const mask = positiveMask(result.logits!, size);
  return source.map((_, i) => mask.data[i]! * label) as T;
}

/** The labels in a map, ascending, without background and the ignore label. */
function presentLabels({ data }: LabelMap, ignoreLabel: number | undefined): number[] {
  const seen = new Uint8Array(2 ** 16);
  for (let i = 0; i < data.length; i++) seen[data[i]!] = 1;
  const labels: number[] = [];
  for (let label = 1; label < seen.length; label++) if (seen[label] === 1 && label !== ignoreLabel) labels.push(label);
  return labels;
}

function labelMask({ width, height, data }: LabelMap, label: number): Mask {
  return { width, height, data: Uint8Array.from(data, (v) => (v === label ? 1 : 0)) };
}

/** Refinement of a whole mask file's values: regions out, refined, pasted back. */
import { type Box, isBinary, type LabelMap, type Mask, maskArea, maskBox } from "../core/mask.ts";
import { type Claim, keptClaim, pasteBack } from "../core/paste-back.ts";
import type { MaskMode, MethodSettings } from "../core/settings.ts";
import { splitClass } from "../core/split-then-merge.ts";
import type { CascadeResult, RefinedWindow } from "./cascade.ts";

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
  readonly rest: readonly { readonly label: number; readonly mask: Mask; readonly box: Box }[];
}

/** The regions of one label. */
export interface LabelParts {
  readonly tasks: readonly RegionTask[];
  readonly rest: LabelPlan["rest"][number] | undefined;
}

/**
 * Cuts the values of a mask file into regions: one per value for instances, split classes for semantic maps.
 * Background (0) and the ignore label are no regions.
 */
export function planLabels(
  map: LabelMap,
  mode: MaskMode,
  settings: MethodSettings,
  ignoreLabel: number | undefined,
): LabelPlan {
  const parts = [...partsOfLabels(map, mode, settings, ignoreLabel)];
  return {
    tasks: parts.flatMap(({ tasks }) => tasks),
    rest: parts.flatMap(({ rest }) => rest ?? []),
  };
}

/** As {@link planLabels}, a label at a time: all regions of a large map at once take a photo's size of memory each. */
export function* partsOfLabels(
  map: LabelMap,
  mode: MaskMode,
  settings: MethodSettings,
  ignoreLabel: number | undefined,
): Generator<LabelParts, void> {
  for (const label of presentLabels(map, ignoreLabel)) {
    const mask = labelMask(map, label);
    const split = mode === "semantic" ? splitClass(mask, settings) : { regions: [mask], rest: undefined };
    const placed = (part: Mask): { label: number; mask: Mask; box: Box } => ({
      label,
      mask: part,
      box: maskBox(part)!,
    });
    yield {
      tasks: split.regions.map((region) => ({ ...placed(region), area: maskArea(region) })),
      rest: split.rest && placed(split.rest),
    };
  }
}

/**
 * The refined values: each pixel takes the label of the highest positive logit; kept regions claim their own
 * pixels; ignored pixels stay. The source itself when nothing was refined.
 *
 * @param results one per task of the plan
 * @param owners takes, for every pixel that a task won over others, its index in the plan; those of the rest follow
 */
export function pasteResults(
  map: LabelMap,
  plan: LabelPlan,
  results: readonly CascadeResult[],
  ignoreLabel: number | undefined,
  owners?: Int32Array,
): LabelMap["data"] {
  if (results.every(({ refined }) => refined === undefined)) return map.data;
  if (standsAlone(plan, ignoreLabel)) {
    owners?.fill(0);
    return replaced(map, plan.tasks[0]!.label, results[0]!.refined!);
  }
  const claims: Claim[] = plan.tasks.map(({ label, mask, box }, i) => {
    const { refined } = results[i]!;
    if (refined === undefined) return keptClaim(label, mask, box);
    const { logits, mask: _, ...window } = refined;
    return { label, logits: { ...window, data: logits! } };
  });
  for (const { label, mask, box } of plan.rest) claims.push(keptClaim(label, mask, box));
  const targets = new Set(claims.map(({ label }) => label));
  return pasteBack(map.data, map.width, claims, targets, ignoreLabel, owners);
}

/** Whether one region is all there is: then it needs no contest by logits. */
export function standsAlone(plan: LabelPlan, ignoreLabel: number | undefined): boolean {
  return plan.tasks.length === 1 && plan.rest.length === 0 && ignoreLabel === undefined;
}

function replaced(
  { width, data }: LabelMap,
  label: number,
  { x0, y0, x1, y1, mask }: RefinedWindow,
): LabelMap["data"] {
  const out = data instanceof Uint8Array ? new Uint8Array(data.length) : new Uint16Array(data.length);
  const columns = x1 - x0;
  for (let y = y0; y < y1; y++) {
    const row = mask.subarray((y - y0) * columns, (y - y0 + 1) * columns);
    if (label === 1) out.set(row, y * width + x0);
    else putLabel(out, y * width + x0, row, label);
  }
  return out;
}

function putLabel(out: LabelMap["data"], to: number, row: Uint8Array, label: number): void {
  for (let i = 0; i < row.length; i++) if (row[i] === 1) out[to + i] = label;
}

/** The labels in a map, ascending, without background and the ignore label. */
function presentLabels({ data }: LabelMap, ignoreLabel: number | undefined): number[] {
  if (data instanceof Uint8Array && isBinary(data)) return data.includes(1) && ignoreLabel !== 1 ? [1] : [];
  const seen = new Uint8Array(2 ** 16);
  for (let i = 0; i < data.length; i++) seen[data[i]!] = 1;
  const labels: number[] = [];
  for (let label = 1; label < seen.length; label++)
    if (seen[label] === 1 && label !== ignoreLabel) labels.push(label);
  return labels;
}

function labelMask({ width, height, data }: LabelMap, label: number): Mask {
  // A binary mask is its own only label: many of them need no second copy each.
  if (label === 1 && data instanceof Uint8Array && isBinary(data)) return { width, height, data };
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) if (data[i] === label) mask[i] = 1;
  return { width, height, data: mask };
}

/** One photo with its mask files: every region of every map through the engine, results pasted back. */
import type { IoUAdaptor } from "../core/adaption/iou-adaptor.ts";
import { type Box, type LabelMap, maskArea } from "../core/mask.ts";
import type { Window } from "../core/resample.ts";
import type { MaskMode, MethodSettings } from "../core/settings.ts";
import type { CascadeIteration, CascadeResult, EncodedPhoto, Verdict } from "./cascade.ts";
import type { CascadeRun } from "./drive-cascades.ts";
import type { Engine } from "./engine.ts";
import { type PixelMoves, pixelMoves } from "./pixel-moves.ts";
import { type LabelPlan, pasteResults, planLabels, standsAlone } from "./refine-labels.ts";
import type { Workload } from "./schedule.ts";

/** One map to refine. */
export interface MapTask {
  readonly map: LabelMap;
  readonly mode: MaskMode;
  readonly settings: MethodSettings;
  readonly ignoreLabel: number | undefined;
  /** Takes part in the choice of candidates, see {@link CascadeTask.adaptor}. */
  readonly adaptor?: IoUAdaptor | undefined;
  /** Whether to tell what became of its pixels. @default false */
  readonly moves?: boolean;
}

/** What was done to one region: a connected part of a class, or an instance. */
export interface Region {
  /** Index of the map. */
  readonly maskIndex: number;
  /** Value in the map. */
  readonly label: number;
  /** Tight box of the coarse region, both ends inclusive. */
  readonly box: Box;
  /** Pixels before and after. */
  readonly area: number;
  /** Pixels after. */
  readonly refinedArea: number;
  /** Whether it was refined, kept as it was, or had nothing to refine. */
  readonly verdict: Verdict;
  /** Why it was kept or unchanged. */
  readonly reason?: string;
  /** SAM's estimate for the last accepted candidate, about 0..1. */
  readonly predictedIoU?: number;
  /** IoU of the refined region with the coarse one, 0..1. */
  readonly coarseIoU: number;
  /** Boundary contrast of the coarse region, with the gate. */
  readonly coarseContrast?: number;
  /** What each decode of the photo's embedding did. */
  readonly iterations: readonly CascadeIteration[];
  /** The part of the photo that was encoded again for the last look; absent where that was not done, or changed nothing. */
  readonly crop?: Window;
}

/** A refined photo. */
export interface PhotoOutcome {
  /** Values of each map; the map's own array where nothing changed. */
  readonly values: readonly LabelMap["data"][];
  readonly regions: readonly Region[];
  /** For each map that asked for it: what became of its pixels, by the region's place among those of the map. */
  readonly moves: readonly (PixelMoves | undefined)[];
  readonly run: Omit<CascadeRun, "results">;
}

/** Options of {@link refinePhoto}. */
export interface RefinePhotoOptions {
  readonly explain: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onRegion?: (done: number, total: number) => void;
  /** @default "alone" */
  readonly workload?: Workload;
}

/** A photo whose embedding may be on its way. */
export interface PhotoToRefine {
  readonly photo: EncodedPhoto["photo"];
  readonly embedding: Float32Array | Promise<Float32Array>;
}

/** Refines all maps of one photo; all their regions share its embedding, and are cut out while it is worked out. */
export async function refinePhoto(
  engine: Pick<Engine, "refine">,
  { photo, embedding }: PhotoToRefine,
  tasks: readonly MapTask[],
  options: RefinePhotoOptions,
): Promise<PhotoOutcome> {
  const plans = tasks.map(({ map, mode, settings, ignoreLabel }) =>
    planLabels(map, mode, settings, ignoreLabel),
  );
  const cascades = plans.flatMap((plan, i) =>
    plan.tasks.map(({ mask }) => ({
      mask,
      settings: regionSettings(tasks[i]!.mode, tasks[i]!.settings),
      adaptor: tasks[i]!.adaptor,
      explain: options.explain,
      logits: !standsAlone(plan, tasks[i]!.ignoreLabel),
    })),
  );
  const encoded = { photo, embedding: await embedding };
  let done = 0;
  const onRegion = (): void => options.onRegion?.(++done, cascades.length);
  const { results, ...run } = await engine.refine(
    encoded,
    cascades,
    onRegion,
    options.signal,
    options.workload,
  );
  let next = 0;
  const values: LabelMap["data"][] = [];
  const regions: Region[] = [];
  const moves: PhotoOutcome["moves"][number][] = [];
  plans.forEach((plan, i) => {
    const { map, ignoreLabel, moves: wanted = false } = tasks[i]!;
    const own = results.slice(next, next + plan.tasks.length);
    next += plan.tasks.length;
    const owners = wanted ? new Int32Array(map.data.length) : undefined;
    const pasted = pasteResults(map, plan, own, ignoreLabel, owners);
    values.push(pasted);
    moves.push(owners && pixelMoves(map, pasted, plan, owners));
    regions.push(...describe(plan, own, i, map));
  });
  return { values, regions, moves, run };
}

/** The settings of a map's regions: what is for instances alone is off for the parts of classes. */
export function regionSettings(mode: MaskMode, settings: MethodSettings): MethodSettings {
  if (mode !== "semantic") return settings;
  const { growth, crops } = settings;
  const forParts = (value: typeof growth): typeof growth => (value === "instances" ? "none" : value);
  return { ...settings, growth: forParts(growth), crops: forParts(crops) };
}

/** The regions of one map; a map without any region is reported as one that is empty. */
function describe(
  plan: LabelPlan,
  results: readonly CascadeResult[],
  maskIndex: number,
  map: LabelMap,
): Region[] {
  if (plan.tasks.length === 0) return [emptyRegion(plan, maskIndex, map)];
  return plan.tasks.map(({ label, box, area }, i) => {
    const { refined: _, ...result } = results[i]!;
    return { maskIndex, label, box, area, ...result };
  });
}

/** Why a map has no region to refine. */
export function whyNoRegions(smallParts: number): string {
  return smallParts === 0 ? "the mask is empty" : "every part is too small to refine";
}

function emptyRegion(plan: LabelPlan, maskIndex: number, { width, height }: LabelMap): Region {
  const reason = whyNoRegions(plan.rest.length);
  const area = plan.rest.reduce((sum, { mask }) => sum + maskArea(mask), 0);
  const box: Box = [0, 0, width - 1, height - 1];
  return {
    maskIndex,
    label: 0,
    box,
    area,
    refinedArea: area,
    verdict: "unchanged",
    reason,
    coarseIoU: 1,
    iterations: [],
  };
}

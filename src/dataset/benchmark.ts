/** Quality against ground truth: every entry refined and scored, grouped by kind and source. */
import type { LabelMap, Mask } from "../core/mask.ts";
import { type LabelOverlap, labelOverlaps, meanOverLabels } from "../core/metrics/label-overlaps.ts";
import { maskIoU } from "../core/metrics/mask-iou.ts";
import type { TokenScore } from "../core/selection.ts";
import { type MaskMode, type MethodSettings, type PresetName, resolveSettings } from "../core/settings.ts";
import { encodeFor } from "../engine/baselines/encode-for.ts";
import type { Engine } from "../engine/engine.ts";
import { type MapTask, type Region, refinePhoto } from "../engine/refine-photo.ts";
import { type AdaptorInput, adaptorFor } from "./adapt/load-adaptor.ts";
import {
  type BenchmarkData,
  type BenchmarkItem,
  type BenchmarkKind,
  benchmarkKinds,
} from "./benchmarks/benchmark-data.ts";
import { openBenchmark } from "./benchmarks/open-benchmark.ts";
import { PooledOverlaps, type PooledScores } from "./benchmarks/pooled-overlaps.ts";
import type { LoadedMask } from "./load-mask.ts";
import { loadPhoto } from "./load-photo.ts";

/** Options of a benchmark. */
export interface BenchmarkOptions {
  /** The method's settings by name. @default "default" */
  readonly preset?: PresetName;
  /** Changes to single switches of the preset. @default {} */
  readonly settings?: Partial<MethodSettings>;
  /** IoU adaptor: path, name in the user's folder of adaptors, or what `adapt` gave. It takes part in the choice of masks. */
  readonly adaptor?: AdaptorInput;
  /** Only so many entries. @default all */
  readonly limit?: number;
  /** Only entries of these kinds. @default all */
  readonly kinds?: readonly BenchmarkKind[];
  /**
   * Also judge all masks of an entry's last decode, see {@link BenchmarkResult.candidates}.
   *
   * @default false
   */
  readonly candidates?: boolean;
  /** Stops the call; it then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after each entry. */
  readonly onEntry?: (entry: BenchmarkResult, done: number, total: number) => void;
}

/** Scores of one entry, fractions of 1; semantic entries: mean over the classes in the ground truth. */
export interface BenchmarkResult {
  /** Name of the entry. */
  readonly id: string;
  /** What the masks hold. */
  readonly kind: BenchmarkKind;
  /** In a manifest the id up to its first `_`; in a data set what it is made of. */
  readonly source: string;
  /** IoU of coarse mask and ground truth, 0..1. */
  readonly coarseIoU: number;
  /** IoU of refined mask and ground truth, 0..1. */
  readonly refinedIoU: number;
  /** Boundary IoU of coarse mask and ground truth, 0..1. */
  readonly coarseBoundaryIoU: number;
  /** Boundary IoU of refined mask and ground truth, 0..1. */
  readonly refinedBoundaryIoU: number;
  /** Whether the IoU fell by more than one point. */
  readonly worse: boolean;
  /** What became of each region. */
  readonly regions: readonly Pick<Region, "label" | "verdict" | "coarseIoU">[];
  /** The masks that SAM gave in the last decode, where they were asked for and there is one region. */
  readonly candidates?: readonly JudgedCandidate[];
}

/** A mask of a decode. */
export interface JudgedCandidate extends TokenScore {
  /** Whether it was selected. */
  readonly chosen: boolean;
  /** IoU with the ground truth, 0..1. */
  readonly truthIoU: number;
}

/** Means over a group of entries, fractions of 1; `worse` is a share of the entries. */
export interface BenchmarkGroup {
  /** Entries. */
  readonly entries: number;
  /** IoU of coarse mask and ground truth, 0..1. */
  readonly coarseIoU: number;
  /** IoU of refined mask and ground truth, 0..1. */
  readonly refinedIoU: number;
  /** Boundary IoU of coarse mask and ground truth, 0..1. */
  readonly coarseBoundaryIoU: number;
  /** Boundary IoU of refined mask and ground truth, 0..1. */
  readonly refinedBoundaryIoU: number;
  /** Entries that are worse after the refinement than before. */
  readonly worse: number;
}

/** What a benchmark cost. */
export interface BenchmarkCost {
  /** Runs of the encoder; 0 where the cache had the embedding. */
  readonly encoderRuns: number;
  /** Runs of the decoder. */
  readonly decoderRuns: number;
  /** Milliseconds in all, per stage. */
  readonly encodeMs: number;
  /** Milliseconds inside the decoder. */
  readonly decodeMs: number;
  /** Milliseconds of the method around it. */
  readonly methodMs: number;
  /** Milliseconds in all. */
  readonly totalMs: number;
}

/** Results of a benchmark. */
export interface BenchmarkReport {
  /** Entries. */
  readonly entries: readonly BenchmarkResult[];
  /** Keyed `all`, by kind (`instance`), and by kind and source (`instance/davis`). */
  readonly groups: Readonly<Record<string, BenchmarkGroup>>;
  /** Mean IoU over classes and semantic entries before and after; absent without semantic entries. */
  readonly mIoU?: { readonly coarse: number; readonly refined: number };
  /** Scores over all pixels of a data set, as it is measured in publications; absent for manifests. */
  readonly pooled?: { readonly coarse: PooledScores; readonly refined: PooledScores };
  /** What could not be used, one sentence each. */
  readonly problems: readonly string[];
  /** What it took. */
  readonly cost: BenchmarkCost;
}

/** A fall of IoU by more than this counts as worse. */
const WORSE_BY = 0.01;

/**
 * Runs a benchmark.
 *
 * @throws {InputError} when the manifest, the data set, a file of it or the adaptor is missing or broken
 * @throws {ModelError} when the adaptor was trained on another model
 */
export async function runBenchmark(
  engine: Engine,
  source: string | URL | BenchmarkData,
  options: BenchmarkOptions,
  pixelLimit: number,
): Promise<BenchmarkReport> {
  const { items, problems, pooled } = await openBenchmark(source);
  const adaptor = await adaptorFor(options, engine);
  const kinds = options.kinds ?? benchmarkKinds;
  const chosen = items.filter(({ kind }) => kinds.includes(kind)).slice(0, options.limit);
  const started = performance.now();
  const cost = { encoderRuns: 0, decoderRuns: 0, encodeMs: 0, decodeMs: 0, methodMs: 0 };
  const entries: BenchmarkResult[] = [];
  const sums = { coarse: new PooledOverlaps(), refined: new PooledOverlaps() };
  for (const item of chosen) {
    options.signal?.throwIfAborted();
    const refined = await refineItem(
      engine,
      item,
      { ...options, adaptor: adaptor?.weights },
      pixelLimit,
      cost,
    );
    const scored = scoreItem(item, refined, pooled?.background ?? false);
    sums.coarse.add(scored.before);
    sums.refined.add(scored.after);
    entries.push(scored.result);
    options.onEntry?.(scored.result, entries.length, chosen.length);
  }
  const groups = groupResults(entries);
  const { semantic } = groups;
  return {
    entries,
    groups,
    ...(semantic === undefined ? {} : { mIoU: { coarse: semantic.coarseIoU, refined: semantic.refinedIoU } }),
    ...(pooled === undefined
      ? {}
      : { pooled: { coarse: sums.coarse.scores(), refined: sums.refined.scores() } }),
    problems,
    cost: { ...cost, totalMs: performance.now() - started },
  };
}

type Counter = { -readonly [K in keyof Omit<BenchmarkCost, "totalMs">]: BenchmarkCost[K] };

/** An entry before and after. */
interface RefinedItem {
  readonly coarse: LabelMap;
  readonly refined: LabelMap;
  readonly truth: LoadedMask;
  readonly regions: readonly Region[];
}

async function refineItem(
  engine: Engine,
  item: BenchmarkItem,
  options: Omit<BenchmarkOptions, "adaptor"> & Pick<MapTask, "adaptor">,
  pixelLimit: number,
  cost: Counter,
): Promise<RefinedItem> {
  const read = await item.readMasks(pixelLimit, options.signal);
  const loaded = await loadPhoto(item.image, [read.coarse, read.truth], pixelLimit, options.signal);
  const [coarse, truth] = loaded.masks as [LoadedMask, LoadedMask];
  const mode: MaskMode = item.kind === "semantic" ? "semantic" : "instance";
  const { preset = "default", adaptor } = options;
  const settings = resolveSettings(preset, options.settings, adaptor !== undefined);
  const before = performance.now();
  const task = { map: coarse.map, mode, settings, adaptor, ignoreLabel: coarse.ignoreLabel };
  const { embedding, encoderRuns } = await encodeFor(engine, loaded.photo, loaded.identity, [task]);
  cost.encodeMs += performance.now() - before;
  cost.encoderRuns += encoderRuns;
  const { values, regions, run } = await refinePhoto(engine, { photo: loaded.photo, embedding }, [task], {
    explain: options.candidates === true,
    signal: options.signal,
  });
  cost.encoderRuns += run.encoderRuns;
  cost.encodeMs += run.encodeMs;
  cost.decoderRuns += run.decoderRuns;
  cost.decodeMs += run.decodeMs;
  cost.methodMs += run.methodMs;
  return { coarse: coarse.map, refined: { ...coarse.map, data: values[0]! }, truth, regions };
}

/** @param background whether 0 is a class of the data set's own measure */
function scoreItem(
  { id, kind, source }: BenchmarkItem,
  { coarse, refined, truth, regions }: RefinedItem,
  background: boolean,
): { result: BenchmarkResult; before: LabelOverlap[]; after: LabelOverlap[] } {
  const overlaps = (map: LabelMap): LabelOverlap[] =>
    labelOverlaps(map, truth.map, { ignoreLabel: truth.ignoreLabel, background });
  const score = (list: readonly LabelOverlap[]): ReturnType<typeof meanOverLabels> =>
    meanOverLabels(list.filter(({ label }) => label !== 0));
  const [before, after] = [overlaps(coarse), overlaps(refined)];
  const [was, is] = [score(before), score(after)];
  const candidates = judgeCandidates(regions, truth.map);
  const result: BenchmarkResult = {
    ...{ id, kind, source },
    coarseIoU: was.iou,
    refinedIoU: is.iou,
    coarseBoundaryIoU: was.boundary,
    refinedBoundaryIoU: is.boundary,
    worse: is.iou < was.iou - WORSE_BY,
    regions: regions.map(({ label, verdict, coarseIoU }) => ({ label, verdict, coarseIoU })),
    ...(candidates === undefined ? {} : { candidates }),
  };
  return { result, before, after };
}

/** The masks of the last decode against the ground truth; `undefined` where there are none to look at. */
function judgeCandidates(regions: readonly Region[], truth: LabelMap): JudgedCandidate[] | undefined {
  const last = regions[0]?.iterations.at(-1);
  if (regions.length !== 1 || last?.candidates[0]?.mask === undefined) return undefined;
  return last.candidates.map(({ mask, lowRes: _, ...candidate }) => ({
    ...candidate,
    truthIoU: maskIoU(mask!, truth as Mask),
  }));
}

function groupResults(entries: readonly BenchmarkResult[]): Record<string, BenchmarkGroup> {
  const members: Record<string, BenchmarkResult[]> = {};
  for (const entry of entries) {
    for (const key of ["all", entry.kind, `${entry.kind}/${entry.source}`]) {
      members[key] ??= [];
      members[key].push(entry);
    }
  }
  return Object.fromEntries(Object.entries(members).map(([key, list]) => [key, meanOf(list)]));
}

function meanOf(list: readonly BenchmarkResult[]): BenchmarkGroup {
  const mean = (value: (entry: BenchmarkResult) => number): number =>
    list.reduce((sum, entry) => sum + value(entry), 0) / list.length;
  return {
    entries: list.length,
    coarseIoU: mean((entry) => entry.coarseIoU),
    refinedIoU: mean((entry) => entry.refinedIoU),
    coarseBoundaryIoU: mean((entry) => entry.coarseBoundaryIoU),
    refinedBoundaryIoU: mean((entry) => entry.refinedBoundaryIoU),
    worse: mean((entry) => (entry.worse ? 1 : 0)),
  };
}

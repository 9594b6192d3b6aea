/** Quality against ground truth: every entry of a manifest refined and scored, grouped by kind and source. */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../core/errors.ts";
import type { LabelMap } from "../core/mask.ts";
import { labelOverlaps, meanOverLabels } from "../core/metrics/label-overlaps.ts";
import { type MaskMode, type MethodSettings, type PresetName, resolveSettings } from "../core/settings.ts";
import { encodeFor } from "../engine/baselines/encode-for.ts";
import type { Engine } from "../engine/engine.ts";
import { type Region, refinePhoto } from "../engine/refine-photo.ts";
import { type LoadedMask, loadMask } from "./load-mask.ts";
import { loadPhoto } from "./load-photo.ts";

/** Kinds of entries; `highres` is instances on large photos. */
export const benchmarkKinds = ["instance", "highres", "semantic"] as const;

/** Kind of an entry. */
export type BenchmarkKind = (typeof benchmarkKinds)[number];

/** One line of a manifest; paths are relative to it. */
export interface BenchmarkEntry {
  /** Name of the entry. */
  readonly id: string;
  /** Path of the photo. */
  readonly image: string;
  /** Path of the coarse mask. */
  readonly coarse: string;
  /** Path of the ground truth. */
  readonly gt: string;
  /** What the masks hold. */
  readonly kind: BenchmarkKind;
}

/** Options of a benchmark. */
export interface BenchmarkOptions {
  /** The method's settings by name. @default "default" */
  readonly preset?: PresetName;
  /** Changes to single switches of the preset. @default {} */
  readonly settings?: Partial<MethodSettings>;
  /** Only so many entries. @default all */
  readonly limit?: number;
  /** Only entries of these kinds. @default all */
  readonly kinds?: readonly BenchmarkKind[];
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
  /** The id up to its first `_`. */
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
  /** What it took. */
  readonly cost: BenchmarkCost;
}

/** A fall of IoU by more than this counts as worse. */
const WORSE_BY = 0.01;

/**
 * Runs a benchmark.
 *
 * @throws {InputError} when the manifest or a file of it is missing or broken
 */
export async function runBenchmark(
  engine: Engine,
  manifest: string | URL,
  options: BenchmarkOptions,
  pixelLimit: number,
): Promise<BenchmarkReport> {
  const path = manifest instanceof URL ? fileURLToPath(manifest) : manifest;
  const list = await readManifest(path);
  const kinds = options.kinds ?? benchmarkKinds;
  const chosen = list.filter(({ kind }) => kinds.includes(kind)).slice(0, options.limit);
  const started = performance.now();
  const cost = { encoderRuns: 0, decoderRuns: 0, encodeMs: 0, decodeMs: 0, methodMs: 0 };
  const entries: BenchmarkResult[] = [];
  for (const entry of chosen) {
    options.signal?.throwIfAborted();
    const result = await runEntry(engine, entry, dirname(path), options, pixelLimit, cost);
    entries.push(result);
    options.onEntry?.(result, entries.length, chosen.length);
  }
  const groups = groupResults(entries);
  const { semantic } = groups;
  return {
    entries,
    groups,
    ...(semantic === undefined ? {} : { mIoU: { coarse: semantic.coarseIoU, refined: semantic.refinedIoU } }),
    cost: { ...cost, totalMs: performance.now() - started },
  };
}

async function readManifest(path: string): Promise<BenchmarkEntry[]> {
  const expected = "expected a JSON list of { id, image, coarse, gt, kind }";
  const text = await readFile(path, "utf8").catch((cause: Error) => {
    throw new InputError(`${path} cannot be read (${cause.message}): ${expected}`, { cause });
  });
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${path} is no JSON (${(cause as Error).message}): ${expected}`, { cause });
  }
  if (!Array.isArray(list)) throw new InputError(`${path} holds no list: ${expected}`);
  for (const [i, entry] of list.entries()) checkEntry(entry, `${path} entry ${i + 1}`);
  return list as BenchmarkEntry[];
}

function checkEntry(entry: unknown, where: string): void {
  const fields = (entry ?? {}) as Record<string, unknown>;
  for (const name of ["id", "image", "coarse", "gt"]) {
    if (typeof fields[name] !== "string")
      throw new InputError(`${where} has no text "${name}": found ${JSON.stringify(fields[name])}`);
  }
  const { kind } = fields as { kind?: unknown };
  if (!(benchmarkKinds as readonly unknown[]).includes(kind)) {
    throw new InputError(
      `${where} is of kind ${JSON.stringify(kind)}: expected ${benchmarkKinds.join(", ")}`,
    );
  }
}

type Counter = { -readonly [K in keyof Omit<BenchmarkCost, "totalMs">]: BenchmarkCost[K] };

async function runEntry(
  engine: Engine,
  entry: BenchmarkEntry,
  base: string,
  options: BenchmarkOptions,
  pixelLimit: number,
  cost: Counter,
): Promise<BenchmarkResult> {
  const file = (path: string): string => resolve(base, path);
  const files = [file(entry.coarse), file(entry.gt)];
  const read = await Promise.all(files.map((path) => loadMask(path, {}, pixelLimit, options.signal)));
  const loaded = await loadPhoto(file(entry.image), read, pixelLimit, options.signal);
  const [coarse, truth] = loaded.masks as [LoadedMask, LoadedMask];
  const mode: MaskMode = entry.kind === "semantic" ? "semantic" : "instance";
  const settings = resolveSettings(options.preset ?? "default", options.settings);
  const before = performance.now();
  const task = { map: coarse.map, mode, settings, ignoreLabel: coarse.ignoreLabel };
  const { embedding, encoderRuns } = await encodeFor(engine, loaded.photo, loaded.identity, [task]);
  cost.encodeMs += performance.now() - before;
  cost.encoderRuns += encoderRuns;
  const { values, regions, run } = await refinePhoto(engine, { photo: loaded.photo, embedding }, [task], {
    explain: false,
    signal: options.signal,
  });
  cost.decoderRuns += run.decoderRuns;
  cost.decodeMs += run.decodeMs;
  cost.methodMs += run.methodMs;
  return scoreEntry(entry, coarse.map, { ...coarse.map, data: values[0]! }, truth, regions);
}

function scoreEntry(
  { id, kind }: BenchmarkEntry,
  coarse: LabelMap,
  refined: LabelMap,
  truth: LoadedMask,
  regions: readonly Region[],
): BenchmarkResult {
  const score = (map: LabelMap): ReturnType<typeof meanOverLabels> =>
    meanOverLabels(labelOverlaps(map, truth.map, { ignoreLabel: truth.ignoreLabel }));
  const [before, after] = [score(coarse), score(refined)];
  return {
    id,
    kind,
    source: id.split("_")[0]!,
    coarseIoU: before.iou,
    refinedIoU: after.iou,
    coarseBoundaryIoU: before.boundary,
    refinedBoundaryIoU: after.boundary,
    worse: after.iou < before.iou - WORSE_BY,
    regions: regions.map(({ label, verdict, coarseIoU }) => ({ label, verdict, coarseIoU })),
  };
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

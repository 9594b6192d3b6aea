/** A batch of pieces through the engine, and what comes out of each. */
import type { LabelMap, Mask } from "../../core/mask.ts";
import { maskBox } from "../../core/mask.ts";
import type { RunLengthMask } from "../../core/run-length.ts";
import { encodeFor } from "../../engine/baselines/encode-for.ts";
import type { Engine } from "../../engine/engine.ts";
import type { PixelMoves } from "../../engine/pixel-moves.ts";
import { type Region, refinePhoto } from "../../engine/refine-photo.ts";
import type { Workload } from "../../engine/schedule.ts";
import type { PhotoWork } from "../plan/dataset-plan.ts";
import { composeLabels } from "./compose-labels.ts";
import { doubtOf, evidenceOf } from "./doubt.ts";
import type { RegionReport } from "./journal/records.ts";
import { labelChanges } from "./label-changes.ts";
import type { LabelPiece, OpenWork, Piece, RegionPiece, Step } from "./open-work.ts";
import type { ReadingPlace } from "./read-works.ts";

/** What a run needs of an engine. */
export type RunEngine = Pick<Engine, "encode" | "refine" | "schedule" | "rest" | "model" | "device">;

/** Workers elsewhere that refine instead of an engine. */
export interface RemoteEngine {
  readonly model: Engine["model"];
  /** What the journal calls them. */
  readonly device: string;
  /** The photos as they are done, in any order. Nothing is left to refine: steps are "known" or "finish". */
  photos(works: readonly PhotoWork[], place: ReadingPlace): AsyncGenerator<Step>;
}

/** What is told on the way. */
export interface RefiningEvents {
  readonly onEncode: () => void;
  readonly onRegion: () => void;
}

/**
 * Refines pieces of one photo; the photo is encoded with its first ones.
 *
 * @throws the signal's reason when aborted
 */
export async function refinePieces(
  engine: RunEngine,
  open: OpenWork,
  pieces: readonly Piece[],
  { onEncode, onRegion }: RefiningEvents,
  signal: AbortSignal | undefined,
  workload: Workload,
): Promise<void> {
  signal?.throwIfAborted();
  const tasks = pieces.map(({ task }) => task);
  if (open.encoded === undefined) {
    const started = performance.now();
    onEncode();
    const { photo, identity } = open.photo!;
    const { embedding } = await encodeFor(engine, photo, identity, tasks, workload, signal);
    open.encoded = { photo, embedding };
    open.spend("encode", started);
  }
  const started = performance.now();
  const { values, regions, moves } = await refinePhoto(engine, open.encoded, tasks, {
    explain: false,
    workload,
    signal,
    onRegion,
  });
  for (const [i, piece] of pieces.entries()) {
    const own = regions.filter(({ maskIndex }) => maskIndex === i);
    try {
      if (piece.kind === "labels")
        await takeLabels(open, piece, { values: values[i]!, moves: moves[i]! }, own);
      else takeRegion(open, piece, values[i]!, own[0]!);
    } catch (error) {
      open.fail(open.work.targets[piece.target]!.relative, error, signal);
    }
  }
  open.spend("refine", started);
}

/** The values of a refined mask file. */
interface RefinedLabels {
  readonly values: LabelMap["data"];
  readonly moves: PixelMoves;
}

/** A mask file and its siblings, ready to be written. */
async function takeLabels(
  open: OpenWork,
  piece: LabelPiece,
  refined: RefinedLabels,
  regions: readonly Region[],
): Promise<void> {
  const { target, file, mask, sha256, siblings, task, rejected } = piece;
  const stored = (data: LabelMap["data"]): LabelMap => mask.turn?.back(data) ?? { ...task.map, data };
  const ids = regionIds(regions);
  const pixels = task.map.data.length;
  const changes = labelChanges(refined.moves, { target, ids, pixels, stored });
  const before = stored(task.map.data);
  const value = (region: string): number => regions[ids.indexOf(region)]!.label;
  const after =
    rejected.size === 0
      ? stored(refined.values)
      : { ...before, data: composeLabels(before, changes, value, rejected) };
  const upright = mask.turn?.upright(after).data ?? after.data;
  const results = [{ path: file.relative, before: sha256, bytes: mask.write(upright) }];
  for (const [i, sibling] of file.siblings.entries()) {
    const bytes = await sibling.follow(before, after);
    results.push({ path: sibling.relative, before: siblings[i]!.sha256, bytes });
  }
  open.results.push(...results);
  open.changes.push(...changes);
  open.regions.push(...regions.map((region, i) => reportOf(region, target, ids[i]!, String(region.label))));
}

/** The value; with a number where a value has several parts. */
function regionIds(regions: readonly Region[]): string[] {
  const counts = new Map<number, number>();
  for (const { label } of regions) counts.set(label, (counts.get(label) ?? 0) + 1);
  const seen = new Map<number, number>();
  return regions.map(({ label }) => {
    const number = (seen.get(label) ?? 0) + 1;
    seen.set(label, number);
    return counts.get(label) === 1 ? String(label) : `${label}/${number}`;
  });
}

function takeRegion(
  open: OpenWork,
  { target, region, turn }: RegionPiece,
  values: LabelMap["data"],
  outcome: Region,
): void {
  const { width, height } = open.encoded!.photo;
  const map = turn?.back(values) ?? { width, height, data: values };
  const { predictedIoU } = outcome;
  const report = open.regions.push(reportOf(outcome, target, region.id, region.label)) - 1;
  open.claims.push({
    target,
    report,
    region: region.id,
    order: region.order,
    runs: runsInBox(map as Mask),
    changed: outcome.verdict === "refined",
    ...(predictedIoU === undefined ? {} : { predictedIoU }),
  });
}

function reportOf(region: Region, target: number, id: string, label: string): RegionReport {
  const { verdict, reason, box, area, refinedArea, coarseIoU } = region;
  return {
    ...{ target, id, label, verdict },
    ...(reason === undefined ? {} : { reason }),
    doubt: rounded(doubtOf(region)),
    ...{ box, area, refinedArea, coarseIoU: rounded(coarseIoU) },
    ...Object.fromEntries(Object.entries(evidenceOf(region)).map(([name, value]) => [name, rounded(value)])),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** The runs of a mask; only its box is looked at, which for a small region of a large photo is much less. */
export function runsInBox(mask: Mask): RunLengthMask {
  const { width, height, data } = mask;
  const [x0, y0, x1, y1] = maskBox(mask) ?? [0, 0, -1, -1];
  const counts: number[] = [];
  let value = 0;
  let since = 0;
  const change = (position: number): void => {
    counts.push(position - since);
    since = position;
    value = 1 - value;
  };
  for (let x = x0; x <= x1; x++) {
    // What lies between two columns of the box is background.
    if (value === 1 && y0 > 0) change(x * height);
    for (let y = y0; y <= y1; y++) if (data[y * width + x] !== value) change(x * height + y);
    if (value === 1 && y1 < height - 1) change(x * height + y1 + 1);
  }
  if (value === 1 && x1 < width - 1) change((x1 + 1) * height);
  counts.push(width * height - since);
  return { width, height, counts: Uint32Array.from(counts) };
}

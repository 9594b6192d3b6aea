/** A benchmark as a table. */
import type { BenchmarkCost, BenchmarkGroup, BenchmarkReport, PooledScores } from "../../sdk/mod.ts";
import { alignColumns } from "../table.ts";
import { counted, duration, percent, whole } from "../units.ts";

const header = ["group", "entries", "IoU %", "boundary IoU %", "worse"];

/** The table of groups, mIoU, and the cost. */
export function benchmarkLines({ entries, groups, mIoU, pooled, cost }: BenchmarkReport): string[] {
  if (entries.length === 0) return ["No entry was chosen."];
  const rows = Object.keys(groups)
    .sort(byLevel)
    .map((key) => groupRow(key, groups[key]!));
  return [
    ...alignColumns([header, ...rows], new Set([1])),
    "",
    ...(mIoU === undefined ? [] : [`mIoU ${percent(mIoU.coarse)} → ${percent(mIoU.refined)}`]),
    ...(pooled === undefined ? [] : [pooledLine(pooled)]),
    ...costLines(cost, entries.length),
  ];
}

/** `all` first, then each kind with its sources under it. */
function byLevel(a: string, b: string): number {
  return Number(b === "all") - Number(a === "all") || (a < b ? -1 : 1);
}

function groupRow(key: string, group: BenchmarkGroup): string[] {
  const worse = Math.round(group.worse * group.entries);
  return [
    key.includes("/") ? `  ${key}` : key,
    whole(group.entries),
    `${percent(group.coarseIoU)} → ${percent(group.refinedIoU)}`,
    `${percent(group.coarseBoundaryIoU)} → ${percent(group.refinedBoundaryIoU)}`,
    `${worse} (${(100 * group.worse).toFixed(1)} %)`,
  ];
}

function pooledLine({ coarse, refined }: NonNullable<BenchmarkReport["pooled"]>): string {
  const change = (name: keyof PooledScores): string => `${percent(coarse[name])} → ${percent(refined[name])}`;
  return `over all pixels: IoU ${change("iou")}, boundary IoU ${change("boundaryIoU")}`;
}

function costLines({ encoderRuns, decoderRuns, ...ms }: BenchmarkCost, entries: number): string[] {
  const each = (total: number): string => duration(total / entries);
  return [
    `${counted(encoderRuns, "encoder run")}, ${counted(decoderRuns, "decoder run")}, ${duration(ms.totalMs)} in all`,
    `per entry: encode ${each(ms.encodeMs)}, decode ${each(ms.decodeMs)}, method ${each(ms.methodMs)}, all with reading and scoring ${each(ms.totalMs)}`,
  ];
}

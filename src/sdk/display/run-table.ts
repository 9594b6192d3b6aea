/** Runs over datasets in notebooks. */
import type { PhotoResult } from "../../dataset/run/photo-result.ts";
import type { DisplayTable } from "./table-bundle.ts";

/** Every photo a row: what became of its regions, and how long it took. */
export function runTable(photos: readonly PhotoResult[]): DisplayTable {
  const failed = photos.filter(({ status }) => status === "failed").length;
  return {
    title: `${photos.length} photos, ${failed} with failures`,
    columns: ["photo", "status", "refined", "kept", "unchanged", "failed", "IoU with coarse", "seconds"],
    rows: photos.map(rowOf),
    remarks: photos.flatMap(({ failures }) => failures.map(({ message }) => message)),
  };
}

function rowOf({ key, status, regions, timings }: PhotoResult): (string | number)[] {
  const count = (wanted: string): number => regions.filter(({ verdict }) => verdict === wanted).length;
  const agreement = regions.reduce((sum, { coarseIoU }) => sum + coarseIoU, 0) / regions.length;
  const spent = Object.values(timings).reduce((sum: number, ms: number) => sum + ms, 0);
  return [
    ...[key, status, count("refined"), count("kept"), count("unchanged"), count("failed")],
    ...[regions.length === 0 ? "" : agreement, (spent / 1000).toFixed(1)],
  ];
}

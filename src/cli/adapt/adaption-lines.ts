/** An adaption as text. */
import type { AdaptionReport, ChangedChoice, ChoiceFigures } from "../../sdk/mod.ts";
import { alignColumns } from "../table.ts";
import { counted, percent } from "../units.ts";

/** The report: figures of the held-out photos, what changed, and the recommendation. */
export function adaptionLines(report: AdaptionReport, path: string): string[] {
  const { photos, regions, samples, before, after, policies, changed, examples, recommendation } = report;
  const rows = [
    ["choice on held-out photos", "top-1 %", "coarse IoU %"],
    row(`without the adaptor (${before.selection})`, before),
    row(`with it (${after.selection})`, after),
    ...Object.entries(policies).map(([name, figures]) => row(`  ${name} alone`, figures)),
  ];
  return [
    `trained on ${counted(photos.train, "photo")}, ${counted(samples.train, "decode")}; tested on ${counted(photos.heldOut, "photo")}, ${counted(samples.heldOut, "decode")}; ${counted(regions, "region")}`,
    "",
    ...alignColumns(rows, new Set([1, 2])),
    "",
    `${changed.total} of ${samples.heldOut} choices change: ${changed.better} for the better, ${changed.worse} for the worse`,
    ...alignColumns(examples.map(exampleRow)),
    "",
    `${recommendation.use ? "recommended" : "not recommended"}: ${recommendation.reason}`,
    `→ ${path}`,
  ];
}

function row(name: string, { top1, coarseIoU }: ChoiceFigures): string[] {
  return [name, percent(top1), percent(coarseIoU)];
}

function exampleRow({ photo, region, prompt, before, after }: ChangedChoice): string[] {
  const change = `token ${before.token} (${percent(before.coarseIoU)}) → ${after.token} (${percent(after.coarseIoU)})`;
  return [`  ${photo}`, `${region.file} ${region.id}`, prompt, change];
}

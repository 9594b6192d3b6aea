/** Adaptions in notebooks. */
import type { AdaptionReport } from "../../dataset/adapt/adaption-report.ts";
import type { DisplayTable } from "./table-bundle.ts";

/** The choice before and after, and each policy by itself, on the photos that were held out. */
export function adaptionTable({
  photos,
  before,
  after,
  policies,
  changed,
  recommendation,
  failures,
}: AdaptionReport): DisplayTable {
  const row = (name: string, { top1, coarseIoU }: typeof before | (typeof policies)["adapted"]) => [
    ...[name, top1, coarseIoU],
  ];
  return {
    title: `${recommendation.use ? "Use the adaptor" : "Do not use the adaptor"}: ${recommendation.reason}`,
    columns: [`choice on ${photos.heldOut} held-out photos`, "top-1 agreement", "coarse IoU"],
    rows: [
      row("without the adaptor", before),
      row("with the adaptor", after),
      ...Object.entries(policies).map(([name, figures]) => row(`by ${name} alone`, figures)),
    ],
    remarks: [
      `${changed.total} of ${before.samples} choices change, ${changed.better} for the better, ${changed.worse} for the worse.`,
      ...failures.map(({ message }) => message),
    ],
  };
}

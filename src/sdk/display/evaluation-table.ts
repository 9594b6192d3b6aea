/** Evaluations in notebooks. */
import type { Evaluation } from "../../dataset/evaluate/evaluation.ts";
import type { DisplayTable } from "./table-bundle.ts";

/** The overall scores, and those of every class. */
export function evaluationTable(evaluation: Evaluation): DisplayTable {
  const remarks = [...evaluation.problems, ...evaluation.notes];
  if (evaluation.kind === "coco") {
    const { overall, classes } = evaluation;
    return {
      title: `${overall.detections} detections of ${overall.objects} objects on ${overall.photos} photos`,
      columns: ["class", "objects", "detections", "mask AP", "boundary AP"],
      rows: [
        ["all", overall.objects, overall.detections, overall.mask.AP, overall.boundary.AP],
        ...classes.map(({ label, objects, detections, mask, boundary }) => [
          ...[label, objects, detections],
          ...[mask.AP, boundary.AP],
        ]),
      ],
      remarks,
    };
  }
  const counted = evaluation.kind === "labels" ? "photos" : "instances";
  const rows =
    evaluation.kind === "labels"
      ? [evaluation.overall, ...evaluation.classes].map((row) => [row.photos, row.iou, row.boundaryIoU])
      : [evaluation.overall, ...evaluation.classes].map((row) => [row.instances, row.iou, row.boundaryIoU]);
  const names = ["all", ...evaluation.classes.map(({ label }) => String(label))];
  return {
    title: `IoU ${evaluation.overall.iou.toFixed(4)}, boundary IoU ${evaluation.overall.boundaryIoU.toFixed(4)}`,
    columns: ["class", counted, "IoU", "boundary IoU"],
    rows: rows.map((row, i) => [names[i]!, ...row]),
    remarks,
  };
}

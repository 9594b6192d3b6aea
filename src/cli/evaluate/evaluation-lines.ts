/** An evaluation as a table: a row per class, and one for all. */
import {
  type CocoEvaluation,
  type CocoScores,
  cocoScoreNames,
  type Evaluation,
  type InstanceEvaluation,
  type LabelEvaluation,
} from "../../sdk/mod.ts";
import { alignColumns } from "../table.ts";
import { counted, percent, whole } from "../units.ts";

/** The table of an evaluation, in percent. */
export function evaluationLines(evaluation: Evaluation): string[] {
  if (evaluation.kind === "labels") return labelLines(evaluation);
  return evaluation.kind === "coco" ? cocoLines(evaluation) : instanceLines(evaluation);
}

function labelLines({ classes, overall }: LabelEvaluation): string[] {
  const { photos, iou, boundaryIoU, mIoU, mBoundaryIoU, mBA } = overall;
  const rows = classes.map((row) => [
    String(row.label),
    whole(row.photos),
    percent(row.iou),
    percent(row.boundaryIoU),
  ]);
  return [
    ...table(
      ["class", "photos", "IoU %", "boundary IoU %"],
      [...rows, ["mean over classes", whole(photos), optional(mIoU), optional(mBoundaryIoU)]],
    ),
    "",
    ...table(
      ["mean over photos", "IoU %", "boundary IoU %", "mBA %"],
      [[counted(photos, "photo"), percent(iou), percent(boundaryIoU), optional(mBA)]],
    ),
  ];
}

function instanceLines({ classes, overall }: InstanceEvaluation): string[] {
  const rows = [...classes, { label: "all", ...overall }].map(({ label, instances, iou, boundaryIoU }) => [
    label,
    whole(instances),
    percent(iou),
    percent(boundaryIoU),
  ]);
  return table(["class", "objects", "IoU %", "boundary IoU %"], rows);
}

function cocoLines({ classes, overall }: CocoEvaluation): string[] {
  const rows = [...classes, { label: "all", ...overall }].map((row) => [
    row.label,
    whole(row.objects),
    whole(row.detections),
    ...(["AP", "AP50", "AP75"] as const).map((name) => score(row.mask, name)),
    score(row.boundary, "AP"),
  ]);
  return [
    ...table(["class", "objects", "detections", "AP", "AP50", "AP75", "boundary AP"], rows),
    "",
    ...table(
      ["all, in %", ...cocoScoreNames],
      (["mask", "boundary"] as const).map((by) => [
        by,
        ...cocoScoreNames.map((name) => score(overall[by], name)),
      ]),
    ),
  ];
}

/** Names flush left, numbers flush right. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return alignColumns([header, ...rows], new Set(header.map((_, i) => i).slice(1)));
}

function score(scores: CocoScores, name: keyof CocoScores): string {
  return scores[name] === -1 ? "–" : percent(scores[name]);
}

function optional(share: number | undefined): string {
  return share === undefined ? "–" : percent(share);
}

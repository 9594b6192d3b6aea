/** Predictions against a ground truth. */
import { evaluateFiles } from "../dataset/evaluate/evaluate.ts";
import type { EvaluateOptions, Evaluation } from "../dataset/evaluate/evaluation.ts";
import { DEFAULT_PIXEL_LIMIT } from "../engine/photo.ts";
import { checkReading } from "./check-options.ts";
import { type Displayed, withDisplay } from "./display/displayed.ts";
import { evaluationTable } from "./display/evaluation-table.ts";
import { tableBundle } from "./display/table-bundle.ts";

/**
 * Compares predictions with a ground truth and says how good they are, without any model:
 * - mask files or folders of them, paired by path or name: IoU, boundary IoU, mIoU, mBA (`kind: "labels"`)
 * - a file of COCO results and a COCO file: mask AP and boundary AP (`kind: "coco"`)
 * - annotation files of one format that hold the same objects: IoU and boundary IoU (`kind: "instances"`)
 *
 * Notebooks show the scores as a table. What cannot be compared is named in `problems`, and the rest is compared. Definitions: docs/evaluation.md.
 *
 * @param pred path of the predictions
 * @param gt path of the ground truth
 * @throws {InputError} when nothing can be compared
 * @throws {OptionError} for an unknown encoding, or an ignore label that is none
 * @example
 * ```ts
 * import { evaluate } from "samrefiner";
 * const result = await evaluate("examples/sample/labels_coarse.png", "examples/sample/truth.png");
 * if (result.kind === "labels") console.log(result.overall.mIoU);
 * ```
 */
export async function evaluate(
  pred: string,
  gt: string,
  options: EvaluateOptions = {},
): Promise<Evaluation & Displayed> {
  checkReading(options);
  const evaluation = await evaluateFiles(pred, gt, options, DEFAULT_PIXEL_LIMIT);
  return withDisplay(evaluation, async () => tableBundle(evaluationTable(evaluation)));
}

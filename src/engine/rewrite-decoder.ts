/**
 * Rewrites an official-style SAM decoder export for refinement. The stock graph returns one mask as soon as there
 * are three prompt tokens (when exported so) and has no batch axis; the rewritten one returns every token's mask,
 * every predicted IoU and the features of the IoU head, for any number of prompts. Names and element types of the export
 * become the official ones, and HQ-SAM's own mask an output of its own. Products are rearranged where the same is
 * counted in less time (docs/adr/0026).
 */

import { ModelError } from "../core/errors.ts";
import { absorbProjections } from "./decoder-graph/absorb-projections.ts";
import { broadcastRepetitions } from "./decoder-graph/broadcast-repetitions.ts";
import { castInput, castOutput } from "./decoder-graph/cast-values.ts";
import { type DecoderFeatures, decoderFeatures } from "./decoder-graph/decoder-features.ts";
import { FEATURES, INPUTS, settleInputs } from "./decoder-graph/decoder-inputs.ts";
import { findIoUHead } from "./decoder-graph/iou-head.ts";
import { findMaskProducts } from "./decoder-graph/mask-products.ts";
import { ancestors, producerMap } from "./decoder-graph/producers.ts";
import { settleOutputs } from "./decoder-graph/settle-outputs.ts";
import { NORMALISING_OPSET, upscaleByProducts } from "./decoder-graph/upscale-by-products.ts";
import { DECODER_OUTPUTS, HQ_OUTPUT } from "./decoder-outputs.ts";
import {
  FLOAT32,
  fedInputs,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  opsetVersion,
  parseOnnx,
  serialiseOnnx,
} from "./onnx-model.ts";

/** Name of the batch dimension in the rewritten graph's inputs. */
const BATCH = "prompts";

/** A rewritten decoder. */
export interface RewrittenDecoder {
  readonly bytes: Uint8Array;
  /** Mask tokens: 4 in the official exports. HQ-SAM's own comes on top. */
  readonly tokens: number;
  /** Whether there is a mask of HQ-SAM's token. */
  readonly hq: boolean;
  /** What it takes of the encoder besides the image embedding. */
  readonly features?: DecoderFeatures;
}

/** Whether products are counted in another order than the export's, which takes less time. */
export type ProductOrder = "exported" | "rearranged";

/**
 * Rewrites a decoder.
 *
 * @param bytes an ONNX file
 * @param name for messages
 * @param order `exported` is for comparison with other runtimes
 * @throws {ModelError} naming what is missing: no ONNX file, no mask input, wrong shapes, no IoU head
 */
export function rewriteDecoder(
  bytes: Uint8Array,
  name: string,
  order: ProductOrder = "rearranged",
): RewrittenDecoder {
  return rewriteDecoderModel(parseDecoder(bytes, name), name, order);
}

/**
 * Reads a decoder.
 *
 * @throws {ModelError} where the bytes are no ONNX model
 */
export function parseDecoder(bytes: Uint8Array, name: string): OnnxModel {
  try {
    const model = parseOnnx(bytes);
    if (model.graph !== undefined && model.graph.node.length > 0) return model;
  } catch (cause) {
    throw new ModelError(`${name} is no ONNX model: expected a SAM mask decoder`, { cause });
  }
  throw new ModelError(`${name} is no ONNX model: expected a SAM mask decoder`);
}

/** Rewrites a decoder that is read; its graph is changed in place. See {@link rewriteDecoder}. */
export function rewriteDecoderModel(model: OnnxModel, name: string, order: ProductOrder): RewrittenDecoder {
  const graph = model.graph!;
  const featureInput = settleInputs(graph, name);
  settleOutputs(graph, name);
  const producers = producerMap(graph);
  const { masks, hq } = findMaskProducts(graph, producers, featureInput?.name, name);
  const iouHead = findIoUHead(graph, producers, masks, name);
  const wanted = [masks, iouHead.iou, iouHead.features, ...(hq === undefined ? [] : [hq])];
  dropUnused(graph, wanted);
  checkUsedInputs(graph, name);
  if (order === "rearranged") {
    broadcastRepetitions(graph);
    absorbProjections(graph);
    if (hq === undefined && opsetVersion(model) >= NORMALISING_OPSET)
      upscaleByProducts(graph, masks, iouHead.tokens);
    dropUnused(graph, wanted);
  }
  const features = graph.input.some((input) => input === featureInput)
    ? decoderFeatures(graph, featureInput!, name)
    : undefined;
  for (const input of fedInputs(graph)) castInput(graph, input);
  addOutput(graph, masks, DECODER_OUTPUTS.masks, ["tokens", 256, 256]);
  addOutput(graph, iouHead.iou, DECODER_OUTPUTS.iou, [iouHead.tokens]);
  addOutput(graph, iouHead.features, DECODER_OUTPUTS.features, [iouHead.width]);
  if (hq !== undefined) addOutput(graph, hq, HQ_OUTPUT, [1, 256, 256]);
  nameBatch(graph);
  return {
    bytes: serialiseOnnx(model),
    tokens: iouHead.tokens,
    hq: hq !== undefined,
    ...(features === undefined ? {} : { features }),
  };
}

/** Keeps what the outputs need: other nodes, stored tensors, inputs and inner shapes go. */
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
  const left = fedInputs(graph).map((input) => input.name);
  const known = INPUTS.map((input) => input.name);
  const extra = left.find((input) => !known.includes(input) && input !== FEATURES.name);
  if (extra !== undefined)
    throw new ModelError(`${name} needs an input "${extra}": expected only ${known.join(", ")}`);
  const unused = known.find((input) => !left.includes(input));
  if (unused !== undefined)
    throw new ModelError(`${name} ignores its input "${unused}": expected a decoder that uses it`);
}

function addOutput(graph: OnnxGraph, value: string, name: string, sizes: readonly (number | string)[]): void {
  const given = castOutput(graph, value);
  for (const node of graph.node) {
    node.input = node.input.map((input) => (input === given ? name : input));
    node.output = node.output.map((output) => (output === given ? name : output));
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

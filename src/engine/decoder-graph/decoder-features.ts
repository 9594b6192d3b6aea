/** What a decoder needs of the encoder besides the image embedding. */
import { ModelError } from "../../core/errors.ts";
import {
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
  valueShape,
  wholeAttribute,
} from "../onnx-model.ts";
import { FEATURES, text } from "./decoder-inputs.ts";

/** Early features of the encoder that the decoder takes. */
export interface DecoderFeatures {
  /** Shape of the decoder's input, its first axis the layers. */
  readonly shape: readonly number[];
  /** Values of all of them together. */
  readonly values: number;
}

/**
 * Tells what of the encoder's features a decoder looks at. Official decoders are given those of all layers and take the
 * first: only that one is asked for, kept and fed then.
 *
 * @throws {ModelError} where the shape is not fixed
 */
export function decoderFeatures(graph: OnnxGraph, input: OnnxValue, name: string): DecoderFeatures {
  const shape = valueShape(input) ?? [];
  if (!shape.every((size) => typeof size === "number" && size > 0) || shape.length !== FEATURES.shape.length)
    throw new ModelError(
      `${name} has input "${input.name}" of shape ${text(shape)}: expected fixed sizes, such as [4, 1, 64, 64, 768]`,
    );
  const sizes = shape as number[];
  if (takesFirstLayer(graph, input.name)) {
    sizes[0] = 1;
    input.type!.tensorType!.shape!.dim[0] = { dimValue: 1 };
  }
  return { shape: sizes, values: sizes.reduce((product, size) => product * size, 1) };
}

function takesFirstLayer(graph: OnnxGraph, features: string): boolean {
  const takers = graph.node.filter(({ input }) => input.includes(features));
  return takers.every((node) => node.opType === "Gather" && isFirst(graph, node));
}

function isFirst(graph: OnnxGraph, node: OnnxNode): boolean {
  const index = node.input[1]!;
  const constant = graph.node.find(({ output }) => output.includes(index))?.attribute?.[0]?.t;
  const stored = graph.initializer.find((tensor) => tensor.name === index) ?? constant ?? undefined;
  return (wholeAttribute(node, "axis") ?? 0) === 0 && stored !== undefined && isZero(stored);
}

function isZero({ rawData, int64Data = [] }: OnnxTensor): boolean {
  const values = rawData?.length ? rawData : int64Data.map(Number);
  return values.length > 0 && values.every((value) => value === 0);
}

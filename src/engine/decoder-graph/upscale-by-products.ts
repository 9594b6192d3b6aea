/**
 * The upscaling of SAM's decoder as matrix products.
 *
 * A transposed convolution whose kernel is as large as its stride makes of each cell four of its own: a matrix product of the
 * cell's row, whose result only has to be put in order. Here that is left to the very end, where four masks are put in order
 * instead of 64 and 32 channels. What comes between, normalisation over channels and activations, looks at single cells and
 * does not mind, and rows that lie side by side are normalised three times as fast. Results differ by rounding alone.
 */
import { EMBEDDING_SIZE, LOW_RES_SIZE } from "../../core/frame.ts";
import {
  ATTRIBUTE_FLOAT,
  type OnnxGraph,
  type OnnxNode,
  wholeAttribute,
  wholeAttributes,
  wholeSetting,
} from "../onnx-model.ts";
import { GraphPatch } from "./graph-patch.ts";
import { GraphView, isTransposition } from "./graph-view.ts";

/** The first version of the standard that can normalise a row in one operation. */
export const NORMALISING_OPSET = 17;
/** Cells that a transposed convolution makes of one. */
const FOUR = 4;
/** Operations on single numbers. */
const POINTWISE = new Set(["Add", "Sub", "Mul", "Div", "Pow", "Erf", "Tanh", "Sigmoid", "Relu", "Gelu"]);

/** A transposed convolution that makes four cells of each. */
interface Enlargement {
  readonly source: string;
  readonly inputs: number;
  readonly outputs: number;
  /** `[inputs, outputs, 2, 2]`. */
  readonly weight: Float32Array;
  /** `[outputs]`. */
  readonly bias: Float32Array;
}

/** Operations on single numbers from one value to another. */
interface Pointwise {
  readonly start: string;
  readonly nodes: readonly OnnxNode[];
}

/** Normalisation over channels. */
interface Normalisation {
  readonly source: string;
  /** `[channels]` each. */
  readonly scale: Float32Array;
  readonly shift: Float32Array;
  readonly epsilon: number;
}

/**
 * Rewrites the upscaling before the masks, where it is as SAM's.
 *
 * @param masks value of all masks, `[B, tokens, 256, 256]`
 */
export function upscaleByProducts(graph: OnnxGraph, masks: string, tokens: number): void {
  const view = new GraphView(graph);
  const reshaped = view.made(masks, "Reshape");
  const product = view.made(reshaped?.input[0], "MatMul");
  const last = pointwise(view.made(product?.input[1], "Reshape")?.input[0], view);
  const second = last && enlargement(last.start, view);
  const between = pointwise(second?.source, view);
  const normalised = between && normalisation(between.start, view);
  const first = normalised && enlargement(normalised.source, view);
  const rows = view.made(view.made(first?.source, "Reshape")?.input[0], "Transpose");
  if (!last || !between || !first || !second || rows === undefined) return;
  if (!isTransposition(rows, [0, 2, 1])) return;
  if (second.inputs !== first.outputs || normalised?.scale.length !== first.outputs) return;
  const patch = new GraphPatch(graph, "upscaling");
  const large = normalise(enlarge(rows.input[0]!, first, patch), normalised, patch);
  const larger = enlarge(repeat(between, large, patch), second, patch);
  const features = repeat(last, larger, patch);
  const shuffled = patch.add("MatMul", [product!.input[0]!, patch.transpose(features, 0, 2, 1)]);
  // Rows of cells, in each four and in each of those four, as row and column: to whole rows.
  const cells = patch.reshape(shuffled, -1, EMBEDDING_SIZE, 2, 2, 2, 2);
  patch.reshape(patch.transpose(cells, 0, 2, 4, 1, 3, 5), -1, tokens, LOW_RES_SIZE, LOW_RES_SIZE);
  patch.replace(reshaped!);
}

/** Rows `[B, cells, inputs]` to `[B, 4 * cells, outputs]`. */
function enlarge(rows: string, { inputs, outputs, weight, bias }: Enlargement, patch: GraphPatch): string {
  const columns = FOUR * outputs;
  const ordered = Float32Array.from(weight, (_, i) => {
    const [row, place, output] = [Math.floor(i / columns), Math.floor(i / outputs) % FOUR, i % outputs];
    return weight[(row * outputs + output) * FOUR + place]!;
  });
  const product = patch.add("MatMul", [rows, patch.floats([inputs, columns], ordered)]);
  const repeated = Float32Array.from({ length: columns }, (_, i) => bias[i % outputs]!);
  return patch.reshape(patch.add("Add", [product, patch.floats([columns], repeated)]), 0, -1, outputs);
}

function normalise(rows: string, { scale, shift, epsilon }: Normalisation, patch: GraphPatch): string {
  const stored = [scale, shift].map((values) => patch.floats([values.length], values));
  const settings = [wholeSetting("axis", -1), { name: "epsilon", type: ATTRIBUTE_FLOAT, f: epsilon }];
  return patch.add("LayerNormalization", [rows, ...stored], settings);
}

/** The same operations on another value. */
function repeat({ start, nodes }: Pointwise, value: string, patch: GraphPatch): string {
  const renamed = new Map([[start, value]]);
  let end = value;
  for (const { opType, input, output, attribute } of nodes) {
    const inputs = input.map((name) => renamed.get(name) ?? name);
    end = patch.add(opType, inputs, attribute);
    renamed.set(output[0]!, end);
  }
  return end;
}

/** What single numbers go through before a value, back to the first one that is made otherwise. */
function pointwise(end: string | undefined, view: GraphView): Pointwise | undefined {
  const nodes: OnnxNode[] = [];
  const starts = new Set<string>();
  const seen = new Set<string>();
  const walk = (value: string): void => {
    if (seen.has(value) || view.number(value) !== undefined) return;
    seen.add(value);
    const node = view.made(value, ...POINTWISE);
    if (node === undefined || node.input.some((input) => isWide(input, view))) starts.add(value);
    else {
      for (const input of node.input) walk(input);
      nodes.push(node);
    }
  };
  if (end !== undefined) walk(end);
  const [start] = starts;
  return start === undefined || starts.size > 1 ? undefined : { start, nodes };
}

/** Whether a value is stored, and more than one number: one for each channel. */
function isWide(value: string, view: GraphView): boolean {
  return (view.floats(value)?.values.length ?? 0) > 1;
}

function enlargement(value: string, view: GraphView): Enlargement | undefined {
  const node = view.made(value, "ConvTranspose");
  const weight = view.floats(node?.input[1], 4);
  const bias = view.floats(node?.input[2], 1)?.values;
  if (node === undefined || weight === undefined || bias === undefined) return undefined;
  const [inputs, outputs, height, width] = weight.shape as [number, number, number, number];
  const isPlain =
    (wholeAttributes(node, "strides") ?? []).join() === "2,2" &&
    [...(wholeAttributes(node, "pads") ?? []), ...(wholeAttributes(node, "output_padding") ?? [])].every(
      (one) => one === 0,
    ) &&
    (wholeAttributes(node, "dilations") ?? []).every((one) => one === 1) &&
    (wholeAttribute(node, "group") ?? 1) === 1 &&
    !node.attribute?.some(({ name }) => name === "output_shape" || name === "auto_pad");
  if (!isPlain || height !== 2 || width !== 2 || bias.length !== outputs) return undefined;
  return { source: node.input[0]!, inputs, outputs, weight: weight.values, bias };
}

/** shift + scale (x − mean) / √(variance + ε), over the channels of `[B, channels, height, width]`. */
function normalisation(value: string, view: GraphView): Normalisation | undefined {
  const shifted = withChannels(view.made(value, "Add"), view);
  const scaled = withChannels(view.made(shifted?.rest, "Mul"), view);
  const quotient = view.made(scaled?.rest, "Div");
  const centred = view.made(quotient?.input[0], "Sub");
  const sum = view.made(view.made(quotient?.input[1], "Sqrt")?.input[0], "Add");
  const square = view.made(meanOf(sum?.input[0], view), "Pow");
  const epsilon = view.number(sum?.input[1]);
  const source = centred?.input[0];
  if (shifted === undefined || scaled === undefined || source === undefined) return undefined;
  if (epsilon === undefined || meanOf(centred?.input[1], view) !== source) return undefined;
  if (square?.input[0] !== quotient?.input[0] || view.number(square?.input[1]) !== 2) return undefined;
  return { source, scale: scaled.channels, shift: shifted.channels, epsilon };
}

/** The value of which another one is the mean over the channels. */
function meanOf(value: string | undefined, view: GraphView): string | undefined {
  const node = view.made(value, "ReduceMean");
  const axes = node && (wholeAttributes(node, "axes") ?? view.wholes(node.input[1]));
  return axes?.join() === "1" && (wholeAttribute(node!, "keepdims") ?? 1) === 1 ? node!.input[0] : undefined;
}

/** The stored one of two inputs, `[channels, 1, 1]`, and the other. */
function withChannels(
  node: OnnxNode | undefined,
  view: GraphView,
): { channels: Float32Array; rest: string } | undefined {
  for (const [stored, rest] of [node?.input, node?.input.toReversed()].filter((pair) => pair !== undefined)) {
    const found = view.floats(stored, 3);
    if (found !== undefined && found.shape[1] === 1 && found.shape[2] === 1 && rest !== undefined)
      return { channels: found.values, rest };
  }
  return undefined;
}

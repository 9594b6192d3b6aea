/** Plain JavaScript checks no types: what a script may pass by mistake. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createRefiner,
  InputError,
  OptionError,
  type RefineInput,
  type RefineOptions,
  type Refiner,
} from "../../src/sdk/mod.ts";

const sample = join(import.meta.dirname, "../../examples/sample");
const image = join(sample, "photo.jpg");
const mask = join(sample, "mug_coarse.png");
const grey = { width: 2, height: 2, data: new Uint8Array(12) };
const empty = { width: 2, height: 2, data: new Uint8Array(4) };
let refiner: Refiner;

beforeAll(async () => {
  refiner = await createRefiner({ cacheDir: null, device: "cpu" });
});

afterAll(() => refiner?.close());

/** Refines what types would refuse. */
function refine(input: Record<string, unknown>, options: Record<string, unknown> = {}): Promise<unknown> {
  return refiner.refine(input as unknown as RefineInput, options as RefineOptions);
}

describe("wrong inputs", () => {
  it.each([
    ["no masks", { image, mask: [] }, "The list of masks is empty: expected at least one mask"],
    ["no photo", { mask }, "The photo is undefined: expected a path, a URL, encoded bytes"],
    ["a number as mask", { image, mask: 3 }, "The mask is a number: expected a path, a URL"],
    ["null in the list", { image, mask: [null] }, "The mask is null: expected a path, a URL"],
    [
      "pixels as floats",
      { image: { ...grey, data: new Float32Array(12) }, mask: empty },
      "The values of the photo are a Float32Array: expected Uint8Array or Uint8ClampedArray",
    ],
    [
      "mask values as floats",
      { image: grey, mask: { ...empty, data: new Float32Array(4) } },
      "The values of the mask are a Float32Array: expected Uint8Array or Uint16Array",
    ],
    [
      "a list of numbers",
      { image: grey, mask: { ...empty, data: [0, 1, 1, 0] } },
      "The values of the mask are an Array: expected Uint8Array or Uint16Array",
    ],
    [
      "too few pixels",
      { image: { ...grey, data: new Uint8Array(7) }, mask: empty },
      "The photo has 7 values",
    ],
    ["too few values", { image: grey, mask: { ...empty, data: new Uint8Array(3) } }, "The mask has 3 values"],
    ["half a pixel", { image: grey, mask: { ...empty, width: 0.5 } }, "The mask is 0.5×2 pixels"],
    ["half a URL", { image: "http://", mask }, /^http:\/\/ is no URL of a photo \(.*\): expected file:/],
  ])("%s: one sentence", async (_, input, message) => {
    const error = await refine(input).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
  });

  it.skipIf(process.platform === "win32")("a file on another host: one sentence", async () => {
    const error = await refine({ image: "file://host/photo.jpg", mask }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch("file://host/photo.jpg is no URL of a photo");
  });

  it("a server that is not there: says what happened", async () => {
    const error = await refine({ image: "http://127.0.0.1:1/photo.jpg", mask }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(
      /^http:\/\/127\.0\.0\.1:1\/photo\.jpg cannot be read \(fetch failed: /,
    );
  });
});

describe("wrong options", () => {
  it.each([
    ["0", '"0"'],
    [Number.NaN, "NaN"],
    [-1, "-1"],
    [1.5, "1.5"],
    [70_000, "70000"],
  ])("ignoreLabel %s", async (ignoreLabel, shown) => {
    const error = await refine({ image, mask }, { ignoreLabel }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toBe(
      `Option "ignoreLabel" is ${shown}: expected a whole number from 0 to 65535, or null`,
    );
  });

  it("encoding", async () => {
    const error = await refine({ image, mask }, { encoding: "trimap" }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toBe('Unknown encoding "trimap": expected auto, binary, labels');
  });

  it("a mask that is not there", async () => {
    const result = await refiner.refine({ image: grey, mask: [empty, empty] }, { explain: true });
    for (const call of [result.compare({ index: 9 }), result.explain(9)]) {
      const error = await call.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(OptionError);
      expect((error as Error).message).toBe(
        "There is no refined mask of index 9: expected a whole number from 0 to 1",
      );
    }
  });
});

import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { frameOf } from "../../../src/core/frame.ts";
import { excavate } from "../../../src/core/prompts/excavate.ts";
import { type MethodSettings, resolveSettings } from "../../../src/core/settings.ts";
import { ascii, placed, rectangle } from "../../helpers/ascii-mask.ts";

/** A photo of 64 × 64 pixels: each pixel is one cell of the embedding. */
const FRAME = frameOf(64, 64);

/** The object's direction in a box of cells, another one elsewhere. */
function embeddingWith(like: (column: number, row: number) => boolean): Float32Array {
  const data = new Float32Array(256 * 64 * 64);
  for (let i = 0; i < 64 * 64; i++) data[(like(i % 64, Math.floor(i / 64)) ? 0 : 64 * 64) + i] = 1;
  return data;
}
const uniform = embeddingWith(() => true);

const DIAMOND = placed(
  ascii`
    ...#...
    ..###..
    .#####.
    #######
    .#####.
    ..###..
    ...#...
  `,
  64,
  64,
  20,
  30,
);

const paper = (changes: Partial<MethodSettings> = {}) => resolveSettings("paper", changes);
const reference = (changes: Partial<MethodSettings> = {}) => resolveSettings("reference", changes);

describe("excavate", () => {
  it("refuses an empty mask", () => {
    const empty = { width: 64, height: 64, data: new Uint8Array(64 * 64) };
    expect(() => excavate(empty, uniform, FRAME, paper())).toThrow(InputError);
    expect(() => excavate(empty, uniform, FRAME, reference())).toThrow(InputError);
  });

  it("gives all prompts of the paper's preset", () => {
    const prompts = excavate(DIAMOND, uniform, FRAME, paper({ elasticBox: false }));
    expect(prompts).toMatchObject({
      positive: { x: 23, y: 33 },
      negative: { x: 20, y: 30 },
      tightBox: [20, 30, 26, 36],
      box: [20, 30, 26, 36],
    });
    expect(prompts.maskLogits).toHaveLength(256 * 256);
  });

  it.each([
    ["point", "positive"],
    ["negativePoint", "negative"],
    ["box", "box"],
    ["mask", "maskLogits"],
  ] as const)("leaves the others alone when %s is switched off (Table 1)", (setting, prompt) => {
    for (const preset of [paper, reference]) {
      const all = excavate(DIAMOND, uniform, FRAME, preset());
      const without = excavate(DIAMOND, uniform, FRAME, preset({ [setting]: false }));
      expect(all).toHaveProperty(prompt);
      const { [prompt]: _, ...others } = all;
      expect(without).toEqual(others);
    }
  });

  it("still centres the Gaussian mask when the point is switched off", () => {
    const { maskLogits } = excavate(DIAMOND, uniform, FRAME, paper({ point: false }));
    expect(maskLogits![(33 * 4 + 2) * 256 + 23 * 4 + 2]).toBeGreaterThan(14);
  });

  it("has no negative point for a mask that fills its box", () => {
    const block = rectangle(64, 64, [10, 10, 19, 19]);
    expect(excavate(block, uniform, FRAME, paper())).not.toHaveProperty("negative");
    expect(excavate(block, uniform, FRAME, reference()).negative).toEqual({ x: 0, y: 0 });
  });

  it("moves the box out by the iteration's margin; the last margin repeats", () => {
    const block = rectangle(64, 64, [10, 10, 30, 30]);
    const settings = resolveSettings("default");
    const box = (iteration: number) => excavate(block, uniform, FRAME, settings, iteration).box;
    expect(box(0)).toEqual([10, 10, 30, 30]);
    expect(box(1)).toEqual([9, 9, 31, 31]);
    expect(box(2)).toEqual([8, 8, 32, 32]);
    expect(box(7)).toEqual([8, 8, 32, 32]);
  });

  it("keeps the tight box where the mask is lost in the resize to the embedding", () => {
    const photo = frameOf(640, 640);
    const dot = rectangle(640, 640, [12, 12, 15, 15]);
    expect(excavate(dot, uniform, photo, paper()).box).toEqual([12, 12, 15, 15]);
  });

  it("does not ask the embedding anything without an elastic box", () => {
    const none = new Float32Array(0);
    expect(excavate(DIAMOND, none, FRAME, paper({ elasticBox: false })).box).toEqual([20, 30, 26, 36]);
    expect(excavate(DIAMOND, none, FRAME, paper({ box: false }))).not.toHaveProperty("box");
  });

  describe("with the published code's rules", () => {
    const block = rectangle(64, 64, [20, 20, 40, 40]);
    // Strips start at the box's own last column: half of this one is the object itself.
    const elastic = reference({ elasticBox: true, lambda: 0.6 });
    const toTheRight = embeddingWith((column, row) => column >= 20 && row >= 20 && row <= 40);
    const largest = (logits: Float32Array) => logits.reduce((most, v) => Math.max(most, v));

    it("drops the mask's amplitude to 1 where the box grew", () => {
      const grown = excavate(block, toTheRight, FRAME, elastic);
      expect(grown.box).toEqual([20, 20, 42, 40]);
      expect(largest(grown.maskLogits!)).toBeCloseTo(1, 1);
      expect(grown.maskLogits![0]).toBe(-1);
    });

    it("keeps the amplitude where the box did not grow", () => {
      const lonely = embeddingWith((c, r) => c >= 20 && c <= 40 && r >= 20 && r <= 40);
      const same = excavate(block, lonely, FRAME, elastic);
      expect(same.box).toEqual([20, 20, 40, 40]);
      expect(same.maskLogits![0]).toBe(-30);
    });

    it("keeps the tight box by default, without a margin in later iterations", () => {
      expect(excavate(block, toTheRight, FRAME, reference(), 3).box).toEqual([20, 20, 40, 40]);
    });
  });
});

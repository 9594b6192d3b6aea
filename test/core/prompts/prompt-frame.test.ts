import { describe, expect, it } from "vitest";
import { frameOf } from "../../../src/core/frame.ts";
import { promptFrame, promptsIn } from "../../../src/core/prompts/prompt-frame.ts";
import { resolveSettings } from "../../../src/core/settings.ts";

const ours = resolveSettings("default");

describe("promptFrame", () => {
  it("has two pixels to a low-res cell, and lies in the encoder's frame as the photo does", () => {
    expect(promptFrame(frameOf(1632, 1224), ours)).toEqual({
      width: 512,
      height: 384,
      scaledWidth: 1024,
      scaledHeight: 768,
    });
    expect(promptFrame(frameOf(667, 1000), ours)).toMatchObject({
      width: 342,
      height: 512,
      scaledWidth: 683,
    });
  });

  it("is the photo's own where that has no more pixels", () => {
    for (const [width, height] of [
      [512, 384],
      [100, 77],
      [1, 1],
      [3000, 1],
    ] as const) {
      const photo = frameOf(width, height);
      expect(promptFrame(photo, ours)).toBe(photo);
    }
  });

  it("is the photo's own where settings count photo pixels", () => {
    const photo = frameOf(1632, 1224);
    expect(promptFrame(photo, resolveSettings("reference"))).toBe(photo);
    expect(promptFrame(photo, resolveSettings("paper"))).toBe(photo);
    expect(promptFrame(photo, resolveSettings("paper", { elasticBox: false }))).not.toBe(photo);
    expect(promptFrame(photo, resolveSettings("paper", { box: false }))).not.toBe(photo);
  });
});

describe("promptsIn", () => {
  const photo = frameOf(1536, 1152);
  const small = promptFrame(photo, ours);

  it("gives the photo's pixels: the middle of a point's pixel, the outer edges of a box", () => {
    const prompts = {
      positive: { x: 100, y: 50 },
      negative: { x: 0, y: 383 },
      tightBox: [10, 20, 19, 20],
      box: [0, 0, 511, 383],
    } as const;
    expect(promptsIn(prompts, small, photo)).toEqual({
      positive: { x: 301, y: 151 },
      negative: { x: 1, y: 1150 },
      tightBox: [30, 60, 59, 62],
      box: [0, 0, 1535, 1151],
    });
  });

  it("leaves out what is not there, and keeps the mask prompt", () => {
    const maskLogits = new Float32Array(4);
    const found = promptsIn({ tightBox: [1, 1, 1, 1], maskLogits }, small, photo);
    expect(Object.keys(found).toSorted()).toEqual(["maskLogits", "tightBox"]);
    expect(found.maskLogits).toBe(maskLogits);
  });

  it("changes nothing from a frame to itself", () => {
    const prompts = { tightBox: [1, 2, 3, 4] } as const;
    expect(promptsIn(prompts, photo, photo)).toBe(prompts);
  });
});

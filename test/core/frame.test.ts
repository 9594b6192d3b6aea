import { describe, expect, it } from "vitest";
import { frameOf, lowResCell } from "../../src/core/frame.ts";

describe("frameOf", () => {
  it.each([
    [1024, 1024, 1024, 1024],
    [500, 375, 1024, 768],
    [375, 500, 768, 1024],
    [640, 427, 1024, 683],
    [4000, 1, 1024, 1],
    [1, 1, 1024, 1024],
    [3, 2, 1024, 683],
  ])("scales a photo of %i × %i to %i × %i", (width, height, scaledWidth, scaledHeight) => {
    expect(frameOf(width, height)).toEqual({ width, height, scaledWidth, scaledHeight });
  });

  it("rounds halves up, as SAM's own transform does", () => {
    // 2048 → 1024, so 1025 → 512.5.
    expect(frameOf(2048, 1025).scaledHeight).toBe(513);
    expect(frameOf(1025, 2048).scaledWidth).toBe(513);
  });
});

describe("lowResCell", () => {
  it("is a 256th of the longest side", () => {
    expect(lowResCell({ width: 512, height: 100 })).toBe(2);
    expect(lowResCell({ width: 64, height: 128 })).toBe(0.5);
  });
});

import { describe, expect, it } from "vitest";
import type { Prompts } from "../../../src/core/prompts/excavate.ts";
import { addOwnPrompts } from "../../../src/core/prompts/own-prompts.ts";

const FOUND: Prompts = { positive: { x: 5, y: 5 }, tightBox: [2, 2, 8, 8], box: [1, 1, 9, 9] };

describe("addOwnPrompts", () => {
  it("changes nothing without own prompts", () => {
    expect(addOwnPrompts(FOUND, {})).toEqual(FOUND);
    expect(addOwnPrompts(FOUND, { points: [] })).toEqual(FOUND);
  });

  it("adds points, and widens the excavated box to positive ones only", () => {
    const points = [
      { x: 20, y: 4, positive: true },
      { x: 4, y: 30, positive: false },
    ];
    expect(addOwnPrompts(FOUND, { points })).toEqual({ ...FOUND, own: points, box: [1, 1, 20, 9] });
  });

  it("takes the caller's box as it is", () => {
    const points = [{ x: 20, y: 4, positive: true }];
    expect(addOwnPrompts(FOUND, { points, box: [3, 3, 4, 4] }).box).toEqual([3, 3, 4, 4]);
  });

  it("leaves prompts without a box without one", () => {
    const { box: _, ...bare } = FOUND;
    expect(addOwnPrompts(bare, { points: [{ x: 0, y: 0, positive: true }] })).not.toHaveProperty("box");
  });
});

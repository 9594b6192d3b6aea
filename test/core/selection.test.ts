import { describe, expect, it } from "vitest";
import {
  type SelectionSettings,
  scoreTokens,
  selectionPolicy,
  selectToken,
  type TokenScore,
} from "../../src/core/selection.ts";

const CELLS = 256 * 256;

/** Four tokens of low-res logits, each a list of its first logits; the rest is −10. */
function tokens(...lists: readonly (readonly number[])[]): Float32Array {
  const data = new Float32Array(4 * CELLS).fill(-10);
  lists.forEach((list, token) => {
    data.set(list, token * CELLS);
  });
  return data;
}

function coarse(...cells: readonly number[]): Uint8Array {
  const data = new Uint8Array(CELLS);
  data.set(cells);
  return data;
}

describe("stability", () => {
  /** Of a token with these logits; the rest is −10. */
  const stability = (...logits: readonly number[]): number =>
    scoreTokens(tokens(logits), Float32Array.of(0), coarse(), "single")[0]!.stability;

  it("is the share of cells above −1 that are above 1, both strictly", () => {
    expect(stability(2, 1.1, 0, -0.9, -1, -5)).toBe(2 / 4);
    expect(stability(1, 1, 1.5)).toBe(1 / 3);
    expect(stability(9, 9, -9)).toBe(1);
  });

  it("is 0 where nothing exceeds −1", () => {
    expect(stability(-1, -2)).toBe(0);
  });
});

describe("scoreTokens", () => {
  const logits = tokens([9], [9, 0.5], [9, 9, 9, 9], [0.5, 0.5]);
  const predicted = Float32Array.of(0.5, 0.25, 0.75, 1);

  it("scores the three multimask tokens", () => {
    expect(scoreTokens(logits, predicted, coarse(1, 1), "multi")).toEqual([
      { token: 1, predictedIoU: 0.25, stability: 1 / 2, coarseIoU: 1 },
      { token: 2, predictedIoU: 0.75, stability: 1, coarseIoU: 1 / 2 },
      { token: 3, predictedIoU: 1, stability: 0, coarseIoU: 1 },
    ]);
  });

  it("scores the single-mask token alone", () => {
    expect(scoreTokens(logits, predicted, coarse(1, 1), "single")).toEqual([
      { token: 0, predictedIoU: 0.5, stability: 1, coarseIoU: 1 / 2 },
    ]);
  });

  it("counts logits above 0 for the coarse IoU", () => {
    const [score] = scoreTokens(tokens([], [0.1, 0, -0.1, 5]), predicted, coarse(1, 1, 0, 0), "multi");
    expect(score!.coarseIoU).toBe(1 / 3);
  });

  it("has a coarse IoU of 0 where both are empty", () => {
    const [score] = scoreTokens(tokens(), predicted, coarse(), "multi");
    expect(score!.coarseIoU).toBe(0);
  });
});

describe("selectToken", () => {
  const score = (token: number, predictedIoU: number, stable: number, coarseIoU: number): TokenScore => ({
    token,
    predictedIoU,
    stability: stable,
    coarseIoU,
  });
  const scores = [score(1, 0.9, 0.1, 0.5), score(2, 0.2, 0.8, 0.4), score(3, 0.3, 0.2, 0.7)];

  it.each([
    ["predicted-iou", 1],
    ["stability", 2],
    ["coarse-iou", 3],
  ] as const)("takes the highest %s", (policy, token) => {
    expect(selectToken(scores, { selection: policy, agreement: 0 }).token).toBe(token);
  });

  it("adds the agreement with the coarse mask, by its weight", () => {
    const close = [score(1, 0, 0.8, 0.2), score(2, 0, 0.7, 0.6)];
    expect(selectToken(close, { selection: "stability", agreement: 0.2 }).token).toBe(1);
    expect(selectToken(close, { selection: "stability", agreement: 0.3 }).token).toBe(2);
  });

  it("takes the lower token of ties", () => {
    expect(
      selectToken([score(1, 0.2, 0, 0), score(2, 0.9, 0, 0), score(3, 0.9, 0, 0)], {
        selection: "predicted-iou",
        agreement: 0,
      }).token,
    ).toBe(2);
  });

  it("takes the only token there is", () => {
    expect(selectToken([score(0, 0, 0, 0)], { selection: "stability", agreement: 0 }).token).toBe(0);
  });
});

describe("selectToken with an IoU adaptor", () => {
  const scores: TokenScore[] = [
    { token: 1, predictedIoU: 0.9, adaptedIoU: 0.5, stability: 0.75, coarseIoU: 0.9 },
    { token: 2, predictedIoU: 0.8, adaptedIoU: 0.9, stability: 0.5, coarseIoU: 0.4 },
    { token: 3, predictedIoU: 0.7, adaptedIoU: 0.75, stability: 1, coarseIoU: 0.3 },
  ];
  const chosen = (selection: SelectionSettings["selection"], agreement = 0): number =>
    selectToken(scores, { selection, agreement }).token;

  it("chooses by each policy", () => {
    expect(chosen("predicted-iou")).toBe(1);
    expect(chosen("adapted")).toBe(2);
    expect(chosen("stability")).toBe(3);
    expect(chosen("coarse-iou")).toBe(1);
    expect(chosen("combined")).toBe(3);
    expect(chosen("adapted", 1)).toBe(1);
  });

  it("takes the head's own scores where nothing was adapted", () => {
    const plain = scores.map(({ adaptedIoU: _, ...score }) => score);
    expect(selectToken(plain, { selection: "adapted", agreement: 0 }).token).toBe(1);
    expect(selectToken(plain, { selection: "combined", agreement: 0 }).token).toBe(3);
  });

  it("scores it beside the head's own", () => {
    const found = scoreTokens(tokens([9], [9], [9], [9]), new Float32Array(4), coarse(1), "multi");
    expect(found[0]).not.toHaveProperty("adaptedIoU");
    const adapted = Float32Array.of(0, 0.25, 0.5, 0.75);
    const list = scoreTokens(tokens([9], [9], [9], [9]), new Float32Array(4), coarse(1), "multi", adapted);
    expect(list.map(({ adaptedIoU }) => adaptedIoU)).toEqual([0.25, 0.5, 0.75]);
  });
});

it("names the policy, the single-mask token's too", () => {
  expect(selectionPolicy({ tokens: "multi", selection: "combined" })).toBe("combined");
  expect(selectionPolicy({ tokens: "single", selection: "combined" })).toBe("single");
});

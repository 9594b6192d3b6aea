import { expect, it } from "vitest";
import { rankingLoss } from "../../../src/core/adaption/ranking-loss.ts";

it("sums what stands in the way of the best candidate, with the margin (Eq. 4)", () => {
  const { loss, gradient } = rankingLoss([0.9, 0.85, 0.8], 1, 0.02);
  expect(loss).toBeCloseTo(0.07, 12);
  expect([...gradient]).toEqual([1, -1, 0]);
});

it("counts candidates within the margin, and is 0 beyond it", () => {
  expect(rankingLoss([0.85, 0.86, 0.5], 1, 0.02)).toEqual({
    loss: expect.closeTo(0.01, 12),
    gradient: Float64Array.of(1, -1, 0),
  });
  expect(rankingLoss([0.5, 0.9, 0.6], 1, 0.02)).toEqual({ loss: 0, gradient: new Float64Array(3) });
});

import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Box } from "../../../src/core/mask.ts";
import {
  elasticBox,
  type GrowthRule,
  marginBox,
  referenceElasticBox,
} from "../../../src/core/prompts/boxes.ts";
import type { SimilarityMap } from "../../../src/core/prompts/similarity.ts";

const PHOTO = { width: 100, height: 80 };
const RULE: GrowthRule = { lambda: 0.1, similarity: 0.5, rounds: 5, step: 10 };

/** Ten pixels wide and high. */
const TIGHT: Box = [40, 30, 49, 39];

const everywhere: SimilarityMap = () => 1;
const nowhere: SimilarityMap = () => 0;

/** 1 inside a box, 0 elsewhere. */
const inside =
  ([x0, y0, x1, y1]: Box): SimilarityMap =>
  (x, y) =>
    x >= x0 && x <= x1 && y >= y0 && y <= y1 ? 1 : 0;

describe("marginBox", () => {
  it("moves each side out by a share of the box's own side", () => {
    expect(marginBox([10, 20, 30, 60], 0.1, PHOTO)).toEqual([8, 16, 32, 64]);
    expect(marginBox([10, 20, 30, 60], 0.05, PHOTO)).toEqual([9, 18, 31, 62]);
  });

  it("moves them in for a negative margin", () => {
    expect(marginBox([10, 20, 30, 60], -0.1, PHOTO)).toEqual([12, 24, 28, 56]);
  });

  it("clamps each side to the photo on its own", () => {
    expect(marginBox([1, 20, 98, 60], 0.5, PHOTO)).toEqual([0, 0, 99, 79]);
  });

  it("leaves the box alone for margin 0", () => {
    expect(marginBox(TIGHT, 0, PHOTO)).toEqual(TIGHT);
  });
});

describe("elasticBox", () => {
  it("stays tight where nothing around it is similar", () => {
    expect(elasticBox(TIGHT, nowhere, PHOTO, RULE)).toEqual(TIGHT);
  });

  it.each([
    ["left", [0, 30, 39, 39], [35, 30, 49, 39]],
    ["right", [50, 30, 99, 39], [40, 30, 54, 39]],
    ["up", [40, 0, 49, 29], [40, 25, 49, 39]],
    ["down", [40, 40, 49, 79], [40, 30, 49, 44]],
  ] as [string, Box, Box][])(
    "grows only to the %s, a pixel in each of five rounds",
    (_, similar, expected) => {
      expect(elasticBox(TIGHT, inside(similar), PHOTO, RULE)).toEqual(expected);
    },
  );

  it("does not look at the similarity inside the box", () => {
    expect(elasticBox(TIGHT, inside(TIGHT), PHOTO, RULE)).toEqual(TIGHT);
  });

  it("grows only where more than λ of the strip is similar", () => {
    const pixels = (count: number): SimilarityMap => inside([50, 30, 50, 29 + count]);
    expect(elasticBox(TIGHT, pixels(1), PHOTO, RULE)).toEqual(TIGHT); // 1 of 10 is not more than 0.1
    expect(elasticBox(TIGHT, pixels(2), PHOTO, RULE)).toEqual([40, 30, 50, 39]);
    expect(elasticBox(TIGHT, pixels(2), PHOTO, { ...RULE, lambda: 0.2 })).toEqual(TIGHT);
  });

  it("takes exactly the threshold for similar", () => {
    expect(elasticBox(TIGHT, () => 0.5, PHOTO, { ...RULE, rounds: 1 })).toEqual([39, 29, 50, 40]);
    expect(elasticBox(TIGHT, () => 0.4999, PHOTO, RULE)).toEqual(TIGHT);
  });

  it("stops where the similar area ends", () => {
    expect(elasticBox(TIGHT, inside([50, 30, 51, 39]), PHOTO, RULE)).toEqual([40, 30, 51, 39]);
  });

  it("stops after the rounds allowed", () => {
    const right = inside([50, 30, 99, 39]);
    expect(elasticBox(TIGHT, right, PHOTO, { ...RULE, rounds: 1 })).toEqual([40, 30, 50, 39]);
    expect(elasticBox(TIGHT, right, PHOTO, { ...RULE, rounds: 2 })).toEqual([40, 30, 51, 39]);
  });

  it("stops after the first round that changes nothing", () => {
    const similar = vi.fn(nowhere);
    elasticBox(TIGHT, similar, PHOTO, RULE);
    expect(similar).toHaveBeenCalledTimes(4 * 10);
  });

  it("enlarges by 10 % of the side as it is now", () => {
    // 20 wide: +2, 22: +2, 24: +2, 26: +3 (2.6), 29: +3 (2.9).
    const right = inside([60, 30, 99, 39]);
    expect(elasticBox([40, 30, 59, 39], right, PHOTO, RULE)).toEqual([40, 30, 71, 39]);
  });

  it("rounds 10 % of the side, counted in pixels", () => {
    // Fifteen pixels: 1.5, rounded up to 2.
    const once = { ...RULE, rounds: 1 };
    expect(elasticBox([40, 30, 54, 39], inside([55, 30, 99, 39]), PHOTO, once)).toEqual([40, 30, 56, 39]);
    // Fourteen pixels: 1.4.
    expect(elasticBox([40, 30, 53, 39], inside([54, 30, 99, 39]), PHOTO, once)).toEqual([40, 30, 54, 39]);
  });

  it("enlarges by no more than the step at a time", () => {
    const large = { width: 1000, height: 1000 };
    const box: Box = [100, 100, 399, 399];
    const once = { ...RULE, rounds: 1 };
    expect(elasticBox(box, inside([400, 0, 999, 999]), large, once)).toEqual([100, 100, 409, 399]);
    expect(elasticBox(box, inside([400, 100, 999, 399]), large, { ...once, step: 4 })).toEqual([
      100, 100, 403, 399,
    ]);
  });

  it("lets a box of a few pixels grow at all", () => {
    expect(elasticBox([5, 5, 5, 5], everywhere, PHOTO, { ...RULE, rounds: 1 })).toEqual([4, 4, 6, 6]);
  });

  it("judges up and down on the box that left and right have already enlarged", () => {
    // The similar pixel above lies outside the tight box's columns, inside the enlarged one's.
    const similar: SimilarityMap = (x, y) =>
      (x === 50 && y >= 30 && y <= 39) || (x === 50 && y === 29) ? 1 : 0;
    const rule = { ...RULE, rounds: 1, lambda: 0.05 };
    expect(elasticBox(TIGHT, similar, PHOTO, rule)).toEqual([40, 29, 50, 39]);
  });

  it("reaches the photo's border and stays inside", () => {
    const small = { width: 14, height: 13 };
    expect(elasticBox([2, 2, 11, 11], everywhere, small, { ...RULE, rounds: 20 })).toEqual([0, 0, 13, 12]);
  });

  it("always holds the tight box and lies inside the photo", () => {
    const anyBox = fc
      .tuple(fc.nat(39), fc.nat(29), fc.nat(39), fc.nat(29))
      .map(([a, b, c, d]): Box => [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]);
    const noise = fc.integer().map(
      (seed): SimilarityMap =>
        (x, y) =>
          Math.sin(x * 12.9898 + y * 78.233 + seed),
    );
    fc.assert(
      fc.property(anyBox, noise, fc.double({ min: 0, max: 1, noNaN: true }), (box, similar, lambda) => {
        const [x0, y0, x1, y1] = elasticBox(box, similar, { width: 40, height: 30 }, { ...RULE, lambda });
        expect(x0 >= 0 && x0 <= box[0] && y0 >= 0 && y0 <= box[1]).toBe(true);
        expect(x1 <= 39 && x1 >= box[2] && y1 <= 29 && y1 >= box[3]).toBe(true);
      }),
    );
  });
});

describe("referenceElasticBox", () => {
  const box: Box = [10, 10, 30, 50];

  it("grows each side once, by a tenth of max − min", () => {
    expect(referenceElasticBox(box, everywhere, PHOTO, RULE)).toEqual([8, 6, 32, 54]);
  });

  it("cuts fractions of a pixel off the new coordinate, not off the step", () => {
    expect(referenceElasticBox([10, 10, 25, 25], everywhere, PHOTO, RULE)).toEqual([8, 8, 26, 26]);
  });

  it("grows by no more than the step", () => {
    expect(referenceElasticBox(box, everywhere, PHOTO, { ...RULE, step: 1 })).toEqual([9, 9, 31, 51]);
  });

  it("asks for more than the threshold", () => {
    expect(referenceElasticBox(box, () => 0.5, PHOTO, RULE)).toEqual(box);
  });

  it("does not grow a side that would leave the photo", () => {
    expect(referenceElasticBox([1, 3, 21, 43], everywhere, { width: 22, height: 46 }, RULE)).toEqual([
      1, 3, 21, 43,
    ]);
    expect(referenceElasticBox([2, 4, 22, 44], everywhere, { width: 24, height: 48 }, RULE)).toEqual([
      0, 0, 24, 48,
    ]);
  });

  it("does not grow a side that would leave the photo by less than a pixel", () => {
    // 1 − 1.5 is cut to 0, but lies outside.
    expect(referenceElasticBox([1, 1, 16, 16], everywhere, PHOTO, RULE)).toEqual([1, 1, 17, 17]);
  });

  it("judges each side on the tight box alone", () => {
    const similar: SimilarityMap = (x, y) => (x >= 31 && y >= 10 && y <= 50 ? 1 : 0);
    expect(referenceElasticBox(box, similar, PHOTO, RULE)).toEqual([10, 10, 32, 50]);
  });

  it("does not see the last row and column of a strip", () => {
    expect(referenceElasticBox(box, inside([32, 0, 99, 79]), PHOTO, RULE)).toEqual(box);
    expect(referenceElasticBox(box, inside([31, 0, 99, 79]), PHOTO, RULE)).toEqual([10, 10, 32, 50]);
  });
});

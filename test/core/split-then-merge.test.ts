import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connectedComponents } from "../../src/core/components.ts";
import type { Mask } from "../../src/core/mask.ts";
import { mergeParts, type SplitSettings, splitClass } from "../../src/core/split-then-merge.ts";
import { ascii, draw } from "../helpers/ascii-mask.ts";
import { anyMask } from "./arbitrary.ts";

const PAPER: SplitSettings = { split: "merge", mu: 0.5, minPart: 0, rules: "paper" };
const REFERENCE: SplitSettings = { ...PAPER, rules: "reference" };

/** The groups of part numbers, each ascending; parts count from 1 in row-major order of their first pixel. */
function groups(mask: Mask, settings: SplitSettings = PAPER): number[][] {
  const { list } = connectedComponents(mask);
  return mergeParts(list, settings).map((ids) => [...ids].sort((a, b) => a - b));
}

describe("Algorithm 1", () => {
  it("merges parts that fill most of the box around both", () => {
    const mask = ascii`
      ##.##
      ##.##
    `;
    expect(groups(mask)).toEqual([[1, 2]]); // 8 of 10
  });

  it("keeps apart parts that lie far from each other", () => {
    const mask = ascii`
      ##......##
      ##......##
    `;
    expect(groups(mask)).toEqual([[1], [2]]); // 8 of 20
  });

  it("asks for more than μ, not for μ", () => {
    expect(groups(ascii`#..#`)).toEqual([[1], [2]]); // 2 of 4
    expect(groups(ascii`#.#`)).toEqual([[1, 2]]); // 2 of 3
  });

  it("keeps apart parts whose boxes fill the joint box but whose masks do not", () => {
    const mask = ascii`
      #######.#######
      #.....#.#.....#
      #.....#.#.....#
      #.....#.#.....#
      #.....#.#.....#
      #.....#.#.....#
      #######.#######
    `;
    expect(groups(mask)).toEqual([[1], [2]]); // boxes 98 of 105, masks 48 of 105
  });

  it("merges the same parts once they are filled enough", () => {
    const mask = ascii`
      #######.#######
      #######.#######
      #.....#.#.....#
      #.....#.#.....#
      #.....#.#.....#
      #.....#.#.....#
      #######.#######
    `;
    expect(groups(mask)).toEqual([[1, 2]]); // masks 58 of 105
  });

  it("obeys μ", () => {
    const mask = ascii`##.##`; // 4 of 5
    expect(groups(mask, { ...PAPER, mu: 0.79 })).toEqual([[1, 2]]);
    expect(groups(mask, { ...PAPER, mu: 0.8 })).toEqual([[1], [2]]);
    expect(groups(ascii`#.........#`, { ...PAPER, mu: 0 })).toEqual([[1, 2]]);
  });

  it("compares later parts with the merged box and area", () => {
    expect(groups(ascii`##....##`)).toEqual([[1], [2]]); // 4 of 8
    expect(groups(ascii`##.##.##`)).toEqual([[1, 2, 3]]); // 4 of 5, then 6 of 8
  });

  it("does not return to a part that it has passed", () => {
    const mask = ascii`
      ##....##
      ##.##.##
    `;
    // Part 2 is the right block: 8 of 16. Part 3, in the middle, joins part 1 afterwards: 6 of 10.
    expect(groups(mask)).toEqual([[1, 3], [2]]);
  });

  it("merges later parts with each other too", () => {
    expect(groups(ascii`##.......##.##`)).toEqual([[1], [2, 3]]);
  });

  it("takes overlapping boxes for what they are", () => {
    const mask = ascii`
      #####
      #....
      #.###
      #.###
      #.###
    `;
    expect(groups(mask)).toEqual([[1, 2]]); // 9 + 9 of 25
  });
});

describe("the published code's merging", () => {
  it("drops regions under five pixels when there are two or more", () => {
    const apart = ascii`
      ####..#######
      ......#######
    `;
    expect(groups(apart)).toEqual([[1, 2]]);
    expect(groups(apart, REFERENCE)).toEqual([[2]]);
    expect(groups(ascii`##`, REFERENCE)).toEqual([[1]]);
  });

  it("asks the masks for less where a part is sparse in its own box", () => {
    const mask = ascii`
      #######.#######
      #.....#.#.....#
      #.....#.#.....#
      #.....#.#.....#
      #.....#.#.....#
      #.....#.#.....#
      #######.#######
    `;
    // Own occupancy 24 of 49 = 0.49, so 0.39 is asked for: 48 of 14 × 6 = 84 is 0.57.
    expect(groups(mask, REFERENCE)).toEqual([[1, 2]]);
  });

  it("asks for a tenth less than that occupancy", () => {
    const mask = ascii`
      #######.....#######
      #.....#.....#.....#
      #.....#.....#.....#
      #.....#.....#.....#
      #.....#.....#.....#
      #.....#.....#.....#
      #######.....#######
    `;
    // 48 of 18 × 6 = 108 is 0.44: under the parts' own 0.49, over 0.39.
    expect(groups(mask, REFERENCE)).toEqual([[1, 2]]);
  });

  it("still asks the boxes for μ", () => {
    const mask = ascii`
      ##########.......................#####
      #................................#####
      #................................#####
      #................................#####
      #.....................................
    `;
    // Masks: 14 + 20 of 37 × 4 = 148 is more than the 14 / 50 − 0.1 asked for. Boxes: 50 + 20 is less than half.
    expect(groups(mask, REFERENCE)).toEqual([[1], [2]]);
    expect(groups(mask, { ...REFERENCE, mu: 0.45 })).toEqual([[1, 2]]);
  });

  it("measures the joint box without its last row and column", () => {
    // 10 of 11 × 2 in the paper's way, 10 of 10 × 1 in the code's.
    const both = ascii`
      ......#####
      #####......
    `;
    expect(groups(both)).toEqual([[1], [2]]);
    expect(groups(both, REFERENCE)).toEqual([[1, 2]]);
  });
});

describe("splitClass", () => {
  const three = ascii`
    ##.##....#
    ##.##....#
    ..........
    #.........
  `;

  it("draws merged parts as one region", () => {
    const { regions, rest } = splitClass(three, PAPER);
    expect(regions.map(draw)).toEqual([
      "##.##.....\n##.##.....\n..........\n..........",
      ".........#\n.........#\n..........\n..........",
      "..........\n..........\n..........\n#.........",
    ]);
    expect(rest).toBeUndefined();
  });

  it("keeps every part apart for `parts`", () => {
    expect(splitClass(three, { ...PAPER, split: "parts" }).regions).toHaveLength(4);
  });

  it("keeps the class whole for `none`", () => {
    const { regions, rest } = splitClass(three, { ...PAPER, split: "none", minPart: 0.9 });
    expect(regions.map(draw)).toEqual([draw(three)]);
    expect(rest).toBeUndefined();
  });

  it.each(["parts", "merge"] as const)("leaves parts under minPart of the photo as they are: %s", (split) => {
    // Of 40 pixels: the blocks have 4, the bar 2, the dot 1. 0.05 is exactly 2.
    const { regions, rest } = splitClass(three, { ...PAPER, split, mu: 0.9, minPart: 0.05 });
    expect(regions).toHaveLength(3);
    expect(draw(rest!)).toBe("..........\n..........\n..........\n#.........");
    const fewer = splitClass(three, { ...PAPER, split, mu: 0.9, minPart: 0.051 });
    expect(fewer.regions).toHaveLength(2);
    expect(draw(fewer.rest!)).toBe(".........#\n.........#\n..........\n#.........");
  });

  it("leaves what the published code drops", () => {
    const { regions, rest } = splitClass(three, REFERENCE);
    expect(regions).toEqual([]);
    expect(draw(rest!)).toBe(draw(three));
  });

  it("has no region for an empty class", () => {
    expect(splitClass(ascii`...`, PAPER)).toEqual({ regions: [], rest: undefined });
  });

  it("puts every foreground pixel into exactly one region or the rest, and no other pixel anywhere", () => {
    const anySettings = fc.record({
      split: fc.constantFrom("merge", "parts", "none"),
      mu: fc.double({ min: 0, max: 1, noNaN: true }),
      minPart: fc.constantFrom(0, 0.02, 0.1, 1),
      rules: fc.constantFrom("paper", "reference"),
    }) as fc.Arbitrary<SplitSettings>;
    fc.assert(
      fc.property(anyMask(16), anySettings, (mask, settings) => {
        const { regions, rest } = splitClass(mask, settings);
        const times = new Uint8Array(mask.data.length);
        for (const { data } of rest === undefined ? regions : [...regions, rest]) {
          data.forEach((v, i) => {
            times[i]! += v;
          });
        }
        expect([...times]).toEqual([...mask.data]);
        if (settings.split !== "none") for (const region of regions) expect(region.data).toContain(1);
      }),
      { numRuns: 300 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Mask, maskBox, type Point } from "../../../src/core/mask.ts";
import { negativePoint, positivePoint, referencePoints } from "../../../src/core/prompts/points.ts";
import { ascii, placed } from "../../helpers/ascii-mask.ts";
import { anyObject } from "../arbitrary.ts";

const positive = (mask: Mask) => positivePoint(mask, maskBox(mask)!);
const negative = (mask: Mask) => negativePoint(mask, maskBox(mask)!);
const reference = (mask: Mask) => referencePoints(mask, maskBox(mask)!);

/** Squared distance from a pixel to the nearest pixel of a value, anywhere in the photo. */
function nearest({ width, data }: Mask, { x, y }: Point, value: 0 | 1): number {
  let best = Number.POSITIVE_INFINITY;
  data.forEach((v, i) => {
    if (v === value) best = Math.min(best, (x - (i % width)) ** 2 + (y - Math.floor(i / width)) ** 2);
  });
  return best;
}

/** First pixel in row-major order with the largest distance to the other value, among those of a value in the box. */
function farthestIn(mask: Mask, value: 0 | 1): Point | undefined {
  const [x0, y0, x1, y1] = maskBox(mask)!;
  let found: Point | undefined;
  let most = 0;
  for (let y = y0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) {
      if (mask.data[y * mask.width + x] !== value) continue;
      const distance = nearest(mask, { x, y }, value === 1 ? 0 : 1);
      if (distance <= most) continue;
      most = distance;
      found = { x, y };
    }
  }
  return found;
}

/** A mask whose most inner pixel depends on the metric. */
const METRICS_DIFFER = ascii`
  .########
  #########
  #########
  ########.
`;

describe("positivePoint", () => {
  it("is the most inner pixel", () => {
    const mask = ascii`
      .........
      ...###...
      ..#####..
      .#######.
      ..#####..
      ...###...
      .........
    `;
    expect(positive(mask)).toEqual({ x: 4, y: 3 });
  });

  it("is in the thick part, not in the middle of the box", () => {
    const mask = ascii`
      ..........
      .#######..
      ......##..
      .....###..
      ....#####.
      .....###..
      ......#...
    `;
    expect(positive(mask)).toEqual({ x: 6, y: 4 });
  });

  it("is the first of ties in row-major order", () => {
    const wide = ascii`
      .......
      .#####.
      .#####.
      .#####.
      .......
    `;
    expect(positive(wide)).toEqual({ x: 2, y: 2 });
    const two = ascii`
      .....#.
      .......
      .#.....
    `;
    expect(positive(two)).toEqual({ x: 5, y: 0 });
  });

  it("may lie on the photo's border, which is not background", () => {
    const mask = ascii`
      ####.
      ####.
      ####.
    `;
    expect(positive(mask)).toEqual({ x: 0, y: 0 });
  });

  it("is the first pixel where there is no background", () => {
    const full = ascii`
      ##
      ##
    `;
    expect(positive(full)).toEqual({ x: 0, y: 0 });
  });

  it("measures Euclidean distance", () => {
    // (5, 0) is (3, 3) away from the lower hole: √18 = 4.24. (4, 1) is (4, 1) away from the upper one: √17 = 4.12.
    expect(positive(METRICS_DIFFER)).toEqual({ x: 5, y: 0 });
  });

  it("agrees with brute force over the whole photo", () => {
    fc.assert(
      fc.property(anyObject(), (mask) => {
        expect(positive(mask)).toEqual(farthestIn(mask, 1));
      }),
      { numRuns: 400 },
    );
  });

  it("does not depend on where in the photo the object lies", () => {
    const bump = ascii`
      .#..
      ####
      .###
    `;
    const at = positive(placed(bump, 20, 20, 3, 4));
    expect(positive(placed(bump, 20, 20, 10, 11))).toEqual({ x: at.x + 7, y: at.y + 7 });
  });
});

describe("negativePoint", () => {
  it("may lie in the last row and column of the box", () => {
    const mask = ascii`
      .......
      .#####.
      .#.....
      .#.....
      .#.....
      .#.....
      .......
    `;
    expect(negative(mask)).toEqual({ x: 5, y: 5 });
  });

  it("may lie in the first row and column of the box", () => {
    const mask = ascii`
      ......
      .....#
      .....#
      .....#
      .#####
    `;
    expect(negative(mask)).toEqual({ x: 1, y: 1 });
  });

  it("stays inside the box although farther background lies outside", () => {
    const mask = ascii`
      ##........
      #.........
      ..........
    `;
    expect(negative(mask)).toEqual({ x: 1, y: 1 });
  });

  it("may lie in a hole", () => {
    const mask = ascii`
      #######
      #######
      ##...##
      ##...##
      ##...##
      #######
    `;
    expect(negative(mask)).toEqual({ x: 3, y: 3 });
  });

  it("does not exist where the mask fills its box", () => {
    const mask = ascii`
      ....
      .##.
      .##.
    `;
    expect(negative(mask)).toBeUndefined();
    expect(negative(ascii`#`)).toBeUndefined();
  });

  it("agrees with brute force over the box", () => {
    fc.assert(
      fc.property(anyObject(), (mask) => {
        expect(negative(mask)).toEqual(farthestIn(mask, 0));
      }),
      { numRuns: 400 },
    );
  });
});

describe("referencePoints", () => {
  it("looks for the negative point in the box without its last row and column", () => {
    const mask = ascii`
      #####
      #....
      #....
      #....
      #....
    `;
    expect(negative(mask)).toEqual({ x: 4, y: 4 });
    expect(reference(mask).negative).toEqual({ x: 3, y: 3 });
  });

  it("leaves the last row out even where only that holds the farthest pixel, and the last column too", () => {
    const row = ascii`
      #######
      .......
      .......
      ......#
    `;
    expect(negative(row)).toEqual({ x: 0, y: 3 });
    expect(reference(row).negative).toEqual({ x: 0, y: 2 });
    const column = ascii`
      #...
      #...
      #...
      #...
      #...
      #...
      #..#
    `;
    expect(negative(column)).toEqual({ x: 3, y: 0 });
    expect(reference(column).negative).toEqual({ x: 2, y: 0 });
  });

  it("falls back to (0, 0) where no background is left there", () => {
    const mask = ascii`
      .....
      ..##.
      ..#..
    `;
    expect(negative(mask)).toEqual({ x: 3, y: 2 });
    expect(reference(mask).negative).toEqual({ x: 0, y: 0 });
  });

  it("measures octile distance, which prefers another pixel than the paper's", () => {
    // (5, 0): three diagonal steps, 4.24. (4, 1): a diagonal and three straight steps, 4.41.
    expect(reference(METRICS_DIFFER).positive).toEqual({ x: 4, y: 1 });
  });

  it("returns the octile distance of every pixel", () => {
    const mask = ascii`
      .##
      ###
    `;
    const { distance, positive: point } = reference(mask);
    expect([...distance]).toEqual([0, 1, 2, 1, Math.SQRT2, 1 + Math.SQRT2]);
    expect(point).toEqual({ x: 2, y: 1 });
  });
});

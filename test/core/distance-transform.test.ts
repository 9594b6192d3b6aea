import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { innermostPixel, squaredDistance } from "../../src/core/distance-transform.ts";
import type { Mask } from "../../src/core/mask.ts";
import { ascii } from "../helpers/ascii-mask.ts";
import { anyMask } from "./arbitrary.ts";

const INF = Number.POSITIVE_INFINITY;

/** Every foreground pixel against every background pixel of the photo. */
function bruteForce({ width, height, data }: Mask): number[] {
  return Array.from(data, (value, i) => {
    if (value === 0) return 0;
    let best = INF;
    for (let j = 0; j < width * height; j++) {
      if (data[j] === 1) continue;
      const dx = (i % width) - (j % width);
      const dy = Math.floor(i / width) - Math.floor(j / width);
      best = Math.min(best, dx * dx + dy * dy);
    }
    return best;
  });
}

describe("squaredDistance", () => {
  it("is 0 on the background and 1 beside it", () => {
    expect([...squaredDistance(ascii`.#.`)]).toEqual([0, 1, 0]);
  });

  it("is Euclidean: the corner of a hole counts 2, not 1 and not 4", () => {
    const mask = ascii`
      #####
      #####
      ##.##
      #####
      #####
    `;
    expect([...squaredDistance(mask)]).toEqual([
      ...[8, 5, 4, 5, 8],
      ...[5, 2, 1, 2, 5],
      ...[4, 1, 0, 1, 4],
      ...[5, 2, 1, 2, 5],
      ...[8, 5, 4, 5, 8],
    ]);
  });

  it("does not take the photo's border for background", () => {
    expect([...squaredDistance(ascii`.####`)]).toEqual([0, 1, 4, 9, 16]);
    const column = ascii`
      #
      #
      .
    `;
    expect([...squaredDistance(column)]).toEqual([4, 1, 0]);
  });

  it("is infinite everywhere without any background", () => {
    const full = ascii`
      ###
      ###
    `;
    expect([...squaredDistance(full)]).toEqual([INF, INF, INF, INF, INF, INF]);
  });

  it("reaches a background pixel that shares neither row nor column", () => {
    const mask = ascii`
      ####
      ####
      ###.
    `;
    expect(squaredDistance(mask)[0]).toBe(9 + 4);
  });

  it("equals the brute-force minimum on random masks", () => {
    fc.assert(
      fc.property(anyMask(12), (mask) => {
        expect([...squaredDistance(mask)]).toEqual(bruteForce(mask));
      }),
      { numRuns: 500 },
    );
  });

  it("equals the brute-force minimum where background is rare", () => {
    const sparse = fc
      .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }))
      .chain(([width, height]) =>
        fc.array(fc.nat({ max: width * height - 1 }), { minLength: 1, maxLength: 4 }).map((holes): Mask => {
          const data = new Uint8Array(width * height).fill(1);
          for (const hole of holes) data[hole] = 0;
          return { width, height, data };
        }),
      );
    fc.assert(
      fc.property(sparse, (mask) => {
        expect([...squaredDistance(mask)]).toEqual(bruteForce(mask));
      }),
    );
  });
});

describe("innermostPixel", () => {
  it("is the pixel with the largest distance", () => {
    const mask = ascii`
      .......
      .#####.
      .#####.
      .#####.
      .####..
      .......
    `;
    // Rows 2 and 3 hold pixels two from the background; (2, 2) is the first of them.
    expect(innermostPixel(mask)).toBe(2 * 7 + 2);
  });

  it("is −1 for an empty mask and 0 for a full one", () => {
    expect(innermostPixel(ascii`...`)).toBe(-1);
    expect(innermostPixel(ascii`###`)).toBe(0);
  });

  it("is the first pixel in row-major order with the largest distance, on random masks", () => {
    fc.assert(
      fc.property(anyMask(14), (mask) => {
        const distance = bruteForce(mask);
        const most = distance.reduce((a, b) => Math.max(a, b));
        expect(innermostPixel(mask)).toBe(most === 0 ? -1 : distance.indexOf(most));
      }),
      { numRuns: 1000 },
    );
  });

  it("is the same where most of a mask is only looked at in blocks", () => {
    const blob = fc.record({
      x: fc.integer({ min: 0, max: 99 }),
      y: fc.integer({ min: 0, max: 79 }),
      wide: fc.integer({ min: 2, max: 60 }),
      high: fc.integer({ min: 2, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(blob, { minLength: 1, maxLength: 4 }), fc.boolean(), (blobs, inverted) => {
        const [width, height] = [100, 80];
        const data = Uint8Array.from({ length: width * height }, (_, i) => {
          const [px, py] = [i % width, Math.floor(i / width)];
          const inside = blobs.some(
            ({ x, y, wide, high }) => ((px - x) / wide) ** 2 + ((py - y) / high) ** 2 < 1,
          );
          return inside === inverted ? 0 : 1;
        });
        const mask = { width, height, data };
        const distance = squaredDistance(mask);
        const most = distance.reduce((a, b) => Math.max(a, b));
        expect(innermostPixel(mask)).toBe(most === 0 ? -1 : distance.indexOf(most));
      }),
      { numRuns: 150 },
    );
  });

  it("finds the last row of a large photo whose lower part has no background below", () => {
    // Full rows with no background after them: a search on from each of them would take quadratic time.
    const [width, height] = [4000, 3000];
    const data = new Uint8Array(width * height).fill(1, width * 1000);
    expect(innermostPixel({ width, height, data })).toBe(width * (height - 1));
  });
});

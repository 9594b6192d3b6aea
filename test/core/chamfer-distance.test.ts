import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chamferDistance } from "../../src/core/chamfer-distance.ts";
import type { Mask } from "../../src/core/mask.ts";
import { ascii } from "../helpers/ascii-mask.ts";
import { anyMask } from "./arbitrary.ts";

const D = Math.SQRT2;

/** The shortest octile path to any background pixel: as many diagonal steps as fit, straight ones for the rest. */
function bruteForce({ width, data }: Mask): number[] {
  return Array.from(data, (_, i) => {
    let best = Number.POSITIVE_INFINITY;
    for (let j = 0; j < data.length; j++) {
      if (data[j] === 1) continue;
      const dx = Math.abs((i % width) - (j % width));
      const dy = Math.abs(Math.floor(i / width) - Math.floor(j / width));
      best = Math.min(best, Math.abs(dx - dy) + D * Math.min(dx, dy));
    }
    return best;
  });
}

function expectClose(actual: Float64Array, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    if (value === Number.POSITIVE_INFINITY) expect(actual[i]).toBe(value);
    else expect(actual[i]).toBeCloseTo(value, 9);
  });
}

describe("chamferDistance", () => {
  it("adds 1 for a straight step and √2 for a diagonal one", () => {
    const mask = ascii`
      .###
      ####
      ####
    `;
    expectClose(chamferDistance(mask), [
      ...[0, 1, 2, 3],
      ...[1, D, 1 + D, 2 + D],
      ...[2, 1 + D, 2 * D, 1 + 2 * D],
    ]);
  });

  it("finds background below and to the right in the second pass", () => {
    const mask = ascii`
      ###
      ##.
    `;
    expectClose(chamferDistance(mask), [1 + D, D, 1, 2, 1, 0]);
  });

  it("does not take the photo's border for background", () => {
    expectClose(chamferDistance(ascii`.####`), [0, 1, 2, 3, 4]);
  });

  it("is infinite without any background", () => {
    expectClose(chamferDistance(ascii`###`), Array(3).fill(Number.POSITIVE_INFINITY));
  });

  it("equals the brute-force octile distance on random masks", () => {
    fc.assert(
      fc.property(anyMask(12), (mask) => {
        expectClose(chamferDistance(mask), bruteForce(mask));
      }),
      { numRuns: 300 },
    );
  });
});

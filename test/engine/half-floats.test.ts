import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHalf, toHalf } from "../../src/engine/half-floats.ts";

const there = (value: number): number => toHalf(Float32Array.of(value))[0]!;
const back = (half: number): number => fromHalf(Uint16Array.of(half))[0]!;

describe("half-precision numbers", () => {
  it.each([
    [0, 0],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.996, 0x7bff],
    [65520, 0x7c00],
    [Number.POSITIVE_INFINITY, 0x7c00],
    [Number.NEGATIVE_INFINITY, 0xfc00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [-(2 ** -24), 0x8001],
    [2 ** -25, 0],
    [2 ** -25 * 1.001, 1],
    [1.5 * 2 ** -24, 2],
    [2.5 * 2 ** -24, 2],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [1023.5 * 2 ** -24, 0x0400],
  ])("%d is written as IEEE 754 says", (value, half) => {
    expect(there(value)).toBe(half);
  });

  it("are read as they were written, all of them", () => {
    for (let half = 0; half < 2 ** 16; half++) {
      const value = back(half);
      if (Number.isNaN(value)) expect((half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0).toBe(true);
      else expect(there(value)).toBe(half);
    }
  });

  it("are the nearest to any number", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: Math.fround(-65504), max: 65504 }), (value) => {
        const half = there(value);
        const error = Math.abs(back(half) - value);
        for (const other of [half - 1, half + 1]) {
          const neighbour = back(other & 0xffff);
          if (Number.isFinite(neighbour)) expect(error).toBeLessThanOrEqual(Math.abs(neighbour - value));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("stay no number", () => {
    expect(back(there(Number.NaN))).toBeNaN();
  });
});

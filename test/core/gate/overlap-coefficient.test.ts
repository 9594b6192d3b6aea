import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { overlapCoefficient } from "../../../src/core/gate/overlap-coefficient.ts";
import { rectangle } from "../../helpers/ascii-mask.ts";
import { logitsOf, lowResOf } from "../growth/helpers.ts";

const SIDE = 64;
const WHOLE = rectangle(SIDE, SIDE, [10, 10, 29, 29]);

describe("overlapCoefficient", () => {
  it.each([
    ["a part of the mask", rectangle(SIDE, SIDE, [10, 10, 14, 29]), 1],
    ["more than the mask", rectangle(SIDE, SIDE, [4, 4, 40, 40]), 1],
    ["half of it, and as much beside it", rectangle(SIDE, SIDE, [20, 10, 39, 29]), 0.5],
    ["a smaller mask, three quarters of it inside", rectangle(SIDE, SIDE, [15, 10, 34, 13]), 0.75],
    ["what lies elsewhere", rectangle(SIDE, SIDE, [40, 40, 50, 50]), 0],
    ["nothing", rectangle(SIDE, SIDE, [0, 0, -1, -1]), 0],
  ])("of a mask with %s", (_, other, expected) => {
    expect(overlapCoefficient(logitsOf(other), lowResOf(WHOLE))).toBe(expected);
    expect(overlapCoefficient(logitsOf(WHOLE), lowResOf(other))).toBe(expected);
  });

  it("is what counting says, for any two masks", () => {
    const bits = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(bits, bits, (a, b) => {
        const logits = Float32Array.from(a, (on) => (on ? 0.5 : 0));
        const both = a.filter((on, i) => on && b[i]).length;
        const smaller = Math.min(a.filter(Boolean).length, b.filter(Boolean).length);
        expect(overlapCoefficient(logits, Uint8Array.from(b, Number))).toBe(
          smaller === 0 ? 0 : both / smaller,
        );
      }),
    );
  });
});

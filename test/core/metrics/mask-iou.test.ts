import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskIoU } from "../../../src/core/metrics/mask-iou.ts";
import { ascii } from "../../helpers/ascii-mask.ts";
import { anyPair } from "../arbitrary.ts";

describe("maskIoU", () => {
  it("is the share of common pixels among all", () => {
    const a = ascii`
      ##..
      ##..
    `;
    const b = ascii`
      .##.
      .###
    `;
    expect(maskIoU(a, b)).toBe(2 / 7);
  });

  it("is 1 for two empty masks, 0 for one empty mask", () => {
    expect(maskIoU(ascii`...`, ascii`...`)).toBe(1);
    expect(maskIoU(ascii`...`, ascii`.#.`)).toBe(0);
  });

  it("is symmetric, and 1 only for equal masks", () => {
    fc.assert(
      fc.property(anyPair(), ([a, b]) => {
        expect(maskIoU(a, b)).toBe(maskIoU(b, a));
        expect(maskIoU(a, b) === 1).toBe(Buffer.from(a.data).equals(Buffer.from(b.data)));
      }),
    );
  });
});

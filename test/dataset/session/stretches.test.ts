import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskArea, maskBox } from "../../../src/core/mask.ts";
import { maskIoU } from "../../../src/core/metrics/mask-iou.ts";
import {
  areaOf,
  boxOf,
  maskOfStretches,
  sameStretches,
  stretchesInWindow,
  stretchesIoU,
  stretchesOf,
} from "../../../src/dataset/session/stretches.ts";
import { anyMask } from "../../core/arbitrary.ts";
import { ascii } from "../../helpers/ascii-mask.ts";

describe("stretches", () => {
  it("are pairs of row-major indices, none longer than its row", () => {
    const mask = ascii`
      .##.
      ####
      #...
    `;
    expect([...stretchesOf(mask)]).toEqual([1, 3, 4, 8, 8, 9]);
  });

  it("hold every mask, with its area and box", () => {
    fc.assert(
      fc.property(anyMask(), (mask) => {
        const stretches = stretchesOf(mask);
        expect(maskOfStretches(stretches, mask)).toEqual(mask);
        expect(areaOf(stretches)).toBe(maskArea(mask));
        expect(boxOf(stretches, mask.width)).toEqual(maskBox(mask));
      }),
    );
  });

  it("agree with masks about intersection over union", () => {
    fc.assert(
      fc.property(anyMask(), fc.integer(), (mask, seed) => {
        const other = { ...mask, data: mask.data.map((v, i) => ((i * 31 + seed) % 3 === 0 ? 1 - v : v)) };
        const [a, b] = [stretchesOf(mask), stretchesOf(other)];
        if (a.length + b.length > 0) expect(stretchesIoU(a, b)).toBeCloseTo(maskIoU(mask, other), 12);
        expect(sameStretches(a, b)).toBe(maskIoU(mask, other) === 1 || a.length + b.length === 0);
      }),
    );
  });

  it("come out of a window in photo coordinates", () => {
    const window = { x0: 2, y0: 1, x1: 4, y1: 3 };
    expect([...stretchesInWindow(window, Uint8Array.of(1, 0, 1, 1), 5)]).toEqual([7, 8, 12, 14]);
  });
});

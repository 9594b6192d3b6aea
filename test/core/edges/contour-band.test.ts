import { describe, expect, it } from "vitest";
import { contourBand } from "../../../src/core/edges/contour-band.ts";
import { frameOf } from "../../../src/core/frame.ts";

/** Positive left of a column of cells. */
function leftOf(column: number): Float32Array {
  return Float32Array.from({ length: 256 * 256 }, (_, i) => (i % 256 < column ? 5 : -5));
}

describe("contourBand", () => {
  it("measures squared cells from the cells on both sides of the contour", () => {
    const { squared } = contourBand(leftOf(100), frameOf(256, 256), { x0: 0, y0: 0, x1: 256, y1: 256 });
    const at = (c: number) => squared[50 * 256 + c];
    expect([96, 97, 98, 99, 100, 101, 102].map(at)).toEqual([9, 4, 1, 0, 0, 1, 4]);
  });

  it("is infinite without a contour", () => {
    const none = contourBand(leftOf(256), frameOf(256, 256), { x0: 0, y0: 0, x1: 1, y1: 1 });
    expect(none.squared[0]).toBe(Number.POSITIVE_INFINITY);
  });

  it("knows the cell of each photo pixel in the window", () => {
    const { columns, rows } = contourBand(leftOf(100), frameOf(512, 256), { x0: 10, y0: 4, x1: 14, y1: 7 });
    expect([...columns]).toEqual([5, 5, 6, 6]);
    expect([...rows]).toEqual([2, 2, 3]);
  });
});

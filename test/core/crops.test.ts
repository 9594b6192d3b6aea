import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cropAround, cropMask, cropPhoto } from "../../src/core/crops.ts";
import { rectangle } from "../helpers/ascii-mask.ts";

const PHOTO = { width: 1000, height: 800 };

describe("cropAround", () => {
  it("pads an object by a quarter of its longer side and eight pixels", () => {
    expect(cropAround([400, 300, 499, 339], PHOTO)).toEqual({ x0: 367, y0: 267, x1: 533, y1: 373 });
  });

  it("ends at the photo's border", () => {
    expect(cropAround([0, 700, 99, 799], PHOTO)).toEqual({ x0: 0, y0: 667, x1: 133, y1: 800 });
  });

  it("is not worth it for an object that fills the photo", () => {
    expect(cropAround([100, 100, 899, 699], PHOTO)).toBeUndefined();
    // 833 of 1000 columns enlarge by just 1.2.
    expect(cropAround([0, 0, 659, 9], PHOTO)).toMatchObject({ x1: 833 });
    expect(cropAround([0, 0, 660, 9], PHOTO)).toBeUndefined();
  });

  it("holds the object, lies in the photo, and enlarges", () => {
    const side = fc.integer({ min: 1, max: 300 });
    const inside = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(side, side, inside, inside, inside, inside, (width, height, a, b, c, d) => {
        const at = (share: number, count: number): number => Math.min(count - 1, Math.floor(share * count));
        const [left, right] = [at(a, width), at(b, width)].sort((x, y) => x - y) as [number, number];
        const [top, bottom] = [at(c, height), at(d, height)].sort((x, y) => x - y) as [number, number];
        const window = cropAround([left, top, right, bottom], { width, height });
        if (window === undefined) return;
        const { x0, y0, x1, y1 } = window;
        expect([x0 >= 0, y0 >= 0, x1 <= width, y1 <= height]).toEqual([true, true, true, true]);
        expect([x0 <= left, y0 <= top, x1 > right, y1 > bottom]).toEqual([true, true, true, true]);
        expect(Math.max(x1 - x0, y1 - y0) * 1.2).toBeLessThanOrEqual(Math.max(width, height));
      }),
    );
  });
});

describe("cropPhoto and cropMask", () => {
  it("take the window's pixels, all channels", () => {
    const photo = { width: 4, height: 3, data: Uint8Array.from({ length: 36 }, (_, i) => i) };
    const window = { x0: 1, y0: 1, x1: 3, y1: 3 };
    expect(cropPhoto(photo, window)).toEqual({
      width: 2,
      height: 2,
      data: Uint8Array.of(15, 16, 17, 18, 19, 20, 27, 28, 29, 30, 31, 32),
    });
    expect(cropMask(rectangle(4, 3, [2, 1, 3, 1]), window)).toEqual(rectangle(2, 2, [1, 0, 1, 0]));
  });
});

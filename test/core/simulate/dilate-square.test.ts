import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Mask } from "../../../src/core/mask.ts";
import { dilateSquare, erodeSquare } from "../../../src/core/simulate/dilate-square.ts";
import { ascii, draw } from "../../helpers/ascii-mask.ts";
import { anyMask } from "../arbitrary.ts";

/** As the definition has it: whether any pixel of the square is a one. */
function byDefinition({ width, height, data }: Mask, radius: number): Uint8Array {
  return data.map((_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++)
      for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++)
        if (data[v * width + u] === 1) return 1;
    return 0;
  });
}

describe("dilateSquare", () => {
  it("widens by a square", () => {
    const mask = ascii`
      .......
      ..#....
      .......
      .......
    `;
    const wide = ascii`
      .###...
      .###...
      .###...
      .......
    `;
    expect(draw(dilateSquare(mask, 1))).toBe(draw(wide));
  });

  it("does what the definition says", () => {
    fc.assert(
      fc.property(anyMask(), fc.integer({ min: 0, max: 4 }), (mask, radius) => {
        expect(dilateSquare(mask, radius).data).toEqual(byDefinition(mask, radius));
      }),
    );
  });

  it("three rounds of 5×5 are one of radius 6", () => {
    fc.assert(
      fc.property(anyMask(20), (mask) => {
        const thrice = dilateSquare(dilateSquare(dilateSquare(mask, 2), 2), 2);
        expect(thrice.data).toEqual(dilateSquare(mask, 6).data);
      }),
    );
  });
});

describe("erodeSquare", () => {
  it("leaves what is far from the background; the photo's border takes nothing", () => {
    const mask = ascii`
      #####.
      #####.
      #####.
      ......
    `;
    const narrow = ascii`
      ####..
      ####..
      ......
      ......
    `;
    expect(draw(erodeSquare(mask, 1))).toBe(draw(narrow));
  });
});

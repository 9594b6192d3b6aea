import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPicture } from "../../src/render/picture.ts";
import { resize } from "../../src/render/resize.ts";
import { resizeLabels } from "../../src/render/resize-labels.ts";
import { grayOf, labelsOf, pixelOf, redRows } from "./helpers.ts";

describe("resize", () => {
  it("averages areas when it shrinks", () => {
    expect(redRows(resize(grayOf([0, 100, 40, 60], [20, 80, 0, 100]), 2, 1))).toEqual([[50, 50]]);
    expect(redRows(resize(grayOf([0, 90, 240]), 2, 1))).toEqual([[30, 190]]);
  });

  it("interpolates when it grows a little", () => {
    expect(redRows(resize(grayOf([0, 100]), 4, 1))).toEqual([[0, 25, 75, 100]]);
  });

  it("keeps sharp pixels from three times on", () => {
    expect(redRows(resize(grayOf([0, 100]), 6, 1))).toEqual([[0, 0, 0, 100, 100, 100]]);
  });

  it("treats each axis on its own", () => {
    expect(redRows(resize(grayOf([0, 100]), 1, 3))).toEqual([[50], [50], [50]]);
  });

  it("does not tint with transparent pixels", () => {
    const picture = createPicture(2, 1);
    picture.data.set([200, 100, 50, 255]);
    expect(pixelOf(resize(picture, 1, 1), 0, 0)).toEqual([200, 100, 50, 128]);
  });

  it("keeps a flat colour at any size", () => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(side, side, side, side, fc.nat(255), (w, h, toW, toH, level) => {
        const out = resize(createPicture(w, h, [level, 0, 0]), toW, toH);
        expect(out.data.length).toBe(toW * toH * 4);
        for (let i = 0; i < out.data.length; i += 4) {
          expect(out.data[i]).toBe(level);
          expect(out.data[i + 3]).toBe(255);
        }
      }),
    );
  });
});

describe("resizeLabels", () => {
  it("never mixes ids", () => {
    expect([...resizeLabels(labelsOf("19"), 4, 2).data]).toEqual([1, 1, 9, 9, 1, 1, 9, 9]);
    expect([...resizeLabels(labelsOf("123456"), 2, 1).data]).toEqual([2, 5]);
  });

  it("keeps 16-bit ids", () => {
    const big = { width: 1, height: 1, data: Uint16Array.of(40_000) };
    expect(resizeLabels(big, 2, 1).data).toEqual(Uint16Array.of(40_000, 40_000));
  });
});

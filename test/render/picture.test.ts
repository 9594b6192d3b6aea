import { describe, expect, it } from "vitest";
import { blit } from "../../src/render/blit.ts";
import { crop } from "../../src/render/crop.ts";
import { photoPicture } from "../../src/render/photo-picture.ts";
import { copyPicture, createPicture, fill } from "../../src/render/picture.ts";
import { grayOf, pixelOf, redRows } from "./helpers.ts";

describe("createPicture", () => {
  it("is transparent without a colour and filled with one", () => {
    expect([...createPicture(1, 1).data]).toEqual([0, 0, 0, 0]);
    expect([...createPicture(2, 1, [1, 2, 3]).data]).toEqual([1, 2, 3, 255, 1, 2, 3, 255]);
  });

  it.each([
    [0, 4],
    [4, 0],
    [1.5, 2],
    [Number.NaN, 2],
  ])("refuses %s × %s", (width, height) => {
    expect(() => createPicture(width, height)).toThrow(RangeError);
  });
});

it("fill sets opacity too", () => {
  const picture = createPicture(1, 1, [9, 9, 9]);
  fill(picture, [10, 20, 30, 0.4]);
  expect([...picture.data]).toEqual([10, 20, 30, 102]);
});

it("copyPicture shares no pixels", () => {
  const picture = createPicture(1, 1, [5, 5, 5]);
  fill(copyPicture(picture), [6, 6, 6]);
  expect(picture.data[0]).toBe(5);
});

describe("blit", () => {
  it("cuts off what lies outside, on every side", () => {
    const source = grayOf([1, 2], [3, 4]);
    const at = (x: number, y: number) => {
      const target = grayOf([0, 0, 0], [0, 0, 0]);
      blit(target, source, x, y);
      return redRows(target);
    };
    expect(at(1, 0)).toEqual([
      [0, 1, 2],
      [0, 3, 4],
    ]);
    expect(at(-1, -1)).toEqual([
      [4, 0, 0],
      [0, 0, 0],
    ]);
    expect(at(2, 1)).toEqual([
      [0, 0, 0],
      [0, 0, 1],
    ]);
    expect(at(3, 0)).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(at(0, -2)).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });
});

describe("crop", () => {
  const picture = grayOf([1, 2, 3], [4, 5, 6]);

  it("takes both ends of the box", () => {
    expect(redRows(crop(picture, [1, 0, 2, 1]))).toEqual([
      [2, 3],
      [5, 6],
    ]);
  });

  it("leaves pixels outside transparent", () => {
    const part = crop(picture, [2, 1, 3, 1]);
    expect(pixelOf(part, 0, 0)).toEqual([6, 6, 6, 255]);
    expect(pixelOf(part, 1, 0)).toEqual([0, 0, 0, 0]);
  });
});

describe("photoPicture", () => {
  it("reads gray, RGB and RGBA, and ignores alpha", () => {
    const size = { width: 1, height: 1 };
    expect([...photoPicture({ ...size, data: Uint8Array.of(7) }).data]).toEqual([7, 7, 7, 255]);
    expect([...photoPicture({ ...size, data: Uint8Array.of(1, 2, 3) }).data]).toEqual([1, 2, 3, 255]);
    expect([...photoPicture({ ...size, data: Uint8Array.of(1, 2, 3, 9) }).data]).toEqual([1, 2, 3, 255]);
  });

  it("refuses data that does not fit", () => {
    expect(() => photoPicture({ width: 2, height: 1, data: new Uint8Array(5) })).toThrow(/5 values .* 2 × 1/);
    expect(() => photoPicture({ width: 1, height: 1, data: new Uint8Array(2) })).toThrow(RangeError);
  });
});

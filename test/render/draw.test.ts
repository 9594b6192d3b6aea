import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blend } from "../../src/render/blend.ts";
import { drawCross } from "../../src/render/draw-cross.ts";
import { drawCircle, drawDisc } from "../../src/render/draw-disc.ts";
import { drawLine } from "../../src/render/draw-line.ts";
import { drawPoint } from "../../src/render/draw-point.ts";
import { drawRectangle } from "../../src/render/draw-rectangle.ts";
import { drawTag, measureTag } from "../../src/render/draw-tag.ts";
import { createPicture } from "../../src/render/picture.ts";
import { pixelOf, redRows } from "./helpers.ts";

const white = [255, 255, 255] as const;
const black = () => createPicture(6, 5, [0, 0, 0]);

describe("blend", () => {
  it("lays over opaque and over clear ground", () => {
    const opaque = createPicture(1, 1, [0, 100, 200]);
    blend(opaque, 0, [200, 200, 200], 0.5);
    expect([...opaque.data]).toEqual([100, 150, 200, 255]);
    const clear = createPicture(1, 1);
    blend(clear, 0, [200, 100, 0], 0.4);
    expect([...clear.data]).toEqual([200, 100, 0, 102]);
  });
});

describe("drawLine", () => {
  it("is crisp where its edges lie on pixel borders", () => {
    const picture = black();
    drawLine(picture, { x: 1, y: 2 }, { x: 5, y: 2 }, { colour: white, halo: 0 });
    expect(redRows(picture)).toEqual([
      [0, 0, 0, 0, 0, 0],
      [0, 255, 255, 255, 255, 0],
      [0, 255, 255, 255, 255, 0],
      [0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0],
    ]);
  });

  it("is antialiased between", () => {
    const picture = black();
    drawLine(picture, { x: 1, y: 2 }, { x: 5, y: 2 }, { colour: white, width: 1, halo: 0 });
    expect(redRows(picture)[1]!.slice(1, 5)).toEqual([128, 128, 128, 128]);
  });

  it("darkens what lies round it", () => {
    const picture = createPicture(6, 6, white);
    drawLine(picture, { x: 0, y: 3 }, { x: 6, y: 3 }, { colour: [255, 0, 0] });
    expect(pixelOf(picture, 3, 3)).toEqual([255, 0, 0, 255]);
    expect(pixelOf(picture, 3, 1)[0]).toBeLessThan(140);
    expect(pixelOf(picture, 3, 0)[0]).toBeGreaterThan(140);
  });

  it("begins and ends a dashed line with a dash", () => {
    const picture = createPicture(10, 2, [0, 0, 0]);
    const dash = [2, 2] as const;
    drawLine(picture, { x: 0, y: 1 }, { x: 10, y: 1 }, { colour: white, halo: 0, dash });
    expect(redRows(picture)[0]).toEqual([255, 255, 0, 0, 255, 255, 0, 0, 255, 255]);
  });
});

describe("drawRectangle", () => {
  it("closes its corners and leaves the inside alone", () => {
    const picture = black();
    drawRectangle(picture, [1, 1, 5, 4], { colour: white, width: 2, halo: 0 });
    expect(redRows(picture)).toEqual([
      [255, 255, 255, 255, 255, 255],
      [255, 255, 255, 255, 255, 255],
      [255, 255, 0, 0, 255, 255],
      [255, 255, 255, 255, 255, 255],
      [255, 255, 255, 255, 255, 255],
    ]);
  });
});

describe("drawDisc and drawCircle", () => {
  it("fills the inside of a disc and only the rim of a circle", () => {
    const disc = createPicture(11, 11, [0, 0, 0]);
    drawDisc(disc, { x: 5.5, y: 5.5 }, 4, white, 0);
    expect(pixelOf(disc, 5, 5)[0]).toBe(255);
    expect(pixelOf(disc, 0, 0)[0]).toBe(0);
    const circle = createPicture(11, 11, [0, 0, 0]);
    drawCircle(circle, { x: 5.5, y: 5.5 }, 4, white);
    expect(pixelOf(circle, 5, 5)[0]).toBe(0);
    expect(pixelOf(circle, 5, 1)[0]).toBe(255);
  });
});

describe("drawPoint", () => {
  it("tells positive from negative by shape, not only by colour", () => {
    const [plus, minus] = (["positive", "negative"] as const).map((sign) => {
      const picture = createPicture(24, 24, [0, 0, 0]);
      drawPoint(picture, { x: 12, y: 12 }, sign);
      return pixelOf(picture, 12, 8);
    });
    expect(plus).toEqual([255, 255, 255, 255]);
    expect(minus).not.toEqual(plus);
  });
});

describe("marks", () => {
  it("never throw, wherever they lie", () => {
    const place = fc.record({
      x: fc.integer({ min: -50, max: 50 }),
      y: fc.double({ min: -50, max: 50, noNaN: true }),
    });
    fc.assert(
      fc.property(place, place, fc.integer({ min: 1, max: 8 }), (a, b, side) => {
        const picture = createPicture(side, side, [0, 0, 0]);
        drawLine(picture, a, b, { colour: white, dash: [3, 2] });
        drawRectangle(picture, [a.x, a.y, b.x, b.y], { colour: white });
        drawCross(picture, a, 4, { colour: white });
        drawPoint(picture, b, "negative");
        drawTag(picture, "tag", a.x, a.y, white);
        expect(picture.data.length).toBe(side * side * 4);
      }),
    );
  });

  it("fits a tag into its measured size", () => {
    const { width, height } = measureTag("kept");
    const picture = createPicture(width + 2, height + 2, [0, 0, 0]);
    drawTag(picture, "kept", 0, 0, white);
    expect(
      redRows(picture)
        .at(-1)!
        .every((level) => level === 0),
    ).toBe(true);
    expect(pixelOf(picture, Math.floor(width / 2), 1)[0]).toBe(255);
  });
});

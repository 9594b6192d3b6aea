import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { doubleGlyph } from "../../src/render/double-glyph.ts";
import { drawText, fitText, measureText } from "../../src/render/draw-text.ts";
import { glyphsOf } from "../../src/render/font.ts";
import { GLYPH_ROWS, GLYPH_STRIPS } from "../../src/render/font-glyphs.ts";
import { createPicture } from "../../src/render/picture.ts";
import { redRows } from "./helpers.ts";

const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));

describe("the font", () => {
  it("has strips of equal rows, one glyph per character", () => {
    for (const { characters, rows } of GLYPH_STRIPS) {
      const lines = rows.trim().split("\n");
      expect(lines).toHaveLength(GLYPH_ROWS);
      expect(new Set(lines.map((line) => line.length)).size).toBe(1);
      expect(lines[0]!.split(" ")).toHaveLength([...characters].length);
      expect(lines.every((line) => /^[#. ]+$/.test(line))).toBe(true);
    }
  });

  it("covers ASCII and the method's signs, each with a shape of its own", () => {
    const [box] = glyphsOf("日");
    const shapes = [...ascii, ..."λωγμρ·→×°…±≈≥≤✓"].map((character) => glyphsOf(character)[0]!);
    expect(shapes.includes(box!)).toBe(false);
    expect(new Set(shapes.map(({ width, ink }) => `${width}:${ink.join("")}`)).size).toBe(shapes.length);
    expect(shapes.slice(1).every(({ ink }) => ink.includes(1))).toBe(true);
  });

  it("drops accents, whether composed or not, and boxes what it lacks", () => {
    expect(glyphsOf("é")).toEqual(glyphsOf("e"));
    expect(glyphsOf("e\u0301")).toEqual(glyphsOf("e"));
    expect(glyphsOf("日本")).toHaveLength(2);
    expect(glyphsOf("😀")).toHaveLength(1);
    expect(glyphsOf("’\t")).toEqual(glyphsOf("' "));
  });
});

describe("doubleGlyph", () => {
  it("smooths a diagonal and leaves a straight line alone", () => {
    const diagonal = doubleGlyph({ width: 2, height: 2, ink: Uint8Array.of(1, 0, 0, 1) });
    expect([...diagonal.ink]).toEqual([1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1]);
    const line = doubleGlyph({ width: 1, height: 2, ink: Uint8Array.of(1, 1) });
    expect([...line.ink]).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });
});

describe("drawText", () => {
  it("draws the bitmap itself at scale 1", () => {
    const picture = createPicture(4, 13, [0, 0, 0]);
    drawText(picture, "I", 0, 0);
    expect(redRows(picture).map((row) => row.map((level) => (level > 0 ? "#" : ".")).join(""))).toEqual([
      "....",
      "###.",
      ".#..",
      ".#..",
      ".#..",
      ".#..",
      ".#..",
      ".#..",
      ".#..",
      "###.",
      "....",
      "....",
      "....",
    ]);
  });

  it("stays within its measured size", () => {
    const scale = fc.constantFrom(0.5, 1, 1.25, 1.5, 2, 3);
    fc.assert(
      fc.property(fc.string({ maxLength: 6, unit: "binary" }), scale, (text, factor) => {
        const { width, height } = measureText(text, factor);
        const picture = createPicture(width + 3, height + 3, [0, 0, 0]);
        drawText(picture, text, 0, 0, { scale: factor });
        for (const [y, row] of redRows(picture).entries()) {
          for (const [x, level] of row.entries()) if (x >= width || y >= height) expect(level).toBe(0);
        }
      }),
    );
  });

  it("is cut off outside the picture", () => {
    const picture = createPicture(5, 5, [0, 0, 0]);
    drawText(picture, "clipped", -20.5, -7, { scale: 1.5 });
    drawText(picture, "clipped", 100, 100);
    expect(
      redRows(picture)
        .flat()
        .some((level) => level > 0),
    ).toBe(true);
  });
});

describe("fitText", () => {
  it("keeps what fits and shortens the rest", () => {
    expect(fitText("plane", 1000)).toBe("plane");
    const short = fitText("a very long file name.jpg", 60);
    expect(short).toMatch(/^a very.*…$/);
    expect(measureText(short).width).toBeLessThanOrEqual(60);
    expect(fitText("wide", 1)).toBe("");
  });
});

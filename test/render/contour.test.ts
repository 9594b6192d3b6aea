import { describe, expect, it } from "vitest";
import { contour, defaultIgnoreLabel } from "../../src/render/contour.ts";
import { labelEdges } from "../../src/render/label-edges.ts";
import { overlay } from "../../src/render/overlay.ts";
import { createPicture } from "../../src/render/picture.ts";
import { labelsOf, mapOf, pixelOf, redRows } from "./helpers.ts";

const square = labelsOf(".......", ".11111.", ".11111.", ".11111.", ".11111.", ".11111.", ".......");

function rowsOf(edges: Uint8Array, width: number): string[] {
  const text = [...edges].map((edge) => ".#o"[edge]).join("");
  return text.match(new RegExp(`.{${width}}`, "g"))!;
}

describe("labelEdges", () => {
  it("lies inside the label, its halo outside", () => {
    expect(rowsOf(labelEdges(square), 7)).toEqual([
      ".ooooo.",
      "o#####o",
      "o#...#o",
      "o#...#o",
      "o#...#o",
      "o#####o",
      ".ooooo.",
    ]);
  });

  it("grows inwards with thickness", () => {
    expect(rowsOf(labelEdges(square, 2), 7)[3]).toBe("o##.##o");
    expect(rowsOf(labelEdges(square, 9), 7)[3]).toBe("o#####o");
  });

  it("gives each of two neighbours its own side and ignores the picture's border", () => {
    expect(rowsOf(labelEdges(labelsOf("111222")), 6)).toEqual(["..##.."]);
    expect(rowsOf(labelEdges(labelsOf("111", "111")), 3)).toEqual(["...", "..."]);
  });

  it("marks a single pixel and nothing in an empty map", () => {
    expect(rowsOf(labelEdges(labelsOf("...", ".1.", "..."), 3), 3)).toEqual([".o.", "o#o", ".o."]);
    expect(labelEdges(labelsOf("..")).every((edge) => edge === 0)).toBe(true);
  });
});

describe("contour", () => {
  it("draws ink and halo, and leaves the photo and all other pixels as they were", () => {
    const photo = createPicture(7, 7, [200, 200, 200]);
    const picture = contour(photo, square, { thickness: 1, colour: [250, 0, 0] });
    expect(pixelOf(picture, 1, 1)).toEqual([250, 0, 0, 255]);
    expect(pixelOf(picture, 0, 1)).toEqual([90, 90, 90, 255]);
    expect(pixelOf(picture, 3, 3)).toEqual([200, 200, 200, 255]);
    expect(pixelOf(photo, 1, 1)).toEqual([200, 200, 200, 255]);
  });

  it("names both sizes where they differ", () => {
    expect(() => contour(createPicture(3, 4), square)).toThrow(/7 × 7.*3 × 4/);
  });
});

describe("overlay", () => {
  it("fills by the opacity", () => {
    const photo = createPicture(7, 7, [100, 100, 100]);
    const options = { thickness: 0, opacity: 0.5, colour: [200, 0, 0] } as const;
    const picture = overlay(photo, square, options);
    expect(pixelOf(picture, 3, 3)).toEqual([150, 50, 50, 255]);
    expect(pixelOf(picture, 0, 0)).toEqual([100, 100, 100, 255]);
  });

  it("hatches the ignore label", () => {
    const picture = overlay(
      createPicture(16, 1, [0, 0, 0]),
      mapOf(16, 1, () => 9),
      { ignoreLabel: 9 },
    );
    expect(new Set(redRows(picture)[0]).size).toBe(2);
  });
});

describe("defaultIgnoreLabel", () => {
  it("is 255 only beside other ids of an 8-bit map", () => {
    expect(defaultIgnoreLabel({ width: 2, height: 1, data: Uint8Array.of(1, 255) })).toBe(255);
    expect(defaultIgnoreLabel({ width: 2, height: 1, data: Uint8Array.of(0, 255) })).toBeNull();
    expect(defaultIgnoreLabel({ width: 2, height: 1, data: Uint16Array.of(1, 255) })).toBeNull();
  });
});

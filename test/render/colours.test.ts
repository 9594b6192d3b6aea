import { describe, expect, it } from "vitest";
import { classColour, IGNORE_COLOUR } from "../../src/render/class-colours.ts";
import { luma } from "../../src/render/colour.ts";
import { heatColour } from "../../src/render/heat-colour.ts";
import { oklch } from "../../src/render/oklch.ts";

describe("oklch", () => {
  it("gives black, white and sRGB red", () => {
    expect(oklch(0, 0, 0)).toEqual([0, 0, 0]);
    expect(oklch(1, 0, 0)).toEqual([255, 255, 255]);
    expect(oklch(0.628, 0.2577, 29.23)).toEqual([255, 0, 0]);
  });

  it("gives up chroma outside sRGB, not hue", () => {
    const [red, green, blue] = oklch(0.7, 0.4, 145);
    expect(green).toBeGreaterThan(Math.max(red, blue));
  });
});

describe("classColour", () => {
  const colours = Array.from({ length: 20 }, (_, i) => classColour(i + 1));

  it("leaves the background clear and the ignore label gray", () => {
    expect(classColour(0)[3]).toBe(0);
    expect(classColour(255)).toEqual(IGNORE_COLOUR);
    expect(classColour(255, null)).not.toEqual(IGNORE_COLOUR);
    expect(classColour(7, 7)).toEqual(IGNORE_COLOUR);
  });

  it("keeps the first twenty apart and away from black", () => {
    for (const [i, a] of colours.entries()) {
      expect(Math.max(a[0], a[1], a[2])).toBeGreaterThan(120);
      for (const b of colours.slice(i + 1)) {
        expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(25);
      }
    }
  });

  it("is stable and covers 16-bit ids", () => {
    expect(classColour(3)).toEqual(classColour(3));
    expect(classColour(65_535, null).every(Number.isFinite)).toBe(true);
  });
});

it("heatColour grows lighter step by step", () => {
  const lumas = Array.from({ length: 51 }, (_, i) =>
    luma(...(heatColour(i / 50).slice(0, 3) as [number, number, number])),
  );
  for (let i = 1; i < lumas.length; i++) expect(lumas[i]).toBeGreaterThan(lumas[i - 1]! - 0.5);
  expect(lumas[0]).toBeLessThan(20);
  expect(lumas[50]).toBeGreaterThan(220);
  expect(heatColour(-3)).toEqual(heatColour(0));
  expect(heatColour(9)).toEqual(heatColour(1));
});

import { describe, expect, it } from "vitest";
import { toLab } from "../../src/core/lab.ts";

function lab(...rgb: number[]): number[] {
  const planes = [0, 1, 2].map(() => new Float32Array(rgb.length / 3)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  toLab(rgb, rgb.length / 3, planes);
  return Array.from({ length: rgb.length / 3 }, (_, i) => planes.map((plane) => plane[i]!)).flat();
}

function expectNear(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value)).toBeLessThan(tolerance);
  });
}

describe("toLab", () => {
  it.each([
    ["white", [255, 255, 255], [100, 0, 0]],
    ["black", [0, 0, 0], [0, 0, 0]],
    ["red", [255, 0, 0], [53.24, 80.09, 67.2]],
    ["green", [0, 255, 0], [87.73, -86.18, 83.18]],
    ["blue", [0, 0, 255], [32.3, 79.19, -107.86]],
    ["middle gray", [119, 119, 119], [50.03, 0, 0]],
    ["nearly black", [5, 5, 5], [1.37, 0, 0]],
    ["very dark", [12, 12, 12], [3.32, 0, 0]],
    ["a brown", [150, 75, 0], [40.44, 27.5, 50.14]],
  ])("knows %s", (_, rgb, expected) => {
    expectNear(lab(...rgb), expected, 0.02);
  });

  it("gives every gray no colour and rising lightness", () => {
    const grays = Array.from({ length: 256 }, (_, v) => lab(v, v, v));
    for (const [, a, b] of grays) expectNear([a!, b!], [0, 0], 0.01);
    grays.slice(1).forEach(([lightness], i) => {
      expect(lightness).toBeGreaterThan(grays[i]![0]!);
    });
  });

  it("rounds fractions to the nearest table entry", () => {
    expect(lab(99.6, 20.4, 200)).toEqual(lab(100, 20, 200));
  });

  it("converts pixel after pixel", () => {
    expect(lab(255, 0, 0, 0, 0, 255)).toEqual([...lab(255, 0, 0), ...lab(0, 0, 255)]);
  });

  it("writes no more than `count` pixels", () => {
    const planes = [0, 1, 2].map(() => new Float32Array(2).fill(-1)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    toLab([9, 9, 9, 9, 9, 9], 1, planes);
    expect(planes[0][1]).toBe(-1);
  });
});

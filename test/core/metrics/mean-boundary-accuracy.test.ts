import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LabelMap } from "../../../src/core/mask.ts";
import { isClass, type LabelRules } from "../../../src/core/metrics/label-overlaps.ts";
import { boundaryRadii, meanBoundaryAccuracy } from "../../../src/core/metrics/mean-boundary-accuracy.ts";
import { ascii, labels, rectangle } from "../../helpers/ascii-mask.ts";

/** The published way: for every class the morphological gradient by a disc, then the share of right pixels. */
function published(found: LabelMap, truth: LabelMap, radius: number, rules: LabelRules): number | undefined {
  const { width, height, data } = truth;
  let [right, all] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    if (data[i] === rules.ignoreLabel) continue;
    const seen = discAt(i % width, Math.floor(i / width), radius, width, height).map((p) => data[p]!);
    const near = seen.some((label) => isClass(label, rules) && seen.some((other) => other !== label));
    if (near) all++;
    if (near && found.data[i] === data[i]) right++;
  }
  return all === 0 ? undefined : right / all;
}

/** Pixels of the photo under OpenCV's ellipse of side 2r + 1. */
function discAt(cx: number, cy: number, radius: number, width: number, height: number): number[] {
  const pixels: number[] = [];
  for (let dy = -radius; dy <= radius; dy++) {
    const half = Math.round(Math.sqrt(radius * radius - dy * dy));
    for (let x = cx - half; x <= cx + half; x++) {
      const y = cy + dy;
      if (x >= 0 && x < width && y >= 0 && y < height) pixels.push(y * width + x);
    }
  }
  return pixels;
}

describe("meanBoundaryAccuracy", () => {
  it("is the share of right pixels beside the contour", () => {
    const truth = ascii`
      .....
      .###.
      .###.
      .###.
      .....
    `;
    const found = ascii`
      .....
      .###.
      .###.
      .##..
      ....#
    `;
    // Radius 1 five times. Near: the 8 pixels of the ring inside and the 12 beside it outside; the corners are not.
    expect(meanBoundaryAccuracy(found, truth)).toBe(19 / 20);
  });

  it("asks for the right class, and leaves ignored pixels out", () => {
    const truth = labels`
      1122
      1122
      11XX
    `;
    const found = labels`
      1112
      1122
      1.11
    `;
    // Near: the two middle columns of each row and what borders on X; of the six pixels one is wrong in row 0,
    // one in row 2, and the X do not count.
    expect(meanBoundaryAccuracy(found, truth, { ignoreLabel: 255 })).toBe(4 / 6);
  });

  it("takes five radii from 1 on towards (width + height) / 300", () => {
    expect(boundaryRadii({ width: 100, height: 50 })).toEqual([1, 1, 1, 1, 1]);
    expect(boundaryRadii({ width: 640, height: 480 })).toEqual([1, 1, 2, 2, 3]);
    expect(boundaryRadii({ width: 2048, height: 1024 })).toEqual([1, 2, 4, 6, 8]);
  });

  it("is undefined without a contour", () => {
    expect(meanBoundaryAccuracy(ascii`.#.`, ascii`...`)).toBeUndefined();
    expect(meanBoundaryAccuracy(ascii`.#.`, ascii`###`)).toBeUndefined();
    expect(meanBoundaryAccuracy(labels`11`, labels`XX`, { ignoreLabel: 255 })).toBeUndefined();
  });

  it("equals the published definition on random maps", () => {
    // Photos of one row of many pixels have wide discs and stay small.
    const sizes = fc.constantFrom([7, 5], [1, 9], [640, 1], [3, 900]);
    const cases = sizes.chain(([width, height]) => {
      const cell = fc.constantFrom(0, 0, 0, 1, 1, 2, 255);
      const runs = fc.array(fc.tuple(cell, fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 60 });
      const map = runs.map((list): LabelMap => {
        const cells = list.flatMap(([label, length]) => Array<number>(length).fill(label));
        const data = Uint8Array.from({ length: width! * height! }, (_, i) => cells[i % cells.length]!);
        return { width: width!, height: height!, data };
      });
      return fc.tuple(map, map);
    });
    fc.assert(
      fc.property(cases, fc.boolean(), ([a, b], background) => {
        const rules = { ignoreLabel: 255, background };
        const each = boundaryRadii(b).map((radius) => published(a, b, radius, rules));
        const mean = each.includes(undefined) ? undefined : each.reduce((s, v) => s! + v!, 0)! / 5;
        expect(meanBoundaryAccuracy(a, b, rules)).toBe(mean);
      }),
      { numRuns: 60 },
    );
  });

  it("is 1 for a perfect mask and 0 for its complement", () => {
    const mask = rectangle(900, 700, [200, 100, 500, 400]);
    const complement = { ...mask, data: mask.data.map((v) => 1 - v) };
    expect(meanBoundaryAccuracy(mask, mask)).toBe(1);
    expect(meanBoundaryAccuracy(complement, mask)).toBe(0);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Mask } from "../../../src/core/mask.ts";
import { boundaryIoU } from "../../../src/core/metrics/boundary-iou.ts";
import { maskIoU } from "../../../src/core/metrics/mask-iou.ts";
import { ascii, rectangle } from "../../helpers/ascii-mask.ts";
import { anyMask, anyPair } from "../arbitrary.ts";

/** The published definition: pad by one zero pixel, erode d times by 3 × 3, take the eroded mask away. */
function publishedBoundary({ width, height, data }: Mask, d: number): Mask {
  const [w, h] = [width + 2, height + 2];
  let eroded = new Uint8Array(w * h);
  for (let y = 0; y < height; y++) eroded.set(data.subarray(y * width, (y + 1) * width), (y + 1) * w + 1);
  for (let round = 0; round < d; round++) {
    const before = eroded;
    eroded = before.map((v, i) => {
      const [x, y] = [i % w, Math.floor(i / w)];
      for (let n = Math.max(0, y - 1); n <= Math.min(h - 1, y + 1); n++) {
        for (let m = Math.max(0, x - 1); m <= Math.min(w - 1, x + 1); m++)
          if (before[n * w + m] === 0) return 0;
      }
      return v;
    });
  }
  const inner = (i: number) => eroded[(Math.floor(i / width) + 1) * w + (i % width) + 1]!;
  return { width, height, data: data.map((v, i) => v - inner(i)) };
}

const published = (a: Mask, b: Mask, d: number) => maskIoU(publishedBoundary(a, d), publishedBoundary(b, d));

describe("boundaryIoU", () => {
  it("compares only the pixels within d of each contour", () => {
    // d is 1: rings of 16 and 14 pixels.
    const a = ascii`
      .......
      .#####.
      .#####.
      .#####.
      .#####.
      .#####.
      .......
    `;
    const b = ascii`
      .......
      .#####.
      .#####.
      .#####.
      .#####.
      .......
      .......
    `;
    // In both: the top row's 5, and the two ends of the next three rows.
    expect(boundaryIoU(a, b)).toBe(11 / (16 + 14 - 11));
    expect(maskIoU(a, b)).toBe(20 / 25);
  });

  it("is 1 for equal masks and for two empty ones, 0 when one is empty", () => {
    fc.assert(
      fc.property(anyMask(12), (mask) => {
        expect(boundaryIoU(mask, mask)).toBe(1);
      }),
    );
    expect(boundaryIoU(ascii`...`, ascii`...`)).toBe(1);
    expect(boundaryIoU(ascii`...`, ascii`.#.`)).toBe(0);
    expect(boundaryIoU(ascii`.#.`, ascii`...`)).toBe(0);
  });

  it("takes the photo's border for contour", () => {
    const full = ascii`
      #####
      #####
      #####
      #####
      #####
    `;
    const hole = ascii`
      #####
      #####
      ##.##
      #####
      #####
    `;
    // The full mask's ring has 16 pixels; with the hole all 24 remaining ones are near a contour.
    expect(boundaryIoU(full, hole)).toBe(16 / 24);
  });

  it.each([
    [20, 15, 1], // 2 % of 25 is 0.5: at least 1
    [100, 75, 2], // 2.5 rounds to even
    [60, 45, 2], // 1.5 rounds to even
    [90, 80, 2], // 2.41
    [110, 100, 3], // 2.97
  ])("takes 2 %% of the diagonal for d: %i × %i gives %i", (width, height, d) => {
    const a = rectangle(width, height, [0, 0, width - 5, height - 1]);
    const b = rectangle(width, height, [3, 4, width - 1, height - 6]);
    for (const other of [1, 2, 3]) {
      if (other === d) expect(boundaryIoU(a, b)).toBe(published(a, b, other));
      else expect(boundaryIoU(a, b)).not.toBe(published(a, b, other));
    }
  });

  it("equals the published definition on random masks for any d", () => {
    fc.assert(
      fc.property(anyPair(14), fc.integer({ min: 1, max: 4 }), ([a, b], d) => {
        const share = (d + 0.01) / Math.hypot(a.width, a.height);
        expect(boundaryIoU(a, b, share)).toBe(published(a, b, d));
      }),
      { numRuns: 300 },
    );
  });
});

/** Measures on runs agree with those on pixels. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskArea } from "../../../src/core/mask.ts";
import { boundaryBand } from "../../../src/core/metrics/boundary-iou.ts";
import { maskIoU, maskOverlap } from "../../../src/core/metrics/mask-iou.ts";
import { runBoundary } from "../../../src/core/metrics/run-boundary.ts";
import { detectionIoU, runIntersection } from "../../../src/core/metrics/run-iou.ts";
import { decodeRuns, encodeRuns } from "../../../src/core/run-length.ts";
import { ascii, draw } from "../../helpers/ascii-mask.ts";
import { anyMask, anyPair } from "../arbitrary.ts";

describe("runIntersection", () => {
  it("counts common pixels by hand", () => {
    const a = encodeRuns(ascii`
      .##
      .##
    `);
    const b = encodeRuns(ascii`
      .#.
      ###
    `);
    expect([...a.counts, ...b.counts]).toEqual([2, 4, 1, 3, 1, 1]);
    expect(runIntersection(a, b)).toBe(3);
    expect(detectionIoU(a, b, false)).toBe(3 / 5);
    // A crowd: how much of the detection lies in it.
    expect(detectionIoU(a, b, true)).toBe(3 / 4);
  });

  it("agrees with the pixels", () => {
    fc.assert(
      fc.property(anyPair(), ([a, b]) => {
        const { both, either } = maskOverlap(a, b);
        expect(runIntersection(encodeRuns(a), encodeRuns(b))).toBe(both);
        expect(detectionIoU(encodeRuns(a), encodeRuns(b), false)).toBe(either === 0 ? 0 : maskIoU(a, b));
        expect(detectionIoU(encodeRuns(a), encodeRuns(b), true)).toBe(both === 0 ? 0 : both / maskArea(a));
      }),
    );
  });

  it("takes runs of no length and lists that end early", () => {
    const short = { width: 2, height: 2, counts: Uint32Array.from([0, 1, 0, 1]) };
    const long = { width: 2, height: 2, counts: Uint32Array.from([0, 1, 1, 0, 1, 1, 0]) };
    expect(runIntersection(short, long)).toBe(1);
    expect(runIntersection(long, short)).toBe(1);
  });
});

describe("runBoundary", () => {
  it("is the ring of a square", () => {
    const square = ascii`
      ......
      .#####
      .#####
      .#####
      .#####
    `;
    expect(draw(decodeRuns(runBoundary(encodeRuns(square), 1)))).toBe(
      ["......", ".#####", ".#...#", ".#...#", ".#####"].join("\n"),
    );
  });

  it("agrees with the boundary of the pixels, and is written as runs are", () => {
    fc.assert(
      fc.property(anyMask(12), fc.integer({ min: 1, max: 4 }), (mask, d) => {
        const wanted = boundaryBand(mask, [0, 0, mask.width - 1, mask.height - 1], d);
        expect(runBoundary(encodeRuns(mask), d)).toEqual(encodeRuns(wanted));
      }),
    );
  });
});

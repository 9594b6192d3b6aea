import { describe, expect, it } from "vitest";
import { alignEdges, alignedMask, edgeMargin } from "../../../src/core/edges/align-edges.ts";
import type { LogitWindow } from "../../../src/core/upscale.ts";
import {
  type Colour,
  type Edges,
  FRAME,
  logitAt,
  logitsOf,
  rightEdge,
  SIZE,
  sceneOf,
  upscaled,
} from "./scene.ts";

const RED: Colour = [200, 40, 30];
const BLUE: Colour = [30, 60, 200];
/** The object in the photo; the cells of the low-res grid are two pixels wide. */
const OBJECT: Edges = [120, 120, 300, 400];

function aligned(
  drawn: Edges,
  object: Colour = RED,
  ground: Colour = BLUE,
): { before: LogitWindow; after: LogitWindow } {
  const lowRes = logitsOf(drawn);
  const before = upscaled(lowRes, edgeMargin(FRAME));
  return { before, after: alignEdges(sceneOf(OBJECT, object, ground), lowRes, before, FRAME) };
}

const shiftedRight = (by: number): Edges => [OBJECT[0], OBJECT[1], OBJECT[2] + by, OBJECT[3]];

/** Rows away from the object's corners. */
const ROWS = Array.from({ length: 20 }, (_, i) => 180 + 8 * i);

describe("edgeMargin", () => {
  it("is twelve cells and 8 pixels", () => {
    expect(edgeMargin(FRAME)).toBe(12 * 2 + 8);
  });
});

describe("alignEdges", () => {
  it.each([
    ["one cell outside", 2],
    ["two cells outside", 4],
    ["one cell inside", -2],
    ["two cells inside", -4],
    ["half a cell outside", 1],
  ])("moves a contour drawn %s onto the photo's edge", (_, shift) => {
    const { before, after } = aligned(shiftedRight(shift));
    for (const y of ROWS) {
      expect(rightEdge(before, 200, y)).toBe(OBJECT[2] + shift);
      expect(rightEdge(after, 200, y)).toBe(OBJECT[2]);
    }
  });

  it("leaves a contour that is on the photo's edge where it is, on all four sides", () => {
    const { after } = aligned(OBJECT);
    for (const t of [180, 220, 260]) {
      expect([OBJECT[2] - 1, OBJECT[2]].map((x) => logitAt(after, x, t) > 0)).toEqual([true, false]);
      expect([OBJECT[0], OBJECT[0] - 1].map((x) => logitAt(after, x, t) > 0)).toEqual([true, false]);
      expect([OBJECT[3] - 1, OBJECT[3]].map((y) => logitAt(after, t, y) > 0)).toEqual([true, false]);
      expect([OBJECT[1], OBJECT[1] - 1].map((y) => logitAt(after, t, y) > 0)).toEqual([true, false]);
    }
  });

  it("does the same for a dark object on a bright ground and the other way round", () => {
    for (const [object, ground] of [
      [
        [40, 40, 40],
        [210, 210, 210],
      ],
      [
        [210, 210, 210],
        [40, 40, 40],
      ],
    ] as const) {
      const { after } = aligned(shiftedRight(3), object, ground);
      for (const y of ROWS) expect(rightEdge(after, 200, y)).toBe(OBJECT[2]);
    }
  });

  it("leaves the contour alone where the photo shows no edge", () => {
    const { after } = aligned(shiftedRight(4), BLUE, BLUE);
    for (const y of ROWS) expect(Math.abs(rightEdge(after, 200, y) - (OBJECT[2] + 4))).toBeLessThanOrEqual(1);
  });

  it("straightens a wobbling contour where the photo shows no edge", () => {
    const wobbly = logitsOf(OBJECT).map((v, i) => v + 2 * Math.sin(Math.floor(i / 256) * 1.1));
    const before = upscaled(wobbly, edgeMargin(FRAME));
    const after = alignEdges(sceneOf(OBJECT, BLUE, BLUE), wobbly, before, FRAME);
    const range = (logits: LogitWindow): number => {
      const edges = Array.from({ length: 160 }, (_, i) => rightEdge(logits, 200, 180 + i));
      return Math.max(...edges) - Math.min(...edges);
    };
    expect(range(before)).toBeGreaterThanOrEqual(4);
    expect(range(after)).toBeLessThanOrEqual(range(before) / 2);
  });

  it("moves a contour at least half way to an edge between colours that differ by little", () => {
    const { after } = aligned(shiftedRight(4), [110, 100, 90], [106, 102, 96]);
    for (const y of ROWS) expect(Math.abs(rightEdge(after, 200, y) - OBJECT[2])).toBeLessThanOrEqual(2);
  });

  it("does not reach an edge of the photo far from the contour", () => {
    // Twelve cells away: colours may vote near the drawn contour, they cannot pull it there.
    const { after } = aligned(shiftedRight(-24));
    for (const y of ROWS)
      expect(Math.abs(rightEdge(after, 200, y) - (OBJECT[2] - 24))).toBeLessThanOrEqual(8);
  });

  it("changes nothing farther than eight cells from the contour, and no sign farther than four", () => {
    const drawn = shiftedRight(2);
    const { before, after } = aligned(drawn);
    const [x0, y0, x1, y1] = drawn;
    let far = 0;
    for (let y = before.y0; y < before.y1; y++) {
      for (let x = before.x0; x < before.x1; x++) {
        const inside = Math.min(x + 0.5 - x0, x1 - x - 0.5, y + 0.5 - y0, y1 - y - 0.5);
        const outside = Math.hypot(
          Math.max(x0 - x - 0.5, x + 0.5 - x1, 0),
          Math.max(y0 - y - 0.5, y + 0.5 - y1, 0),
        );
        const cells = Math.max(inside, outside) / 2;
        if (cells > 8) {
          far++;
          if (logitAt(after, x, y) !== logitAt(before, x, y)) expect.fail(`(${x}, ${y}) changed`);
        }
        if (cells > 5 && logitAt(after, x, y) > 0 !== logitAt(before, x, y) > 0)
          expect.fail(`(${x}, ${y}) flipped`);
      }
    }
    expect(far).toBeGreaterThan(10_000);
  });

  it("keeps the window and does not write into its input", () => {
    const lowRes = logitsOf(OBJECT);
    const before = upscaled(lowRes, edgeMargin(FRAME));
    const copy = before.data.slice();
    const after = alignEdges(sceneOf(OBJECT, RED, BLUE), lowRes, before, FRAME);
    expect(after).toMatchObject({ x0: before.x0, y0: before.y0, x1: before.x1, y1: before.y1 });
    expect(after.data).toHaveLength(before.data.length);
    expect(before.data).toEqual(copy);
  });

  it("gives numbers where the object fills the photo or is a few cells wide", () => {
    for (const drawn of [
      [-50, -50, SIZE + 50, SIZE + 50],
      [250, 250, 254, 254],
    ] as const) {
      const { after } = aligned(drawn);
      expect(after.data.every(Number.isFinite)).toBe(true);
    }
  });
});

describe("alignedMask", () => {
  const masks: readonly [string, Float32Array][] = [
    ["a rectangle drawn two cells outside", logitsOf(shiftedRight(4))],
    ["one drawn inside", logitsOf(shiftedRight(-6))],
    ["a wobbling contour", logitsOf(OBJECT).map((v, i) => v + 2 * Math.sin(Math.floor(i / 256) * 1.1))],
    ["steep logits with islands", logitsOf(OBJECT).map((v, i) => (i % 991 === 0 ? 15 : 2 * v))],
    ["an object that fills the photo", logitsOf([-50, -50, SIZE + 50, SIZE + 50])],
  ];

  it.each(masks)("is the positive part of what alignEdges gives: %s", (_, lowRes) => {
    const photo = sceneOf(OBJECT, RED, BLUE);
    const before = upscaled(lowRes, edgeMargin(FRAME));
    const { data } = alignEdges(photo, lowRes, before, FRAME);
    const { x0, y0, x1, y1 } = before;
    const mask = alignedMask(photo, lowRes, FRAME, "bicubic", { x0, y0, x1, y1 });
    expect(mask).toEqual(Uint8Array.from(data, (v) => (v > 0 ? 1 : 0)));
  });
});

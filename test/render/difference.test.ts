import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changeWindow } from "../../src/render/change-window.ts";
import { changeShares, countChanges } from "../../src/render/changes.ts";
import { difference } from "../../src/render/difference.ts";
import { differenceLegend } from "../../src/render/difference-legend.ts";
import { withThousands } from "../../src/render/legend.ts";
import { createPicture } from "../../src/render/picture.ts";
import { COARSE, REFINED } from "../../src/render/theme.ts";
import { labelsOf, mapOf, pixelOf } from "./helpers.ts";

const before = labelsOf("1122");
const after = labelsOf("1.33");

describe("countChanges", () => {
  it("counts added, removed and relabelled pixels", () => {
    expect(countChanges(before, after)).toEqual({ added: 0, removed: 1, relabelled: 2 });
    expect(countChanges(after, before)).toEqual({ added: 1, removed: 0, relabelled: 2 });
  });

  it("names both sizes where they differ", () => {
    expect(() => countChanges(before, labelsOf("1"))).toThrow(/4 × 1.*1 × 1/);
  });
});

describe("changeShares", () => {
  it("averages when it shrinks and repeats when it grows", () => {
    expect([...changeShares(before, after, { width: 2, height: 1 })]).toEqual([0, 0, 0.5, 0, 0, 1]);
    expect([...changeShares(labelsOf(".1"), labelsOf("1."), { width: 4, height: 1 })]).toEqual([
      1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0,
    ]);
  });
});

describe("difference", () => {
  it("paints added blue and removed orange over dim gray", () => {
    const picture = difference(createPicture(3, 1, [100, 100, 100]), labelsOf("11."), labelsOf("1.1"));
    expect(pixelOf(picture, 0, 0)).toEqual([50, 50, 50, 255]);
    const [removed, added] = [pixelOf(picture, 1, 0), pixelOf(picture, 2, 0)];
    for (const c of [0, 1, 2] as const) {
      expect(removed[c]).toBeCloseTo(0.95 * COARSE[c] + 2.5, -0.5);
      expect(added[c]).toBeCloseTo(0.95 * REFINED[c] + 2.5, -0.5);
    }
  });

  it("keeps a single changed pixel of a large map visible in a small picture", () => {
    const large = mapOf(100, 100, (x, y) => Number(x === 3 && y === 3));
    const picture = difference(
      createPicture(5, 5, [0, 0, 0]),
      mapOf(100, 100, () => 0),
      large,
    );
    expect(pixelOf(picture, 0, 0)[2]).toBeGreaterThan(100);
  });
});

describe("changeWindow", () => {
  it("is undefined where nothing changed", () => {
    expect(changeWindow(before, before, { width: 2, height: 1 })).toBeUndefined();
  });

  it("finds the largest change and puts it in the middle", () => {
    const changed = mapOf(60, 40, (x, y) => Number((x >= 30 && x < 36 && y >= 20 && y < 24) || x + y === 0));
    expect(
      changeWindow(
        mapOf(60, 40, () => 0),
        changed,
        { width: 12, height: 10 },
      ),
    ).toEqual([27, 17, 38, 26]);
  });

  it("lies within the map and holds a change, whatever the sizes", () => {
    const side = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(side, side, side, side, fc.nat(), (width, height, w, h, seed) => {
        const at = seed % (width * height);
        const changed = mapOf(width, height, (x, y) => Number(y * width + x === at));
        const box = changeWindow(
          mapOf(width, height, () => 0),
          changed,
          { width: w, height: h },
        )!;
        const [x0, y0, x1, y1] = box;
        expect(x0 >= 0 && y0 >= 0 && x1 < width && y1 < height).toBe(true);
        expect([x1 - x0 + 1, y1 - y0 + 1]).toEqual([Math.min(w, width), Math.min(h, height)]);
        const [x, y] = [at % width, Math.floor(at / width)];
        expect(x >= x0 && x <= x1 && y >= y0 && y <= y1).toBe(true);
      }),
    );
  });
});

it("withThousands groups digits", () => {
  expect([0, 999, 1000, 27_415, 1_234_567].map(withThousands)).toEqual([
    "0",
    "999",
    "1 000",
    "27 415",
    "1 234 567",
  ]);
});

it("differenceLegend breaks into rows of the width", () => {
  const counts = { added: 1, removed: 2, relabelled: 3 };
  const [wide, narrow] = [differenceLegend(counts), differenceLegend(counts, 150)];
  expect(narrow.width).toBeLessThanOrEqual(170);
  expect(narrow.height).toBeGreaterThan(wide.height);
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparisonSheet } from "../../src/render/comparison-sheet.ts";
import { createPicture, type Picture } from "../../src/render/picture.ts";
import { labelsOf, mapOf } from "./helpers.ts";

function expectBounded(sheet: Picture): void {
  expect(sheet.width).toBeLessThanOrEqual(2400);
  expect(sheet.height).toBeLessThanOrEqual(4000);
  expect(sheet.data.length).toBe(sheet.width * sheet.height * 4);
}

const half = (width: number, height: number) => mapOf(width, height, (x) => Number(2 * x < width));
const none = (width: number, height: number) => mapOf(width, height, () => 0);

describe("comparisonSheet", () => {
  it.each([
    [1, 1],
    [2, 1],
    [4000, 20],
    [20, 4000],
    [1300, 900],
  ])("stays bounded for a photo of %i × %i", (width, height) => {
    const photo = createPicture(width, height, [90, 120, 60]);
    const [coarse, refined] = [half(width, height), none(width, height)];
    expectBounded(comparisonSheet({ photo, coarse, refined }));
    expectBounded(comparisonSheet({ photo, coarse, refined, groundTruth: coarse, panelWidth: 5000 }));
  });

  it("is opaque and takes any size, text and panel width", () => {
    const side = fc.integer({ min: 1, max: 60 });
    const text = fc.string({ maxLength: 80, unit: "binary" });
    fc.assert(
      fc.property(
        side,
        side,
        text,
        fc.integer({ min: -5, max: 120 }),
        fc.nat(9),
        (w, h, title, panelWidth, id) => {
          const refined = mapOf(w, h, (x, y) => (x + y) % (id + 1));
          const caption = Array.from({ length: 2 * id }, () => title);
          const photo = createPicture(w, h, [1, 2, 3]);
          const sheet = comparisonSheet({ photo, coarse: half(w, h), refined, title, caption, panelWidth });
          expectBounded(sheet);
          expect(sheet.data.every((value, i) => i % 4 < 3 || value === 255)).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("has no close-up where nothing changed", () => {
    const photo = createPicture(40, 30, [0, 0, 0]);
    const coarse = half(40, 30);
    const [same, changed] = [coarse, none(40, 30)].map((refined) =>
      comparisonSheet({ photo, coarse, refined }),
    );
    expect(changed!.height).toBeGreaterThan(same!.height + 200);
  });

  it("has more close-ups for a label map whose changes lie apart, still bounded", () => {
    const size = [400, 300] as const;
    const photo = createPicture(...size, [0, 0, 0]);
    const coarse = mapOf(...size, (x, y) =>
      y < 20 ? (x < 20 ? 1 : x > 380 ? 2 : 0) : y > 280 && x > 380 ? 3 : 0,
    );
    const single = mapOf(...size, (x, y) => (coarse.data[y * 400 + x]! > 0 ? 1 : 0));
    const [labels, object] = [coarse, single].map((map) =>
      comparisonSheet({ photo, coarse: map, refined: none(...size) }),
    );
    expect(labels!.height).toBeGreaterThan(object!.height + 2 * 300);
    const caption = Array.from({ length: 20 }, () => "a line");
    expectBounded(comparisonSheet({ photo, coarse, refined: none(...size), caption, panelWidth: 720 }));
  });

  it("names both sizes where a map does not fit the photo", () => {
    const photo = createPicture(2, 2);
    const input = { photo, coarse: labelsOf("11", "11"), refined: labelsOf("111") };
    expect(() => comparisonSheet(input)).toThrow(/refined mask is 3 × 1.*photo is 2 × 2/);
  });
});

import { describe, expect, it } from "vitest";
import type { Photo } from "../../../src/core/lab.ts";
import { countOnes, type Mask } from "../../../src/core/mask.ts";
import { maskIoU } from "../../../src/core/metrics/mask-iou.ts";
import { defectRegion } from "../../../src/core/simulate/defect-region.ts";
import { seededRandom } from "../../../src/core/simulate/seeded-random.ts";
import { simulateDefects } from "../../../src/core/simulate/simulate-defects.ts";
import { rectangle } from "../../helpers/ascii-mask.ts";
import { numbers } from "../arbitrary.ts";

const width = 160;
const height = 120;

/** Smooth blotches, so that superpixels have shapes of their own. */
const photo: Photo = {
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    return 128 + 60 * Math.sin(x / (9 + (i % 3))) + 60 * Math.cos(y / 7);
  }),
};

const truth: Mask = rectangle(width, height, [40, 30, 119, 89]);

describe("simulateDefects", () => {
  const seeds = Array.from({ length: 12 }, (_, seed) => seed);
  const results = seeds.map((seed) => simulateDefects(truth, photo, { seed }));

  it("ends with an IoU of 0.75 to 0.85, in at most ten defects", () => {
    for (const result of results) {
      const { mask, iou, defects, tries } = result!;
      expect(iou).toBe(maskIoU(mask, truth));
      expect(iou).toBeGreaterThanOrEqual(0.75);
      expect(iou).toBeLessThanOrEqual(0.85);
      expect(defects).toBeGreaterThanOrEqual(1);
      expect(defects).toBeLessThanOrEqual(10);
      expect(tries).toBeLessThanOrEqual(31);
    }
  });

  it("adds and removes", () => {
    const grown = results.filter((result) => countOnes(result!.mask.data) > countOnes(truth.data)).length;
    expect(grown).toBeGreaterThan(0);
    expect(grown).toBeLessThan(seeds.length);
  });

  it("gives the same mask for the same seed, another for another, and leaves the truth as it is", () => {
    const before = truth.data.slice();
    expect(simulateDefects(truth, photo, { seed: 3 })).toEqual(results[3]);
    expect(new Set(results.map((result) => result!.mask.data.join(""))).size).toBe(seeds.length);
    expect(truth.data).toEqual(before);
  });

  it("takes a range, a number of defects and of tries", () => {
    const { iou, defects } = simulateDefects(truth, photo, { seed: 1, range: [0.5, 0.6], defects: 40 })!;
    expect(iou).toBeGreaterThanOrEqual(0.5);
    expect(iou).toBeLessThanOrEqual(0.6);
    expect(defects).toBeGreaterThan(1);
    expect(
      simulateDefects(truth, photo, { seed: 1, range: [0.5, 0.6], defects: 1, tries: 3 }),
    ).toBeUndefined();
  });

  it("gives up a mask that no superpixel fits to, and one that is empty", () => {
    expect(simulateDefects(rectangle(width, height, [80, 60, 80, 60]), photo)).toBeUndefined();
    expect(simulateDefects({ width, height, data: new Uint8Array(width * height) }, photo)).toBeUndefined();
  });

  it("refuses a photo of another size", () => {
    const other = { width: 2, height: 1, data: new Uint8Array(6) };
    expect(() => simulateDefects(truth, other)).toThrow(
      "The mask is 160×120 pixels, the photo 2×1: expected one size",
    );
  });
});

describe("defectRegion", () => {
  /** The region for a draw. */
  const region = (mask: Mask, draw: number): Uint8Array => defectRegion(mask, () => draw);

  it("is the band of 6 px on both sides of the boundary, what is deeper, or what is farther", () => {
    const band = region(truth, 0.64);
    const inner = region(truth, 0.66);
    const outer = region(truth, 0.91);
    expect(countOnes(inner)).toBe((80 - 12) * (60 - 12));
    expect(countOnes(band)).toBe((80 + 12) * (60 + 12) - countOnes(inner));
    expect(countOnes(outer)).toBe(width * height - (80 + 12) * (60 + 12));
  });

  it("is the whole mask where it would have under five pixels", () => {
    const small = rectangle(width, height, [50, 50, 63, 63]);
    expect(region(small, 0.7)).toEqual(small.data);
    const larger = rectangle(width, height, [50, 50, 64, 63]);
    expect(countOnes(region(larger, 0.7))).toBe(6);
  });

  it("is drawn with 65, 25 and 10 in a hundred", () => {
    const random = numbers(11);
    const sizes = new Map<number, number>();
    for (let i = 0; i < 600; i++) {
      const size = countOnes(region(truth, random()));
      sizes.set(size, (sizes.get(size) ?? 0) + 1);
    }
    const shares = [...sizes.values()].map((count) => count / 600).sort();
    expect(shares[0]).toBeCloseTo(0.1, 1);
    expect(shares[1]).toBeCloseTo(0.25, 1);
    expect(shares[2]).toBeCloseTo(0.65, 1);
  });
});

describe("seededRandom", () => {
  it("is even over [0, 1) and differs from seed to seed", () => {
    const tenths = new Array<number>(10).fill(0);
    const random = seededRandom(1);
    for (let i = 0; i < 10_000; i++) tenths[Math.floor(10 * random())]!++;
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
    const first = Array.from({ length: 100 }, (_, seed) => seededRandom(seed)());
    expect(new Set(first).size).toBe(100);
  });

  it("keeps its stream: masks of published seeds must not change", () => {
    const random = seededRandom(42);
    expect([random(), random(), random()]).toMatchInlineSnapshot(`
      [
        0.12848330102860928,
        0.03353364090435207,
        0.07509804493747652,
      ]
    `);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Mask } from "../../../src/core/mask.ts";
import { decodeRuns, encodeRuns } from "../../../src/core/run-length.ts";
import { keyhole } from "../../../src/formats/geometry/keyhole.ts";
import { rasterizePolygons } from "../../../src/formats/geometry/rasterize-polygon.ts";
import { type TracedPolygon, tracePolygons } from "../../../src/formats/geometry/trace-polygons.ts";
import { ascii, draw } from "../../helpers/ascii-mask.ts";
import { maskOf, randomMask } from "./random-mask.ts";

/** The union of the outer rings, each without its holes. */
function refill(polygons: readonly TracedPolygon[], { width, height }: Mask): Mask {
  const data = new Uint8Array(width * height);
  for (const { outer, holes } of polygons) {
    const inside = decodeRuns(rasterizePolygons([outer], { width, height })).data;
    const cut = decodeRuns(rasterizePolygons(holes, { width, height })).data;
    for (let i = 0; i < data.length; i++) data[i]! |= inside[i]! & (1 - cut[i]!);
  }
  return { width, height, data };
}

const bridged = (polygons: readonly TracedPolygon[]) =>
  polygons.map(({ outer, holes }) => keyhole(outer, holes));

const ringArea = (ring: readonly number[]): number => {
  let twice = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const j = (i + 2) % ring.length;
    twice += ring[i]! * ring[j + 1]! - ring[j]! * ring[i + 1]!;
  }
  return twice / 2;
};

describe("tracePolygons", () => {
  it("turns at the corners of the pixels, holes the other way round", () => {
    const mask = ascii`
      ####
      #..#
      ####
    `;
    expect(tracePolygons(mask, 0)).toEqual([
      { outer: [4, 0, 4, 3, 0, 3, 0, 0], holes: [[1, 1, 1, 2, 3, 2, 3, 1]] },
    ]);
  });

  it("separates pixels that touch at a corner only", () => {
    const mask = ascii`
      #.
      .#
    `;
    expect(tracePolygons(mask, 0).map(({ outer }) => outer)).toEqual([
      [1, 0, 1, 1, 0, 1, 0, 0],
      [2, 1, 2, 2, 1, 2, 1, 1],
    ]);
  });

  it("gives a hole to the part around it, and an island in the hole its own outline", () => {
    const mask = ascii`
      ######.###
      #....#.#.#
      #.##.#.###
      #.#..#....
      #....#....
      ######....
    `;
    expect(tracePolygons(mask, 0).map(({ holes }) => holes.length)).toEqual([1, 1, 0]);
  });

  it("has nothing for an empty mask and refuses a tolerance that is no distance", () => {
    expect(tracePolygons({ width: 2, height: 2, data: new Uint8Array(4) }, 0)).toEqual([]);
    const mask = ascii`#`;
    expect(() => tracePolygons(mask, -1)).toThrow(RangeError);
    expect(() => tracePolygons(mask, Number.NaN)).toThrow(RangeError);
  });

  it("gives back exactly the mask at tolerance 0, from pixels and from runs, with and without bridges", () => {
    fc.assert(
      fc.property(randomMask(), (mask) => {
        const polygons = tracePolygons(mask, 0);
        expect(tracePolygons(encodeRuns(mask), 0)).toEqual(polygons);
        expect(draw(refill(polygons, mask))).toBe(draw(mask));
        const { width, height } = mask;
        expect(rasterizePolygons(bridged(polygons), { width, height })).toEqual(encodeRuns(mask));
        for (const { outer, holes } of polygons) {
          expect(ringArea(outer)).toBeGreaterThan(0);
          for (const hole of holes) expect(ringArea(hole)).toBeLessThan(0);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it("keeps every part and hole at any tolerance, within it, and bridges change no pixel", () => {
    fc.assert(
      fc.property(randomMask(), fc.constantFrom(0.3, 0.5, 1, 2, 100), (mask, tolerance) => {
        const { width, height } = mask;
        const exact = tracePolygons(mask, 0);
        const simple = tracePolygons(mask, tolerance);
        expect(simple.map(({ holes }) => holes.length)).toEqual(exact.map(({ holes }) => holes.length));
        simple.forEach(({ outer, holes }, k) => {
          [outer, ...holes].forEach((ring, r) => {
            expect(ring.length).toBeGreaterThanOrEqual(6);
            expect(rasterizePolygons([ring], { width, height }).counts.length).toBeGreaterThan(1);
            const before = [exact[k]!.outer, ...exact[k]!.holes][r]!;
            expect(farthestFrom(before, ring)).toBeLessThanOrEqual(tolerance + 1e-9);
          });
          const rings = [outer, ...holes].map(
            (ring) => decodeRuns(rasterizePolygons([ring], { width, height })).data,
          );
          const odd = rings[0]!.map((_, i) => rings.reduce((sum, data) => sum + data[i]!, 0) % 2);
          const whole = rasterizePolygons([keyhole(outer, holes)], { width, height });
          expect(whole).toEqual(encodeRuns({ width, height, data: odd }));
        });
      }),
      { numRuns: 1000 },
    );
  });

  it("simplifies a disc to a few points that fill nearly the same pixels", () => {
    const disc = maskOf(200, 200, (x, y) => (x - 99) ** 2 + (y - 99) ** 2 < 80 ** 2);
    const exact = tracePolygons(disc, 0)[0]!.outer.length;
    const rough = tracePolygons(disc, 1);
    expect(rough[0]!.outer.length).toBeLessThan(exact / 3);
    const differing = refill(rough, disc).data.filter((value, i) => value !== disc.data[i]).length;
    expect(differing / (Math.PI * 80 ** 2)).toBeLessThan(0.02);
  });

  it.each([
    ["noise", (x: number, y: number) => ((x * 73856093) ^ (y * 19349663) ^ (x * y * 83492791)) % 7 > 1],
    ["a sieve", (x: number, y: number) => x % 4 === 0 || y % 4 === 0],
    ["rings", (x: number, y: number) => Math.floor(Math.hypot(x - 800, y - 600) / 3) % 2 === 0],
  ])("takes seconds at most for two megapixels of %s", (_name, inside) => {
    const mask = maskOf(1600, 1250, inside);
    const start = process.cpuUsage();
    const polygons = tracePolygons(mask, 0);
    const { width, height } = mask;
    const runs = rasterizePolygons(bridged(polygons), { width, height });
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(10);
    expect(Buffer.compare(Buffer.from(runs.counts.buffer), Buffer.from(encodeRuns(mask).counts.buffer))).toBe(
      0,
    );
  });
});

/** How far a point of the exact ring lies from the simplified one at most. */
function farthestFrom(exact: readonly number[], ring: readonly number[]): number {
  let most = 0;
  for (let i = 0; i < exact.length; i += 2) {
    let nearest = Number.POSITIVE_INFINITY;
    for (let j = 0; j < ring.length; j += 2) {
      const k = (j + 2) % ring.length;
      const [ax, ay] = [ring[j]!, ring[j + 1]!];
      const [dx, dy] = [ring[k]! - ax, ring[k + 1]! - ay];
      const [px, py] = [exact[i]! - ax, exact[i + 1]! - ay];
      const t = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy)));
      nearest = Math.min(nearest, Math.hypot(px - t * dx, py - t * dy));
    }
    most = Math.max(most, nearest);
  }
  return most;
}

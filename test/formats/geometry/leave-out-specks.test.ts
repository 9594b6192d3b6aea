import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sameValues } from "../../../src/core/mask.ts";
import { decodeRuns, encodeRuns } from "../../../src/core/run-length.ts";
import { keyhole } from "../../../src/formats/geometry/keyhole.ts";
import { leaveOutSpecks } from "../../../src/formats/geometry/leave-out-specks.ts";
import { rasterizePolygons } from "../../../src/formats/geometry/rasterize-polygon.ts";
import { tracePolygons } from "../../../src/formats/geometry/trace-polygons.ts";
import { rectangle } from "../../helpers/ascii-mask.ts";
import { randomMask } from "./random-mask.ts";

/** A block of 40 × 40 pixels with these pixels beside it set and these inside cleared. */
function blockWith(set: readonly [x: number, y: number][], cleared: readonly [x: number, y: number][] = []) {
  const mask = rectangle(60, 50, [0, 0, 39, 39]);
  for (const [x, y] of set) mask.data[y * 60 + x] = 1;
  for (const [x, y] of cleared) mask.data[y * 60 + x] = 0;
  return tracePolygons(mask, 0);
}

describe("leaveOutSpecks", () => {
  it("leaves out parts and holes of fewer pixels, and says how many", () => {
    const { polygons, specks } = leaveOutSpecks(
      blockWith(
        [
          [50, 5],
          [52, 9],
          [53, 9],
        ],
        [[7, 7]],
      ),
      3,
    );
    expect([polygons, specks]).toEqual([blockWith([]), 3]);
  });

  it("keeps what has as many pixels, and everything with 0", () => {
    const two = blockWith([
      [52, 9],
      [53, 9],
    ]);
    expect(leaveOutSpecks(two, 2)).toEqual({ polygons: two, specks: 0 });
    expect(leaveOutSpecks(two, 0).polygons).toBe(two);
  });

  it("counts a part without its holes", () => {
    const ring = tracePolygons(rectangle(60, 50, [0, 0, 45, 45]), 0);
    const frame = rectangle(60, 50, [50, 40, 54, 44]);
    for (const x of [51, 52, 53]) for (const y of [41, 42, 43]) frame.data[y * 60 + x] = 0;
    const both = [...ring, ...tracePolygons(frame, 0)];
    // 16 pixels around a hole of 9: the hole is a speck before the part is.
    expect(leaveOutSpecks(both, 16).polygons.map(({ holes }) => holes.length)).toEqual([0, 0]);
    expect(leaveOutSpecks(both, 17).polygons).toEqual(
      both.slice(0, 1).concat(both.slice(1).map(({ outer }) => ({ outer, holes: [] }))),
    );
  });

  it("leaves out less than a hundredth of the pixels together: many small parts are no specks", () => {
    const dots = tracePolygons(
      {
        width: 20,
        height: 20,
        data: Uint8Array.from({ length: 400 }, (_, i) => Number(i % 2 === 0 && Math.floor(i / 20) % 2 === 0)),
      },
      0,
    );
    expect(dots).toHaveLength(100);
    expect(leaveOutSpecks(dots, 32)).toEqual({ polygons: dots, specks: 0 });
    const many = Array.from({ length: 30 }, (_, k): [number, number] => [
      42 + 2 * (k % 9),
      2 * Math.floor(k / 9),
    ]);
    // Of 1,630 pixels 16 may go.
    expect(leaveOutSpecks(blockWith(many), 32)).toMatchObject({ specks: 16 });
  });

  it("changes only pixels of what is left out, of any mask", () => {
    fc.assert(
      fc.property(randomMask(), fc.nat(40), (mask, least) => {
        const { polygons, specks } = leaveOutSpecks(tracePolygons(mask, 0), least);
        const { width, height } = mask;
        const outlines = polygons.map(({ outer, holes }) => keyhole(outer, holes));
        const seen = decodeRuns(rasterizePolygons(outlines, { width, height }));
        const area = mask.data.reduce((sum, value) => sum + value, 0);
        const changed = seen.data.filter((value, i) => value !== mask.data[i]).length;
        expect(changed * 100 < area || changed === 0).toBe(true);
        if (specks === 0) expect(sameValues(seen.data, mask.data)).toBe(true);
        // What stays is what would be traced, were the specks not there.
        expect(tracePolygons(encodeRuns(seen), 0)).toHaveLength(polygons.length);
        expect(polygons.length).toBeGreaterThanOrEqual(Math.min(1, area));
      }),
      { numRuns: 300 },
    );
  });
});

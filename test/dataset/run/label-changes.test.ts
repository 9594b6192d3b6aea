/** Runs of every region in a map, against counting them pixel by pixel. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LabelMap } from "../../../src/core/mask.ts";
import { runsByValue } from "../../../src/dataset/run/label-changes.ts";

/** Small maps, most of them with columns and rows that are empty. */
const maps = fc
  .record({ width: fc.integer({ min: 1, max: 7 }), height: fc.integer({ min: 1, max: 7 }) })
  .chain(({ width, height }) =>
    fc.array(fc.nat({ max: 6 }), { minLength: width * height, maxLength: width * height }).map((values) => ({
      width,
      height,
      data: Uint16Array.from(values, (value) => (value > 3 ? 0 : value)),
    })),
  );

/** Alternating counts, the first of pixels that have another value. */
function counted({ width, height, data }: LabelMap, value: number): number[] {
  const counts = [0];
  let inside = false;
  for (let x = 0; x < width; x++)
    for (let y = 0; y < height; y++) {
      if ((data[y * width + x] === value) !== inside) {
        inside = !inside;
        counts.push(0);
      }
      counts[counts.length - 1]!++;
    }
  return counts;
}

describe("the runs of every value", () => {
  it("are those of a mask of that value alone, column by column", () => {
    fc.assert(
      fc.property(maps, (map) => {
        const values = [...new Set(map.data)].filter((value) => value !== 0).sort();
        const runs = runsByValue(map);
        expect([...runs.keys()].sort()).toEqual(values);
        for (const value of values) expect(runs.get(value)).toEqual(counted(map, value));
      }),
      { numRuns: 500 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeRuns, encodeRuns, runArea } from "../../../src/core/run-length.ts";
import { rasterizePolygons } from "../../../src/formats/geometry/rasterize-polygon.ts";
import { draw } from "../../helpers/ascii-mask.ts";
import { walkedOutline } from "./walked-outline.ts";

const lines = (polygons: readonly (readonly number[])[], width: number, height: number) =>
  draw(decodeRuns(rasterizePolygons(polygons, { width, height }))).split("\n");

describe("rasterizePolygons", () => {
  it("fills the pixels between pixel corners", () => {
    expect(lines([[1, 0, 4, 0, 4, 2, 1, 2]], 5, 3)).toEqual([".###.", ".###.", "....."]);
  });

  it("is the union of its parts, even-odd within one", () => {
    const left = [0, 0, 2, 0, 2, 2, 0, 2];
    const right = [1, 1, 3, 1, 3, 3, 1, 3];
    expect(lines([left, right], 4, 3)).toEqual(["##..", "###.", ".##."]);
    expect(lines([[...left, ...right]], 4, 3)).not.toEqual(lines([left, right], 4, 3));
  });

  it("clips at every border", () => {
    expect(lines([[-3, -3, 9, -3, 9, 9, -3, 9]], 3, 2)).toEqual(["###", "###"]);
    expect(lines([[-1e8, 1, 1e8, 1, 1e8, 2, -1e8, 2]], 3, 3)).toEqual(["...", "###", "..."]);
    expect(lines([[5, 5, 9, 5, 9, 9]], 3, 2)).toEqual(["...", "..."]);
  });

  it("has one run where there is nothing to fill", () => {
    expect(Array.from(rasterizePolygons([], { width: 3, height: 2 }).counts)).toEqual([6]);
    expect(
      Array.from(
        rasterizePolygons(
          [
            [1, 1],
            [0, 0, 2, 2],
          ],
          { width: 3, height: 2 },
        ).counts,
      ),
    ).toEqual([6]);
  });

  it.each([[[0, 0, 1]], [[0, Number.NaN]], [[0, Number.POSITIVE_INFINITY]], [[0, 2e9]]])(
    "refuses %j",
    (polygon) => {
      expect(() => rasterizePolygons([polygon], { width: 3, height: 2 })).toThrow(RangeError);
    },
  );

  const coordinate = fc.oneof(
    fc.double({ min: -12, max: 40, noNaN: true }),
    fc.integer({ min: -60, max: 200 }).map((steps) => steps / 5),
    fc.integer({ min: -3, max: 25 }),
  );
  const polygon = fc
    .array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 8 })
    .map((points) => points.flat());

  it("equals a walk along every step of the outline", () => {
    fc.assert(
      fc.property(
        polygon,
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 1, max: 24 }),
        (part, width, height) => {
          expect(Array.from(rasterizePolygons([part], { width, height }).counts)).toEqual(
            walkedOutline(part, width, height),
          );
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("gives parts the pixels that any of them has", () => {
    fc.assert(
      fc.property(fc.array(polygon, { maxLength: 4 }), (parts) => {
        const size = { width: 20, height: 17 };
        const data = new Uint8Array(20 * 17);
        for (const part of parts) {
          const { data: one } = decodeRuns(rasterizePolygons([part], size));
          one.forEach((value, i) => {
            data[i] = data[i]! | value;
          });
        }
        const union = rasterizePolygons(parts, size);
        expect(union).toEqual(encodeRuns({ ...size, data }));
        expect(runArea(union)).toBe(data.reduce((sum, value) => sum + value, 0));
      }),
      { numRuns: 500 },
    );
  });
});

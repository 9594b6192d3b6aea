import { describe, expect, it } from "vitest";
import { addNormalTimes, addTransposedTimes, groupedRows } from "../../../src/core/growth/feature-rows.ts";
import { numbers } from "../arbitrary.ts";

const ROWS = 8;
const random = numbers(3);
const features = Float32Array.from({ length: ROWS * 256 }, () => random() - 0.5);
const w = Float64Array.from({ length: 256 }, () => random() - 0.5);
const v = Float64Array.from({ length: ROWS }, () => random() - 0.5);

/** The definition, a row or a column at a time. */
const plainTimes = Array.from({ length: ROWS }, (_, i) =>
  w.reduce((sum, x, k) => sum + x * features[i * 256 + k]!, 0),
);
const plainTransposed = (rows: ArrayLike<number>): number[] =>
  Array.from(w, (_, k) => Array.from(rows).reduce((sum, x, i) => sum + x * features[i * 256 + k]!, 0));

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < found.length; i++) expect(found[i]).toBeCloseTo(expected[i]!, 10);
}

describe("feature rows", () => {
  it("come in fours", () => {
    expect([0, 1, 4, 5, 4093].map(groupedRows)).toEqual([0, 4, 4, 8, 4096]);
  });

  it("add the transposed product to what is there", () => {
    const out = new Float64Array(256).fill(2);
    addTransposedTimes(features, v, out);
    expectClose(
      out,
      plainTransposed(v).map((x) => x + 2),
    );
  });

  it("add the weighted normal product to what is there", () => {
    const out = new Float64Array(256).fill(2);
    addNormalTimes(features, v, w, out);
    expectClose(
      out,
      plainTransposed(plainTimes.map((x, i) => x * v[i]!)).map((x) => x + 2),
    );
  });
});

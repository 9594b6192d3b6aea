import { describe, expect, it } from "vitest";
import { separation } from "../../../src/core/gate/separation.ts";
import { ascii } from "../../helpers/ascii-mask.ts";
import { cellsOf, embeddingOf } from "../growth/helpers.ts";

const OBJECT = ascii`
  ..........
  ..........
  ..######..
  ..######..
  ..######..
  ..######..
  ..........
  ..........
`;
const HALF = ascii`
  ..........
  ..........
  ..###.....
  ..###.....
  ..###.....
  ..###.....
  ..........
  ..........
`;

/** An embedding whose first channel is drawn in digits; the other channels are 0. */
function firstChannel(rows: readonly string[]): Float32Array {
  const embedding = new Float32Array(256 * 64 * 64);
  for (const [y, row] of rows.entries())
    for (const [x, v] of [...row].entries()) embedding[y * 64 + x] = Number(v);
  return embedding;
}

describe("separation", () => {
  it("is the distance of the bands' means in joint standard deviations", () => {
    // Inner band 6, 8 (mean 7, variance 1), outer band 1, 3 and 1, 3 (mean 2, variance 1).
    const embedding = firstChannel(["136831"]);
    const coverage = Float32Array.of(0, 0, 1, 1, 0, 0);
    expect(separation(embedding, coverage, { columns: 6, rows: 1 })).toBeCloseTo(5 / Math.sqrt(2), 6);
  });

  it("looks two cells far on both sides", () => {
    const coverage = Float32Array.of(0, 0, 0, 1, 1, 1);
    const near = separation(firstChannel(["924681"]), coverage, { columns: 6, rows: 1 });
    const far = separation(firstChannel(["024689"]), coverage, { columns: 6, rows: 1 });
    expect(near).toBeCloseTo(4 / Math.sqrt(2), 6);
    expect(far).toBe(near);
  });

  it("is larger for the whole object than for half of it", () => {
    const embedding = embeddingOf(OBJECT);
    const of = (mask: typeof OBJECT) => {
      const { grid, coverage } = cellsOf(mask);
      return separation(embedding, coverage, grid);
    };
    expect(of(OBJECT)).toBeGreaterThan(4 * of(HALF));
  });

  it("counts a cell as inside from more than half", () => {
    const embedding = firstChannel(["136831"]);
    const grid = { columns: 6, rows: 1 };
    const full = separation(embedding, Float32Array.of(0, 0, 1, 1, 0, 0), grid);
    expect(separation(embedding, Float32Array.of(0.5, 0, 0.51, 0.9, 0.1, 0.5), grid)).toBe(full);
  });

  it.each([
    ["an empty mask", 0],
    ["a mask without surroundings", 1],
  ])("is 0 for %s", (_, value) => {
    const coverage = new Float32Array(80).fill(value);
    expect(separation(embeddingOf(OBJECT), coverage, { columns: 10, rows: 8 })).toBe(0);
  });

  it("is 0 where nothing differs", () => {
    const { grid, coverage } = cellsOf(OBJECT);
    expect(separation(new Float32Array(256 * 64 * 64).fill(3), coverage, grid)).toBe(0);
  });
});

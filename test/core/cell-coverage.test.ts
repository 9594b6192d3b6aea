import { describe, expect, it } from "vitest";
import { cellCoverage, embeddingGrid } from "../../src/core/cell-coverage.ts";
import { frameOf } from "../../src/core/frame.ts";

/** A grid `[256, 256]` that is positive in the given cells `[x, y]`. */
function positiveAt(...cells: [x: number, y: number][]): Float32Array {
  const logits = new Float32Array(256 * 256).fill(-1);
  for (const [x, y] of cells) logits[y * 256 + x] = 0.5;
  return logits;
}

describe("embeddingGrid", () => {
  it.each([
    ["square", 500, 500, 64, 64],
    ["wide", 1000, 500, 64, 32],
    ["tall", 300, 1200, 16, 64],
    ["one that ends within a cell", 854, 480, 64, 36],
    ["a single row of pixels", 1024, 1, 64, 1],
  ])("holds the cells of a photo: %s", (_, width, height, columns, rows) => {
    expect(embeddingGrid(frameOf(width, height))).toEqual({ columns, rows });
  });
});

describe("cellCoverage", () => {
  it("counts sixteenths of a cell", () => {
    const logits = positiveAt([0, 0], [3, 3], [4, 0], [255, 255]);
    const coverage = cellCoverage(logits, { columns: 64, rows: 64 });
    expect([coverage[0], coverage[1], coverage[64], coverage[64 * 64 - 1]]).toEqual([
      2 / 16,
      1 / 16,
      0,
      1 / 16,
    ]);
    expect(coverage.reduce((sum, a) => sum + a, 0)).toBeCloseTo(4 / 16, 6);
  });

  it("leaves the padding of a photo that is not square out", () => {
    const wide = cellCoverage(positiveAt([5, 7], [5, 8]), { columns: 64, rows: 2 });
    expect(wide).toHaveLength(128);
    expect(wide[64 + 1]).toBe(1 / 16);
    const tall = cellCoverage(positiveAt([7, 9], [8, 9]), { columns: 2, rows: 64 });
    expect(tall[2 * 2 + 1]).toBe(1 / 16);
    expect(tall.reduce((sum, a) => sum + a, 0)).toBe(1 / 16);
  });

  it("takes a mask of 0 and 1, and calls a full cell 1", () => {
    const coverage = cellCoverage(new Uint8Array(256 * 256).fill(1), { columns: 64, rows: 64 });
    expect(new Set(coverage)).toEqual(new Set([1]));
  });

  it("does not count a logit of 0", () => {
    expect(new Set(cellCoverage(new Float32Array(256 * 256), { columns: 64, rows: 64 }))).toEqual(
      new Set([0]),
    );
  });
});

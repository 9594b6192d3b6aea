import { describe, expect, it } from "vitest";
import { embeddingRegression } from "../../../src/core/growth/embedding-regression.ts";
import { ascii, draw, rectangle } from "../../helpers/ascii-mask.ts";
import { numbers } from "../arbitrary.ts";
import { cellsOf, embeddingOf } from "./helpers.ts";

const OBJECT = ascii`
  ............
  ............
  ...######...
  ...######...
  ...######...
  ...######...
  ............
  ............
`;
const LEFT_HALF = ascii`
  ............
  ............
  ...###......
  ...###......
  ...###......
  ...###......
  ............
  ............
`;

/** The positive cells as a drawing. */
function positive(values: Float32Array, width: number): string {
  return draw({
    width,
    height: values.length / width,
    data: Uint8Array.from(values, (v) => (v > 0 ? 1 : 0)),
  });
}

/** The definition for embeddings of two channels, by Cramer's rule; values of the window, row by row. */
function plainRegression(
  embedding: Float32Array,
  channels: readonly number[],
  coverage: Float32Array,
  columns: number,
  { x0, y0, x1, y1 }: { x0: number; y0: number; x1: number; y1: number },
): number[] {
  const cells: { a: number; x: number[] }[] = [];
  for (let y = y0; y < y1; y++)
    for (let x = x0; x < x1; x++)
      cells.push({
        a: coverage[y * columns + x]!,
        x: channels.map((k) => embedding[k * 4096 + y * 64 + x]!),
      });
  const n = cells.length;
  const sum = (value: (cell: (typeof cells)[number]) => number) =>
    cells.reduce((total, cell) => total + value(cell), 0);
  const mean = channels.map((_, k) => sum(({ x }) => x[k]!) / n);
  for (const cell of cells) cell.x = cell.x.map((v, k) => v - mean[k]!);
  const inside = sum(({ a }) => Number(a > 0.5));
  const weight = (a: number) => n / (2 * (a > 0.5 ? inside : n - inside));
  const penalty = sum(({ x }) => x[0]! ** 2 + x[1]! ** 2) / 256;
  const entry = (j: number, k: number) =>
    sum(({ a, x }) => weight(a) * x[j]! * x[k]!) + (j === k ? penalty : 0);
  const [p, q, r] = [entry(0, 0), entry(0, 1), entry(1, 1)];
  const [s, t] = [0, 1].map((k) => sum(({ a, x }) => weight(a) * (2 * a - 1) * x[k]!)) as [number, number];
  const w = [(r * s - q * t) / (p * r - q * q), (p * t - q * s) / (p * r - q * q)];
  const predicted = cells.map(({ x }) => x[0]! * w[0]! + x[1]! * w[1]!);
  const total = sum(({ a }) => a);
  const meanInside = predicted.reduce((m, v, i) => m + cells[i]!.a * v, 0) / total;
  const meanOutside = predicted.reduce((m, v, i) => m + (1 - cells[i]!.a) * v, 0) / (n - total);
  return predicted.map((v) => v - (meanInside + meanOutside) / 2);
}

describe("embeddingRegression", () => {
  it("finds the half of an object that the mask misses", () => {
    const { grid, coverage } = cellsOf(LEFT_HALF);
    const found = embeddingRegression(embeddingOf(OBJECT), coverage, grid);
    expect(positive(found!, 12)).toBe(draw(OBJECT));
  });

  it("gives the mask itself where it is all of its stuff", () => {
    const { grid, coverage } = cellsOf(OBJECT);
    const found = embeddingRegression(embeddingOf(OBJECT), coverage, grid);
    expect(positive(found!, 12)).toBe(draw(OBJECT));
  });

  it("is the weighted ridge regression of its window, less the midway threshold", () => {
    // Two channels that are not constant: the normal equations are a 2×2 system.
    const random = numbers(5);
    const embedding = new Float32Array(256 * 64 * 64).fill(0.5);
    for (const k of [3, 200]) for (let i = 0; i < 64 * 64; i++) embedding[k * 64 * 64 + i] = random();
    const coverage = new Float32Array(40 * 30);
    for (const [i, a] of [0.3, 1, 0.9, 0.6, 0.2, 1, 0.5, 0.7].entries())
      coverage[(17 + (i >> 2)) * 40 + 20 + (i % 4)] = a;
    const found = embeddingRegression(embedding, coverage, { columns: 40, rows: 30 })!;
    // The box is 4×2 cells, with three cells around it.
    const window = { x0: 17, y0: 14, x1: 27, y1: 22 };
    const expected = plainRegression(embedding, [3, 200], coverage, 40, window);
    for (let y = 0; y < 30; y++) {
      for (let x = 0; x < 40; x++) {
        const inside = x >= window.x0 && x < window.x1 && y >= window.y0 && y < window.y1;
        expect(found[y * 40 + x]).toBeCloseTo(inside ? expected.shift()! : -1, 3);
      }
    }
    expect(expected).toEqual([]);
  });

  it("looks half the mask's side around it", () => {
    const stuff = rectangle(40, 20, [5, 5, 35, 16]);
    const { grid, coverage } = cellsOf(rectangle(40, 20, [5, 5, 14, 16]));
    const found = embeddingRegression(embeddingOf(stuff), coverage, grid)!;
    expect(positive(found, 40)).toBe(draw(rectangle(40, 20, [5, 5, 19, 16])));
  });

  it.each([
    ["every second cell", 30, 30, [8, 8, 17, 25]],
    ["every fourth cell", 60, 50, [10, 10, 29, 45]],
  ] as const)("learns from %s of a large window and answers for all", (_, width, height, box) => {
    const [x0, y0, , y1] = box;
    const stuff = rectangle(width, height, [x0, y0, box[2] + 3, y1]);
    const { grid, coverage } = cellsOf(rectangle(width, height, box));
    expect(positive(embeddingRegression(embeddingOf(stuff), coverage, grid)!, width)).toBe(draw(stuff));
  });

  it.each([
    ["the mask touches no cell", 0],
    ["the mask fills no cell", 0.4],
    ["the mask fills its whole window", 1],
  ])("has nothing to learn from when %s", (_, value) => {
    const coverage = new Float32Array(12 * 8).fill(value);
    expect(embeddingRegression(embeddingOf(OBJECT), coverage, { columns: 12, rows: 8 })).toBeUndefined();
  });
});

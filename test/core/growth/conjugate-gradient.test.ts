import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { solveSymmetric } from "../../../src/core/growth/conjugate-gradient.ts";

type Matrix = readonly (readonly number[])[];

function multiplier(matrix: Matrix): (x: Float64Array, out: Float64Array) => void {
  return (x, out) => {
    for (const [i, row] of matrix.entries()) out[i] = row.reduce((sum, value, j) => sum + value * x[j]!, 0);
  };
}

/** BᵀB + I: symmetric, and positive definite for every B. */
function positiveDefinite(b: Matrix): Matrix {
  return b.map((_, i) =>
    b.map((_, j) => b.reduce((sum, row) => sum + row[i]! * row[j]!, 0) + (i === j ? 1 : 0)),
  );
}

describe("solveSymmetric", () => {
  it("solves a system with a known answer", () => {
    const multiply = multiplier([
      [4, 1],
      [1, 3],
    ]);
    const [x, y] = solveSymmetric(multiply, Float64Array.of(1, 2));
    expect(x).toBeCloseTo(1 / 11, 4);
    expect(y).toBeCloseTo(7 / 11, 4);
  });

  it("needs as many steps as there are different eigenvalues", () => {
    let steps = 0;
    const scale = [2, 2, 5, 5, 5, 2];
    const x = solveSymmetric((from, out) => {
      steps++;
      for (const [i, s] of scale.entries()) out[i] = s * from[i]!;
    }, Float64Array.from(scale));
    expect(steps).toBe(2);
    for (const value of x) expect(value).toBeCloseTo(1, 10);
  });

  it("leaves zeros where nothing is asked, without a division by zero", () => {
    expect([...solveSymmetric(multiplier([[3]]), Float64Array.of(0))]).toEqual([0]);
  });

  it("leaves the right-hand side as it is", () => {
    const b = Float64Array.of(1, 2);
    solveSymmetric(
      multiplier([
        [4, 1],
        [1, 3],
      ]),
      b,
    );
    expect([...b]).toEqual([1, 2]);
  });

  it("leaves a residual of at most 1e-4 of the right-hand side", () => {
    const size = 6;
    const value = fc.integer({ min: -9, max: 9 });
    const row = fc.array(value, { minLength: size, maxLength: size });
    const square = fc.array(row, { minLength: size, maxLength: size });
    fc.assert(
      fc.property(square, row, (b, right) => {
        const multiply = multiplier(positiveDefinite(b));
        const x = solveSymmetric(multiply, Float64Array.from(right));
        const image = new Float64Array(size);
        multiply(x, image);
        const error = Math.hypot(...image.map((v, i) => v - right[i]!));
        expect(error).toBeLessThanOrEqual(1.01e-4 * Math.hypot(...right));
      }),
    );
  });
});

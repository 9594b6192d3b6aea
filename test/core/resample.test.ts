import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Axis,
  composeAxes,
  cropAxis,
  cubicAxis,
  inputRange,
  linearAxis,
  RowResampler,
  resample,
} from "../../src/core/resample.ts";
import { numbers } from "./arbitrary.ts";

/** An axis as the matrix it stands for. */
function matrix(axis: Axis, inputs: number): number[][] {
  return Array.from({ length: axis.outputs }, (_, o) => {
    const row: number[] = Array(inputs).fill(0);
    for (let t = o * axis.taps; t < (o + 1) * axis.taps; t++) row[axis.index[t]!]! += axis.weight[t]!;
    return row;
  });
}

function apply(axis: Axis, signal: readonly number[]): number[] {
  return matrix(axis, signal.length).map((row) => row.reduce((sum, w, i) => sum + w * signal[i]!, 0));
}

function expectClose(actual: readonly number[], expected: readonly number[], digits = 5): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, digits);
  });
}

const size = fc.integer({ min: 1, max: 40 });
const kinds = fc.constantFrom(linearAxis, cubicAxis);

/** A repeatable signal of a length, between −10 and 10. */
function signalOf(length: number, seed = 1): number[] {
  const next = numbers(seed);
  return Array.from({ length }, () => next() * 20 - 10);
}

describe("linearAxis", () => {
  it("doubles two samples at half-pixel centres", () => {
    expect(matrix(linearAxis(2, 4), 2)).toEqual([
      [1, 0],
      [0.75, 0.25],
      [0.25, 0.75],
      [0, 1],
    ]);
  });

  it("reads two neighbours when it shrinks: no antialiasing", () => {
    expect(matrix(linearAxis(8, 2), 8)).toEqual([
      [0, 0.5, 0.5, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0.5, 0.5, 0],
    ]);
  });
});

describe("cubicAxis", () => {
  it("has PyTorch's coefficients for a quarter (a = −0.75)", () => {
    // Doubling: output 3 lies at 1.25.
    const row = matrix(cubicAxis(4, 8), 4)[3]!;
    expectClose(row, [-0.10546875, 0.87890625, 0.26171875, -0.03515625], 7);
  });

  it("repeats the end samples beyond the border", () => {
    // Output 0 lies at −0.25, between −1 and 0.
    expectClose(matrix(cubicAxis(4, 8), 4)[0]!, [1 + 0.10546875, -0.10546875, 0, 0], 7);
  });
});

describe("both axes", () => {
  it("have rows that sum to 1", () => {
    fc.assert(
      fc.property(kinds, size, size, (axisOf, inputs, outputs) => {
        for (const row of matrix(axisOf(inputs, outputs), inputs)) {
          expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
        }
      }),
    );
  });

  it("are the identity between equal sizes", () => {
    fc.assert(
      fc.property(kinds, size, (axisOf, n) => {
        const signal = signalOf(n);
        expect(apply(axisOf(n, n), signal)).toEqual(signal);
      }),
    );
  });

  it("are symmetric: a mirrored signal gives a mirrored result", () => {
    fc.assert(
      fc.property(kinds, size, size, (axisOf, inputs, outputs) => {
        const signal = signalOf(inputs);
        const axis = axisOf(inputs, outputs);
        expectClose(apply(axis, [...signal].reverse()), apply(axis, signal).reverse(), 4);
      }),
    );
  });

  it.each([
    ["linear, exactly", linearAxis, 1e-6],
    // Only a = −0.5 would reproduce it; PyTorch's −0.75 stays within a twentieth of a sample.
    ["cubic, nearly", cubicAxis, 0.05],
  ] as const)("reproduce a ramp away from the border: %s", (_, axisOf, tolerance) => {
    const ramp = Array.from({ length: 20 }, (_, i) => i);
    const result = apply(axisOf(20, 50), ramp);
    for (let o = 5; o < 45; o++) {
      expect(Math.abs(result[o]! - (((o + 0.5) * 20) / 50 - 0.5))).toBeLessThan(tolerance);
    }
  });
});

describe("composeAxes", () => {
  it("equals applying one after the other", () => {
    fc.assert(
      fc.property(kinds, kinds, size, size, size, (one, two, a, b, c) => {
        const signal = signalOf(a);
        const [first, second] = [one(a, b), two(b, c)];
        expectClose(apply(composeAxes(first, second), signal), apply(second, apply(first, signal)), 3);
      }),
    );
  });

  it("reads zeros beyond the outputs of the first: the padding", () => {
    fc.assert(
      fc.property(kinds, size, size, size, size, (axisOf, a, b, padding, c) => {
        const signal = signalOf(a);
        const [first, second] = [axisOf(a, b), linearAxis(b + padding, c)];
        const padded = [...apply(first, signal), ...Array(padding).fill(0)];
        expectClose(apply(composeAxes(first, second), signal), apply(second, padded), 3);
      }),
    );
  });

  it("has empty rows where only padding is read", () => {
    const axis = composeAxes(linearAxis(2, 4), linearAxis(16, 4));
    expectClose(apply(axis, [3, 3]), [3, 0, 0, 0]);
  });
});

describe("cropAxis", () => {
  it("keeps the first rows", () => {
    const axis = linearAxis(5, 9);
    expect(matrix(cropAxis(axis, 4), 5)).toEqual(matrix(axis, 5).slice(0, 4));
    expect(cropAxis(axis, 4).outputs).toBe(4);
  });
});

describe("inputRange", () => {
  it("is the first and last input with a weight", () => {
    expect(inputRange(linearAxis(8, 2), 0, 2)).toEqual([1, 6]);
    expect(inputRange(linearAxis(8, 2), 1, 2)).toEqual([5, 6]);
    expect(inputRange(linearAxis(5, 5), 2, 4)).toEqual([2, 3]);
  });

  it("is the first input where none has a weight", () => {
    expect(inputRange(composeAxes(linearAxis(2, 4), linearAxis(16, 4)), 2, 4)).toEqual([0, 0]);
  });
});

/** A range `[from, to)` of at least one within `count`. */
function range([a, b]: readonly [number, number], count: number): [number, number] {
  const [one, other] = [a % count, b % count];
  return [Math.min(one, other), Math.max(one, other) + 1];
}

describe("resample", () => {
  it("applies one axis to the columns and the other to the rows", () => {
    const source = [
      ...[0, 4], //
      ...[8, 12],
    ];
    const out = resample(source, 2, linearAxis(2, 4), linearAxis(2, 2), { x0: 0, y0: 0, x1: 4, y1: 2 });
    expect([...out]).toEqual([
      ...[0, 1, 3, 4], //
      ...[8, 9, 11, 12],
    ]);
  });

  it("equals the product of the matrices on any window", () => {
    const side = fc.integer({ min: 1, max: 12 });
    const ends = fc.tuple(fc.nat(11), fc.nat(11));
    fc.assert(
      fc.property(kinds, side, side, side, side, ends, ends, (axisOf, w, h, columns, rows, xs, ys) => {
        const source = signalOf(w * h);
        const [across, down] = [axisOf(w, columns), axisOf(h, rows)];
        const [x0, x1] = range(xs, columns);
        const [y0, y1] = range(ys, rows);
        const window = { x0, y0, x1, y1 };
        const [a, d] = [matrix(across, w), matrix(down, h)];
        const expected: number[] = [];
        for (let y = window.y0; y < window.y1; y++) {
          for (let x = window.x0; x < window.x1; x++) {
            let sum = 0;
            for (let v = 0; v < h; v++)
              for (let u = 0; u < w; u++) sum += d[y]![v]! * a[x]![u]! * source[v * w + u]!;
            expected.push(sum);
          }
        }
        expectClose([...resample(source, w, across, down, window)], expected, 3);
      }),
    );
  });
});

describe("RowResampler", () => {
  it("gives the same rows in pieces, asked for in any order", () => {
    const piece = fc.record({ y: fc.nat(29), a: fc.nat(25), b: fc.nat(25) });
    fc.assert(
      fc.property(kinds, fc.array(piece, { minLength: 1, maxLength: 40 }), (axisOf, pieces) => {
        const source = signalOf(12 * 10);
        const [columns, rows] = [axisOf(12, 27), axisOf(10, 30)];
        const window = { x0: 1, y0: 0, x1: 27, y1: 30 };
        const whole = resample(source, 12, columns, rows, window);
        const resampler = new RowResampler(source, 12, columns, rows, window);
        for (const { y, a, b } of pieces) {
          const [from, to] = [Math.min(a, b), Math.max(a, b) + 1];
          const out = new Float32Array(26);
          resampler.row(y, from, to, out, 0);
          expect([...out.subarray(0, to - from)]).toEqual([...whole.subarray(y * 26 + from, y * 26 + to)]);
        }
      }),
    );
  });
});

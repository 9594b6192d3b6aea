import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AdaptionSample } from "../../../src/core/adaption/adaption-sample.ts";
import { addSampleGradient, type Factors } from "../../../src/core/adaption/sample-gradient.ts";

const RANK = 2;
const WIDTH = 5;
const TOKENS = 4;
const value = fc.double({ min: -1, max: 1, noNaN: true });
const values = (length: number) => fc.array(value, { minLength: length, maxLength: length });

const zeros = (): Factors => ({ a: new Float64Array(RANK * WIDTH), b: new Float64Array(TOKENS * RANK) });

describe("addSampleGradient", () => {
  it("is the slope that finite differences find", () => {
    const inputs = fc.tuple(
      values(RANK * WIDTH),
      values(TOKENS * RANK),
      values(WIDTH),
      values(TOKENS),
      fc.shuffledSubarray([0.1, 0.3, 0.5, 0.7], { minLength: 4 }),
    );
    let sloped = 0;
    fc.assert(
      fc.property(inputs, ([a, b, x, predicted, coarse]) => {
        const sample: AdaptionSample = {
          features: Float32Array.from(x),
          predictedIoU: Float32Array.from(predicted),
          coarseIoU: Float32Array.from(coarse),
          stability: new Float32Array(TOKENS),
        };
        const factors: Factors = { a: Float64Array.from(a), b: Float64Array.from(b) };
        const loss = (): number => addSampleGradient(factors, sample, 0.02, zeros());
        const gradient = zeros();
        const here = addSampleGradient(factors, sample, 0.02, gradient);
        for (const part of ["a", "b"] as const) {
          for (let i = 0; i < factors[part].length; i++) {
            const slopes = [1e-6, -1e-6].map((h) => {
              const before = factors[part][i]!;
              factors[part][i] = before + h;
              const there = loss();
              factors[part][i] = before;
              return (there - here) / h;
            });
            // At a corner of the loss its two sides differ, and any slope between them will do.
            const low = Math.min(...slopes) - 1e-4;
            const high = Math.max(...slopes) + 1e-4;
            expect(gradient[part][i]).toBeGreaterThan(low);
            expect(gradient[part][i]).toBeLessThan(high);
            if (gradient[part][i] !== 0) sloped++;
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(sloped).toBeGreaterThan(500);
  });

  it("adds to what is there, and nothing where no mask is better than another", () => {
    const sample: AdaptionSample = {
      features: Float32Array.of(1, 0, 0, 0, 0),
      predictedIoU: Float32Array.of(0, 0.9, 0.8, 0.95),
      coarseIoU: Float32Array.of(1, 0.2, 0.8, 0.3),
      stability: new Float32Array(TOKENS),
    };
    const factors: Factors = {
      a: new Float64Array(RANK * WIDTH).fill(0.5),
      b: new Float64Array(TOKENS * RANK),
    };
    const gradient = zeros();
    // (0.9 − 0.8 + 0.02) + (0.95 − 0.8 + 0.02)
    expect(addSampleGradient(factors, sample, 0.02, gradient)).toBeCloseTo(0.29, 6);
    addSampleGradient(factors, sample, 0.02, gradient);
    expect([...gradient.b]).toEqual([0, 0, 1, 1, -2, -2, 1, 1]);
    expect(gradient.a.every((slope) => slope === 0)).toBe(true);
    const undecided = { ...sample, coarseIoU: Float32Array.of(1, 0.2, 0.2, 0.2) };
    expect(addSampleGradient(factors, undecided, 0.02, zeros())).toBe(0);
  });
});

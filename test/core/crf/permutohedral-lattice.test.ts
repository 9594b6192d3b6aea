import { describe, expect, it } from "vitest";
import { PermutohedralLattice } from "../../../src/core/crf/permutohedral-lattice.ts";
import { numbers } from "../arbitrary.ts";

/** Gaussian sums by their definition. */
function exactSums(features: Float32Array, dimensions: number, values: Float32Array): Float32Array {
  return values.map((_, p) => {
    let sum = 0;
    for (let q = 0; q < values.length; q++) {
      let squares = 0;
      for (let i = 0; i < dimensions; i++)
        squares += (features[p * dimensions + i]! - features[q * dimensions + i]!) ** 2;
      sum += Math.exp(-squares / 2) * values[q]!;
    }
    return sum;
  });
}

/** Weighted means by sums. */
function means(filter: (values: Float32Array) => Float32Array, values: Float32Array): Float32Array {
  const weights = filter(values.map(() => 1));
  return filter(values).map((sum, i) => sum / weights[i]!);
}

/** Random points in a cube of a few standard deviations. */
function cloud(points: number, dimensions: number, side: number, seed: number): Float32Array {
  const random = numbers(seed);
  return Float32Array.from({ length: points * dimensions }, () => side * random());
}

describe("PermutohedralLattice", () => {
  it.each([1, 2, 3, 5])("gives the means of an exact Gaussian in %i dimensions", (dimensions) => {
    const features = cloud(600, dimensions, 3, dimensions);
    // A step: the means run smoothly from 0 to 1 across it.
    const values = Float32Array.from({ length: 600 }, (_, p) => (features[p * dimensions]! > 1.5 ? 1 : 0));
    const exact = means((v) => exactSums(features, dimensions, v), values);
    const lattice = new PermutohedralLattice(features, dimensions);
    const found = means((v) => lattice.filter(v), values);
    const errors = found.map((mean, i) => Math.abs(mean - exact[i]!));
    expect(Math.max(...exact) - Math.min(...exact)).toBeGreaterThan(0.5);
    expect(errors.reduce((sum, error) => sum + error) / 600).toBeLessThan(0.03);
    expect(Math.max(...errors)).toBeLessThan(0.12);
  });

  it("has a standard deviation of 1 along every axis and across them", () => {
    for (const dimensions of [2, 5]) {
      const place = Array.from({ length: dimensions }, (_, i) => (i + 1) * 0.37);
      for (const direction of [
        [1, 0],
        [0, 1],
        [Math.SQRT1_2, Math.SQRT1_2],
      ]) {
        // One point of weight, and points around it at growing distances.
        const features = Float32Array.from(
          Array.from({ length: 81 }, (_, k) =>
            place.map((v, i) => v + (k === 0 ? 0 : ((k - 40.5) / 10) * (direction[i] ?? 0))),
          ).flat(),
        );
        const one = new Float32Array(81);
        one[0] = 1;
        const response = new PermutohedralLattice(features, dimensions).filter(one);
        let [mass, moment] = [0, 0];
        for (let k = 1; k <= 80; k++) {
          mass += response[k]!;
          moment += response[k]! * ((k - 40.5) / 10) ** 2;
        }
        expect(Math.sqrt(moment / mass)).toBeGreaterThan(0.8);
        expect(Math.sqrt(moment / mass)).toBeLessThan(1.2);
      }
    }
  });

  it("is linear and symmetric", () => {
    const features = cloud(60, 5, 4, 9);
    const lattice = new PermutohedralLattice(features, 5);
    const unit = (p: number): Float32Array => Float32Array.from({ length: 60 }, (_, i) => (i === p ? 1 : 0));
    const [a, b] = [lattice.filter(unit(3)), lattice.filter(unit(40))];
    const both = lattice.filter(unit(3).map((v, i) => 2 * v + unit(40)[i]!));
    both.forEach((v, i) => {
      expect(v).toBeCloseTo(2 * a[i]! + b[i]!, 5);
    });
    // Blurring axis after axis is symmetric but for what falls off the lattice's points.
    expect(a[40]!).toBeCloseTo(b[3]!, 2);
  });

  it("keeps far points apart, also with more lattice points than it expected", () => {
    const features = Float32Array.from(
      { length: 40 * 5 },
      (_, i) => 50 * (Math.floor(i / 5) - 20) * (1 + (i % 5)),
    );
    const values = Float32Array.from({ length: 40 }, (_, p) => p);
    const found = means((v) => new PermutohedralLattice(features, 5).filter(v), values);
    found.forEach((mean, p) => {
      expect(mean).toBeCloseTo(p, 4);
    });
  });

  it("takes no points", () => {
    expect(new PermutohedralLattice(new Float32Array(0), 5).filter(new Float32Array(0))).toHaveLength(0);
  });
});

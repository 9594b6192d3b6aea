import { expect, it } from "vitest";
import { gaussianSums } from "../../../src/core/crf/blur.ts";
import { numbers } from "../arbitrary.ts";

it("gaussianSums are those of the definition", () => {
  const [width, height, sigma] = [17, 11, 1.5];
  const random = numbers(4);
  const values = Float32Array.from({ length: width * height }, random);
  const found = gaussianSums(values, width, height, sigma);
  for (let p = 0; p < values.length; p++) {
    let exact = 0;
    for (let q = 0; q < values.length; q++) {
      const dx = (p % width) - (q % width);
      const dy = Math.floor(p / width) - Math.floor(q / width);
      exact += Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma)) * values[q]!;
    }
    expect(found[p]! / exact).toBeCloseTo(1, 2);
  }
});

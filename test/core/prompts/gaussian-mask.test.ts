import { describe, expect, it } from "vitest";
import { chamferDistance } from "../../../src/core/chamfer-distance.ts";
import { frameOf } from "../../../src/core/frame.ts";
import { type Mask, maskArea } from "../../../src/core/mask.ts";
import {
  distanceGaussian,
  type GaussianWeight,
  gaussianMask,
  lowResMask,
  radialGaussian,
  signedGaussianMask,
} from "../../../src/core/prompts/gaussian-mask.ts";
import { ascii, placed, rectangle } from "../../helpers/ascii-mask.ts";

/** A photo that is the encoder's frame: cell (c, r) averages the pixels 4c+1, 4c+2 × 4r+1, 4r+2. */
const ALIGNED = frameOf(1024, 1024);

const cell = (grid: ArrayLike<number>, c: number, r: number) => grid[r * 256 + c]!;

/** What cell (c, r) of an aligned photo reads from a field. */
function averageOf(field: (x: number, y: number) => number, c: number, r: number): number {
  const [x, y] = [4 * c + 1, 4 * r + 1];
  return (field(x, y) + field(x + 1, y) + field(x, y + 1) + field(x + 1, y + 1)) / 4;
}

const isIn = (mask: Mask, x: number, y: number) => mask.data[y * mask.width + x] === 1;

describe("radialGaussian", () => {
  it("is exp(−d² / (|M|·γ)): 1 at its centre, wider for a larger mask or γ", () => {
    const weight = radialGaussian({ x: 10, y: 20 }, 100, 4);
    expect(weight.at(10, 20, 0)).toBe(1);
    expect(weight.at(13, 24, 0)).toBeCloseTo(Math.exp(-25 / 400), 12);
    expect(radialGaussian({ x: 10, y: 20 }, 100, 8).at(13, 24, 0)).toBeCloseTo(Math.exp(-25 / 800), 12);
    expect(radialGaussian({ x: 10, y: 20 }, 50, 4).at(13, 24, 0)).toBeCloseTo(Math.exp(-25 / 200), 12);
  });
});

describe("distanceGaussian", () => {
  it("is exp(−(D − Dmax)² / (|M| / γ)): larger γ falls faster", () => {
    const distance = Float64Array.of(0, 1, 2, 3);
    const weight = distanceGaussian(distance, 3, 40, 4);
    expect(weight.at(0, 0, 3)).toBe(1);
    expect(weight.at(0, 0, 1)).toBeCloseTo(Math.exp(-4 / 10), 12);
    expect(distanceGaussian(distance, 3, 40, 8).at(0, 0, 1)).toBeCloseTo(Math.exp(-4 / 5), 12);
  });
});

describe("gaussianMask", () => {
  const omega = 15;

  it("averages ω·weight and −ω over the pixels that a cell reads", () => {
    // The box starts at an odd pixel and ends at an even one, so that border cells are half object.
    const mask = rectangle(1024, 1024, [402, 410, 597, 601]);
    const weight = radialGaussian({ x: 500, y: 505 }, maskArea(mask), 4);
    const field = (x: number, y: number) => (isIn(mask, x, y) ? omega * weight.at(x, y, 0) : -omega);
    const grid = gaussianMask(mask, weight, omega, ALIGNED);
    for (let r = 98; r < 156; r++) {
      for (let c = 96; c < 154; c++) expect(cell(grid, c, r)).toBeCloseTo(averageOf(field, c, r), 4);
    }
  });

  it("has amplitude ω at the positive point and −ω on the background", () => {
    const mask = rectangle(1024, 1024, [400, 400, 599, 599]);
    const weight = radialGaussian({ x: 500, y: 500 }, maskArea(mask), 4);
    const grid = gaussianMask(mask, weight, omega, ALIGNED);
    expect(Math.max(...grid)).toBeCloseTo(omega, 2);
    expect(Math.min(...grid)).toBe(-omega);
    expect(cell(grid, 0, 0)).toBe(-omega);
    expect(cell(grid, 150, 125)).toBe(-omega);
    expect(cell(grid, 149, 125)).toBeGreaterThan(0);
  });

  it("scales with ω", () => {
    const mask = rectangle(1024, 1024, [400, 400, 450, 450]);
    const weight = radialGaussian({ x: 425, y: 425 }, 2601, 4);
    const once = gaussianMask(mask, weight, 1, ALIGNED);
    const often = gaussianMask(mask, weight, 30, ALIGNED);
    once.forEach((v, i) => {
      if (i % 17 === 0) expect(often[i]).toBeCloseTo(30 * v, 4);
    });
  });

  it("is −ω on the padding, whatever the object at the photo's lower border", () => {
    // 400 × 300 → 1024 × 768: rows 192 to 255 are padding.
    const mask = rectangle(400, 300, [0, 0, 399, 299]);
    const grid = gaussianMask(mask, { at: () => 1 }, omega, frameOf(400, 300));
    for (let c = 0; c < 256; c++) {
      expect(cell(grid, c, 191)).toBeCloseTo(omega, 4);
      for (let r = 192; r < 256; r++) expect(cell(grid, c, r)).toBe(-omega);
    }
  });

  it("interpolates a small photo's pixels", () => {
    // Two pixels, 512 frame pixels each: −ω and ω at their centres, a ramp in between.
    const grid = gaussianMask(ascii`.#`, { at: () => 1 }, omega, frameOf(2, 1));
    expect(cell(grid, 0, 0)).toBe(-omega);
    expect(cell(grid, 63, 0)).toBe(-omega);
    expect(cell(grid, 64, 0)).toBeCloseTo(-omega + (2 * omega) / 256, 4);
    expect(cell(grid, 191, 0)).toBeCloseTo(omega - (2 * omega) / 256, 4);
    expect(cell(grid, 192, 0)).toBeCloseTo(omega, 4);
    expect(cell(grid, 255, 0)).toBeCloseTo(omega, 4);
  });

  it("asks for the weight of foreground pixels only", () => {
    const mask = rectangle(64, 64, [10, 10, 20, 20]);
    const weight: GaussianWeight = {
      at: (x, y, index) => {
        expect(index).toBe(y * 64 + x);
        expect(isIn(mask, x, y)).toBe(true);
        return 1;
      },
    };
    gaussianMask(mask, weight, omega, frameOf(64, 64));
  });
});

describe("signedGaussianMask", () => {
  const omega = 30;
  // Columns 402 to 600: cell 100 reads 401 and 402, cell 149 reads 597 and 598, cell 150 reads 601 and 602.
  const mask = rectangle(1024, 1024, [402, 401, 600, 600]);
  const distance = chamferDistance(mask);
  const peak = distance.reduce((most, d) => Math.max(most, d));
  const weight = distanceGaussian(distance, peak, maskArea(mask), 4);
  const grid = signedGaussianMask(mask, weight, omega, ALIGNED);

  it("takes the sign from the interpolated mask and the amplitude from the interpolated weight", () => {
    const field = (x: number, y: number) => (isIn(mask, x, y) ? weight.at(x, y, y * 1024 + x) : 0);
    for (let c = 101; c < 150; c++) {
      expect(cell(grid, c, 125)).toBeCloseTo(omega * averageOf(field, c, 125), 3);
    }
    // Half of this cell is object: still positive, at half the weight.
    expect(cell(grid, 100, 125)).toBeCloseTo(omega * averageOf(field, 100, 125), 3);
    expect(cell(grid, 100, 125)).toBeGreaterThan(0);
  });

  it("is −ω where no weight reaches, padding included", () => {
    expect(cell(grid, 99, 125)).toBe(-omega);
    expect(cell(grid, 0, 0)).toBe(-omega);
    const wide = signedGaussianMask(
      rectangle(64, 32, [0, 0, 63, 31]),
      { at: () => 1 },
      omega,
      frameOf(64, 32),
    );
    expect(cell(wide, 200, 127)).toBe(omega);
    expect(cell(wide, 200, 128)).toBe(-omega);
  });

  it("has a weak ring just outside, where less than half of the cell is object", () => {
    const ring = signedGaussianMask(ascii`.#`, { at: () => 1 }, omega, frameOf(2, 1));
    expect(cell(ring, 63, 0)).toBe(-omega);
    expect(cell(ring, 64, 0)).toBeCloseTo(-omega / 256, 5);
    expect(cell(ring, 127, 0)).toBeCloseTo((-omega * 127) / 256, 4);
    expect(cell(ring, 128, 0)).toBeCloseTo((omega * 129) / 256, 4);
  });
});

describe("lowResMask", () => {
  it("is 1 where at least half of the cell's four pixels are object", () => {
    // Cell (10, 1) reads the pixels 41 and 42 of rows 5 and 6.
    const covered = (part: Mask) => cell(lowResMask(placed(part, 1024, 1024, 41, 5), ALIGNED), 10, 1);
    expect(covered(ascii`#.`)).toBe(0);
    expect(covered(ascii`##`)).toBe(1);
    const diagonal = ascii`
      #.
      .#
    `;
    expect(covered(diagonal)).toBe(1);
    expect(covered(ascii`..##`)).toBe(0);
  });

  it("is 0 on the padding", () => {
    const grid = lowResMask(rectangle(8, 4, [0, 0, 7, 3]), frameOf(8, 4));
    for (let r = 0; r < 256; r++) expect(cell(grid, 255, r)).toBe(r < 128 ? 1 : 0);
  });
});

import { describe, expect, it } from "vitest";
import { smoothBand } from "../../../src/core/edges/smooth-band.ts";
import type { Photo } from "../../../src/core/lab.ts";
import { numbers } from "../arbitrary.ts";

const WIDTH = 20;
const HEIGHT = 10;
const WINDOW = { x0: 0, y0: 0, x1: WIDTH, y1: HEIGHT };

function gray(value: (x: number) => number): Photo {
  const data = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => value(Math.floor(i / 3) % WIDTH));
  return { width: WIDTH, height: HEIGHT, data };
}

const flat = gray(() => 90);
const everywhere = () => new Uint8Array(WIDTH * HEIGHT).fill(1);

function noise(): Float32Array {
  const next = numbers(4);
  return Float32Array.from({ length: WIDTH * HEIGHT }, () => next());
}

function spread(values: Float32Array): number {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
}

describe("smoothBand", () => {
  it("keeps a constant", () => {
    const values = new Float32Array(WIDTH * HEIGHT).fill(0.3);
    smoothBand(
      values,
      everywhere(),
      gray((x) => x * 9),
      WINDOW,
      50,
    );
    for (const v of values) expect(v).toBeCloseTo(0.3, 5);
  });

  it("flattens noise where the photo is flat, keeping its mean", () => {
    const values = noise();
    const mean = values.reduce((a, b) => a + b) / values.length;
    const before = spread(values);
    smoothBand(values, everywhere(), flat, WINDOW, 50);
    expect(spread(values)).toBeLessThan(before / 5);
    expect(values.reduce((a, b) => a + b) / values.length).toBeCloseTo(mean, 4);
  });

  it("keeps a step on the photo's edge and blurs one that has none", () => {
    const step = () => Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH < 10 ? 1 : 0));
    const kept = step();
    smoothBand(
      kept,
      everywhere(),
      gray((x) => (x < 10 ? 40 : 200)),
      WINDOW,
      50,
    );
    expect(kept[9]).toBeCloseTo(1, 4);
    expect(kept[10]).toBeCloseTo(0, 4);
    const blurred = step();
    smoothBand(blurred, everywhere(), flat, WINDOW, 50);
    expect(blurred[9]).toBeLessThan(0.6);
    expect(blurred[10]).toBeGreaterThan(0.4);
  });

  it("does the same along columns", () => {
    const photo: Photo = { width: WIDTH, height: HEIGHT, data: new Uint8Array(WIDTH * HEIGHT * 3).fill(40) };
    photo.data.fill(200, WIDTH * 5 * 3);
    const values = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i < WIDTH * 5 ? 1 : 0));
    smoothBand(values, everywhere(), photo, WINDOW, 50);
    expect(values[4 * WIDTH + 7]).toBeCloseTo(1, 4);
    expect(values[5 * WIDTH + 7]).toBeCloseTo(0, 4);
  });

  it("neither changes nor uses pixels that take no part", () => {
    const active = everywhere();
    for (let y = 0; y < HEIGHT; y++) active[y * WIDTH + 10] = 0;
    const values = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
      const x = i % WIDTH;
      return x < 10 ? 0.8 : x === 10 ? 1000 : 0.2;
    });
    smoothBand(values, active, flat, WINDOW, 50);
    for (let x = 0; x < WIDTH; x++) expect(values[x]).toBeCloseTo(x < 10 ? 0.8 : x === 10 ? 1000 : 0.2, 4);
  });

  it("looks at the photo where the window lies", () => {
    const photo: Photo = { width: 40, height: 30, data: new Uint8Array(40 * 30 * 3) };
    // Bright from photo column 15 on: column 10 of the window.
    for (let i = 0; i < 40 * 30; i++) photo.data.fill(i % 40 < 15 ? 40 : 200, i * 3, i * 3 + 3);
    const values = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH < 10 ? 1 : 0));
    smoothBand(values, everywhere(), photo, { x0: 5, y0: 3, x1: 5 + WIDTH, y1: 3 + HEIGHT }, 50);
    expect(values[9]).toBeCloseTo(1, 4);
    expect(values[10]).toBeCloseTo(0, 4);
  });

  it("solves runs of any length exactly", () => {
    for (let length = 1; length <= WIDTH; length++) {
      const photo: Photo = { width: length, height: 1, data: new Uint8Array(length * 3).fill(7) };
      const f = noise().subarray(0, length);
      const u = f.slice();
      smoothBand(u, new Uint8Array(length).fill(1), photo, { x0: 0, y0: 0, x1: length, y1: 1 }, 8);
      // Three passes: u is what (I + A/2)(I + 2A)(I + 8A) turns back into f.
      let back = Array.from(u);
      for (const lambda of [0.5, 2, 8])
        back = back.map((v, i) =>
          [i - 1, i + 1].reduce((sum, k) => sum + (k < 0 || k >= length ? 0 : lambda * (v - back[k]!)), v),
        );
      for (const [i, v] of back.entries()) expect(v).toBeCloseTo(f[i]!, 4);
    }
  });
});

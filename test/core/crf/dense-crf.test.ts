import { describe, expect, it } from "vitest";
import { type CRFOptions, denseCRF } from "../../../src/core/crf/dense-crf.ts";
import { refineByCRF } from "../../../src/core/crf/refine-by-crf.ts";
import type { Photo } from "../../../src/core/lab.ts";
import type { Mask } from "../../../src/core/mask.ts";
import { ascii, draw, rectangle } from "../../helpers/ascii-mask.ts";
import { numbers } from "../arbitrary.ts";

/** A photo with an object of another colour, both with noise. */
function photoOf(object: Mask, noise = 12): Photo {
  const random = numbers(8);
  const data = Uint8Array.from({ length: object.data.length * 3 }, (_, i) => {
    const value = object.data[Math.floor(i / 3)] === 1 ? 190 - 40 * (i % 3) : 60 + 20 * (i % 3);
    return value + noise * (random() - 0.5);
  });
  return { width: object.width, height: object.height, data };
}

function maskOf(logits: Float32Array, { width, height }: Mask): Mask {
  return { width, height, data: Uint8Array.from(logits, (v) => (v > 0 ? 1 : 0)) };
}

/** Mean field by its definition: every pair of pixels, exact Gaussians, two labels. */
function exactCRF(photo: Photo, coarse: Mask, options: Required<CRFOptions>): Float32Array {
  const { trust, iterations, smoothness, appearance } = options;
  const { width, data } = coarse;
  const n = data.length;
  const kernel = (distance: (p: number, q: number) => number): Float64Array => {
    const k = Float64Array.from({ length: n * n }, (_, i) =>
      Math.exp(-distance(Math.floor(i / n), i % n) / 2),
    );
    const rows = Float64Array.from({ length: n }, (_, p) =>
      k.subarray(p * n, (p + 1) * n).reduce((a, b) => a + b),
    );
    return k.map((v, i) => v / Math.sqrt(rows[Math.floor(i / n)]! * rows[i % n]!));
  };
  const place = (p: number, q: number): number =>
    ((p % width) - (q % width)) ** 2 + (Math.floor(p / width) - Math.floor(q / width)) ** 2;
  const colour = (p: number, q: number): number =>
    [0, 1, 2].reduce((sum, c) => sum + (photo.data[3 * p + c]! - photo.data[3 * q + c]!) ** 2, 0);
  const near = kernel((p, q) => place(p, q) / smoothness.place ** 2);
  const alike = kernel((p, q) => place(p, q) / appearance.place ** 2 + colour(p, q) / appearance.colour ** 2);
  const cost = (label: number, p: number): number => -Math.log(data[p] === label ? trust : 1 - trust);
  const softmax = (energy: readonly [number, number]): [number, number] => {
    const [a, b] = energy.map((e) => Math.exp(-e)) as [number, number];
    return [a / (a + b), b / (a + b)];
  };
  let q = Array.from({ length: n }, (_, p) => softmax([cost(0, p), cost(1, p)]));
  for (let i = 0; i < iterations; i++) {
    const before = q;
    q = before.map((_, p) => {
      // A label costs what the other label's neighbours weigh.
      const energy = [0, 1].map((label) => {
        let sum = cost(label, p);
        for (let o = 0; o < n; o++) {
          const weight = smoothness.weight * near[p * n + o]! + appearance.weight * alike[p * n + o]!;
          sum += weight * before[o]![1 - label]!;
        }
        return sum;
      });
      return softmax(energy as [number, number]);
    });
  }
  return Float32Array.from(q, ([a, b]) => Math.log(b / a));
}

describe("denseCRF", () => {
  const truth = rectangle(22, 16, [5, 4, 16, 11]);
  const options: Required<CRFOptions> = {
    trust: 0.7,
    iterations: 4,
    smoothness: { weight: 3, place: 3 },
    appearance: { weight: 10, place: 8, colour: 13 },
  };

  it("agrees with mean field over all pairs of pixels", () => {
    const photo = photoOf(truth, 30);
    const coarse = rectangle(22, 16, [3, 4, 13, 13]);
    const exact = exactCRF(photo, coarse, options);
    const found = denseCRF(photo, coarse, options);
    const same = found.filter((v, i) => v > 0 === exact[i]! > 0).length;
    expect(same / found.length).toBeGreaterThan(0.98);
    const difference = found.reduce((sum, v, i) => sum + Math.abs(v - exact[i]!), 0) / found.length;
    const size = exact.reduce((sum, v) => sum + Math.abs(v), 0) / exact.length;
    expect(difference / size).toBeLessThan(0.05);
  });

  it("moves an outline to where colours change", () => {
    const object = ascii`
      ........................
      ........................
      ......##########........
      .....############.......
      .....############.......
      .....############.......
      .....############.......
      ......##########........
      ........................
      ........................
    `;
    const coarse = ascii`
      ........................
      ......##########........
      .....############.......
      ....############........
      ....###########.........
      ....###########.........
      .....##########.........
      .......#######..........
      ........................
      ........................
    `;
    const found = denseCRF(photoOf(object), coarse);
    expect(draw(maskOf(found, object))).toBe(draw(object));
  });

  it("leaves a mask alone where the photo says nothing and the outline is smooth", () => {
    const plain: Photo = { width: 60, height: 60, data: new Uint8Array(60 * 60 * 3).fill(90) };
    const coarse = rectangle(60, 60, [0, 0, 29, 59]);
    expect(maskOf(denseCRF(plain, coarse), coarse)).toEqual(coarse);
  });
});

describe("refineByCRF", () => {
  const truth = rectangle(320, 260, [130, 120, 179, 159]);
  const photo = photoOf(truth);
  const coarse = rectangle(320, 260, [133, 116, 183, 157]);

  /** The window's mask in the photo. */
  const pasted = (mostPixels?: number): Mask => {
    const { x0, x1, y0, y1, data } = refineByCRF(photo, coarse, {}, mostPixels)!;
    const out = new Uint8Array(truth.data.length);
    for (let y = y0; y < y1; y++)
      for (let x = x0; x < x1; x++) out[y * 320 + x] = data[(y - y0) * (x1 - x0) + x - x0]! > 0 ? 1 : 0;
    return { ...truth, data: out };
  };

  it("looks at 134 pixels around the mask", () => {
    const { data: _, ...window } = refineByCRF(photo, coarse)!;
    expect(window).toEqual({ x0: 0, y0: 0, x1: 318, y1: 260 });
    expect(pasted()).toEqual(truth);
  });

  it("shrinks what is too large, and errs by little then", () => {
    const wrong = pasted(40_000).data.filter((v, i) => v !== truth.data[i]).length;
    expect(wrong).toBeGreaterThan(0);
    expect(wrong).toBeLessThan(180);
  });

  it("has nothing to say about an empty mask", () => {
    expect(refineByCRF(photo, { ...truth, data: new Uint8Array(truth.data.length) })).toBeUndefined();
  });
});

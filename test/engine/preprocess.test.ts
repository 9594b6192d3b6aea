import { describe, expect, it } from "vitest";
import { frameOf } from "../../src/core/frame.ts";
import type { Photo } from "../../src/core/lab.ts";
import { SAM_NORMALISATION } from "../../src/engine/model-manifest.ts";
import { toPhoto } from "../../src/engine/photo.ts";
import { preprocess } from "../../src/engine/preprocess.ts";

const SIDE = 1024;
/** Values come back as they were in 0..255. */
const IDENTITY = { mean: [0, 0, 0], std: [1, 1, 1] } as const;

/** Edges, waves and noise, different in each channel. */
function scene(width: number, height: number): Photo {
  const data = new Uint8Array(width * height * 3);
  let seed = 12345;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++, i++) {
        seed = (seed * 1103515245 + 12345) & 0x7fffffff;
        const wave = 60 * Math.sin((x * (c + 1)) / 17) + 40 * Math.cos(y / (9 + c));
        const edge = (x * 5) % width > width / 2 !== y * 3 > height ? 60 : -20;
        data[i] = Math.max(0, Math.min(255, 110 + wave + edge + (seed % 31)));
      }
    }
  }
  return toPhoto(data, width, height, 3);
}

/** Weights of one output, by input. */
type Taps = (output: number) => Map<number, number>;

/** Half-pixel bilinear from the definition: weight falls linearly with the distance of pixel centres. */
function bilinearTaps(inputs: number, outputs: number): Taps {
  return (output) => {
    const centre = ((output + 0.5) * inputs) / outputs;
    const taps = new Map<number, number>();
    for (let i = Math.floor(centre) - 2; i <= Math.floor(centre) + 2; i++) {
      const weight = Math.max(0, 1 - Math.abs(i + 0.5 - centre));
      const clamped = Math.min(Math.max(i, 0), inputs - 1);
      taps.set(clamped, (taps.get(clamped) ?? 0) + weight);
    }
    return taps;
  };
}

/** Antialiased bilinear: a triangle as wide as the scale, cut at the photo's border, weights made to sum to 1. */
function triangleTaps(inputs: number, outputs: number): Taps {
  const scale = inputs / outputs;
  return (output) => {
    const centre = (output + 0.5) * scale;
    const taps = new Map<number, number>();
    for (
      let i = Math.max(0, Math.floor(centre - scale));
      i < Math.min(inputs, Math.ceil(centre + scale));
      i++
    ) {
      const weight = Math.max(0, 1 - Math.abs(i + 0.5 - centre) / scale);
      if (weight > 0) taps.set(i, weight);
    }
    const sum = [...taps.values()].reduce((total, weight) => total + weight, 0);
    return new Map([...taps].map(([i, weight]) => [i, weight / sum]));
  };
}

/** Two passes in double precision, columns first, each rounded to 8 bits. `[height, width, 3]`. */
function resize(photo: Photo, width: number, height: number, taps: typeof bilinearTaps): Uint8Array {
  const columns = taps(photo.width, width);
  const rows = taps(photo.height, height);
  const wide = new Uint8Array(width * photo.height * 3);
  for (let x = 0; x < width; x++) {
    const list = [...columns(x)];
    for (let y = 0; y < photo.height; y++) {
      for (let c = 0; c < 3; c++) {
        const sum = list.reduce((total, [i, w]) => total + w * photo.data[(y * photo.width + i) * 3 + c]!, 0);
        wide[(y * width + x) * 3 + c] = Math.floor(sum + 0.5);
      }
    }
  }
  const out = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const list = [...rows(y)];
    for (let x = 0; x < width * 3; x++) {
      out[y * width * 3 + x] = Math.floor(
        list.reduce((total, [i, w]) => total + w * wide[i * width * 3 + x]!, 0) + 0.5,
      );
    }
  }
  return out;
}

/** How a tensor's photo part differs from `[height, width, 3]` bytes, and whether the rest is 0. */
function compare(tensor: Float32Array, expected: Uint8Array, width: number, height: number) {
  let most = 0;
  let sum = 0;
  let unequal = 0;
  let padding = 0;
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const value = tensor[(c * SIDE + y) * SIDE + x]!;
        if (x >= width || y >= height) {
          if (value !== 0) padding++;
          continue;
        }
        const difference = Math.abs(value - expected[(y * width + x) * 3 + c]!);
        most = Math.max(most, difference);
        sum += difference;
        if (difference !== 0) unequal++;
      }
    }
  }
  return { most, mean: sum / (width * height * 3), unequal: unequal / (width * height * 3), padding };
}

describe("the encoder's input", () => {
  it.each([
    [333, 250],
    [512, 1000],
    [1023, 7],
    [3, 2],
  ])("of %i×%i, enlarged, is half-pixel bilinear in two rounded passes", async (width, height) => {
    const photo = scene(width, height);
    const { scaledWidth, scaledHeight } = frameOf(width, height);
    const tensor = await preprocess(photo, IDENTITY);
    const expected = resize(photo, scaledWidth, scaledHeight, bilinearTaps);
    const { most, unequal, padding } = compare(tensor, expected, scaledWidth, scaledHeight);
    // Single precision decides ties the other way now and then.
    expect(most).toBeLessThanOrEqual(1);
    expect(unequal).toBeLessThan(0.002);
    expect(padding).toBe(0);
  });

  it.each([
    [1030, 1024],
    [1500, 1000],
    [2048, 640],
    [900, 3000],
    [4500, 300],
    [9100, 130],
  ])("of %i×%i, shrunk, is antialiased", async (width, height) => {
    const photo = scene(width, height);
    const { scaledWidth, scaledHeight } = frameOf(width, height);
    const tensor = await preprocess(photo, IDENTITY);
    const expected = resize(photo, scaledWidth, scaledHeight, triangleTaps);
    const { most, mean, padding } = compare(tensor, expected, scaledWidth, scaledHeight);
    // sharp rounds its weights: up to 5 of 255 at hard edges, under one on average.
    expect(most).toBeLessThanOrEqual(5);
    expect(mean).toBeLessThan(0.8);
    expect(padding).toBe(0);
    if (scaledWidth > width / 1.2) return;
    // Without antialiasing it would be far away: the comparison can tell.
    const aliased = compare(
      tensor,
      resize(photo, scaledWidth, scaledHeight, bilinearTaps),
      scaledWidth,
      scaledHeight,
    );
    expect(aliased.most).toBeGreaterThan(20);
    expect(aliased.mean).toBeGreaterThan(6 * mean);
  });

  it("of a photo of the frame's own size is the photo", async () => {
    const photo = scene(SIDE, 700);
    const tensor = await preprocess(photo, IDENTITY);
    expect(compare(tensor, photo.data as Uint8Array, SIDE, 700)).toEqual({
      most: 0,
      mean: 0,
      unequal: 0,
      padding: 0,
    });
  });

  it("is normalised per channel, then padded with zeros, not with normalised black", async () => {
    const photo = toPhoto(
      new Uint8Array(SIDE * 512 * 3).fill(0).map((_, i) => [255, 100, 0][i % 3]!),
      SIDE,
      512,
      3,
    );
    const tensor = await preprocess(photo, SAM_NORMALISATION);
    const expected = [(255 - 123.675) / 58.395, (100 - 116.28) / 57.12, -103.53 / 57.375];
    for (const [c, value] of expected.entries()) {
      const plane = tensor.subarray(c * SIDE * SIDE, (c + 1) * SIDE * SIDE);
      expect(plane[0]).toBeCloseTo(value, 5);
      expect(plane[512 * SIDE - 1]).toBeCloseTo(value, 5);
      expect(plane.subarray(512 * SIDE).every((v) => v === 0)).toBe(true);
    }
  });

  it.each([
    [1, 1, SIDE, SIDE],
    [5000, 1, SIDE, 1],
    [1, 4000, 1, SIDE],
    [2, 1, SIDE, 512],
  ])("of %i×%i fills %i×%i", async (width, height, scaledWidth, scaledHeight) => {
    const photo = toPhoto(
      new Uint8Array(width * height * 3).map((_, i) => [7, 130, 250][i % 3]!),
      width,
      height,
      3,
    );
    const tensor = await preprocess(photo, IDENTITY);
    const expected = new Uint8Array(scaledWidth * scaledHeight * 3).map((_, i) => [7, 130, 250][i % 3]!);
    const { most, padding } = compare(tensor, expected, scaledWidth, scaledHeight);
    expect(most).toBe(0);
    expect(padding).toBe(0);
  });

  it("leaves the photo as it was", async () => {
    const photo = scene(1300, 200);
    const before = Uint8Array.from(photo.data);
    await preprocess(photo, SAM_NORMALISATION);
    expect(Buffer.from(photo.data).equals(Buffer.from(before))).toBe(true);
  });
});

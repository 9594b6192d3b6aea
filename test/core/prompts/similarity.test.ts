import { describe, expect, it } from "vitest";
import { type Frame, frameOf } from "../../../src/core/frame.ts";
import type { Mask } from "../../../src/core/mask.ts";
import { referenceSimilarity, similarityMap } from "../../../src/core/prompts/similarity.ts";
import { rectangle } from "../../helpers/ascii-mask.ts";
import { numbers } from "../arbitrary.ts";

const CELLS = 64 * 64;

/** An embedding that differs from 0 in a few channels only: `vector` gives those of a cell. */
function embeddingOf(vector: (column: number, row: number) => readonly number[]): Float32Array {
  const data = new Float32Array(256 * CELLS);
  for (let row = 0; row < 64; row++) {
    for (let column = 0; column < 64; column++) {
      vector(column, row).forEach((value, k) => {
        data[k * CELLS + row * 64 + column] = value;
      });
    }
  }
  return data;
}

/** A photo of 64 × 64 pixels: each pixel is one cell of the embedding. */
const SMALL = frameOf(64, 64);

/** Eq. 1 and 2 as written: resize F to the photo by all its 256 channels, then take the cosine with the query. */
function bruteForce(
  embedding: Float32Array,
  mask: Mask,
  columns: number,
  rows: number,
  u: (x: number) => number,
  v: (y: number) => number,
): (x: number, y: number) => number {
  const query = new Float64Array(256);
  let cells = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = Math.floor((column * mask.width) / columns);
      const y = Math.floor((row * mask.height) / rows);
      if (mask.data[y * mask.width + x] === 0) continue;
      cells++;
      for (let k = 0; k < 256; k++) query[k]! += embedding[k * CELLS + row * 64 + column]!;
    }
  }
  const at = (k: number, column: number, row: number) => embedding[k * CELLS + row * 64 + column]!;
  return (x, y) => {
    const px = Math.min(Math.max(u(x), 0), columns - 1);
    const py = Math.min(Math.max(v(y), 0), rows - 1);
    const [c0, r0] = [Math.floor(px), Math.floor(py)];
    const [c1, r1] = [Math.min(c0 + 1, columns - 1), Math.min(r0 + 1, rows - 1)];
    const [fx, fy] = [px - c0, py - r0];
    let [dot, norm, length] = [0, 0, 0];
    for (let k = 0; k < 256; k++) {
      const top = at(k, c0, r0) * (1 - fx) + at(k, c1, r0) * fx;
      const bottom = at(k, c0, r1) * (1 - fx) + at(k, c1, r1) * fx;
      const f = top * (1 - fy) + bottom * fy;
      const q = query[k]! / cells;
      dot += f * q;
      norm += f * f;
      length += q * q;
    }
    return dot / Math.sqrt(norm * length);
  };
}

function noise(seed: number): Float32Array {
  const next = numbers(seed);
  return Float32Array.from({ length: 256 * CELLS }, () => next() * 2 - 0.8);
}

/** Pixels spread over the photo, its corners among them. */
function* somePixels({ width, height }: Frame): Generator<[number, number]> {
  const next = numbers(99);
  for (const x of [0, width - 1]) for (const y of [0, height - 1]) yield [x, y];
  for (let i = 0; i < 40; i++) yield [Math.floor(next() * width), Math.floor(next() * height)];
}

describe("similarityMap", () => {
  const object = rectangle(64, 64, [10, 10, 19, 19]);

  it("is 1 on cells like the object's, 0 on unrelated ones, −1 on opposite ones", () => {
    const embedding = embeddingOf((column) => (column < 20 ? [3, 0] : column < 40 ? [0, 5] : [-2, 0]));
    const similar = similarityMap(embedding, object, SMALL)!;
    expect(similar(12, 50)).toBeCloseTo(1, 12);
    expect(similar(30, 12)).toBeCloseTo(0, 12);
    expect(similar(50, 12)).toBeCloseTo(-1, 12);
  });

  it("compares with the mean embedding over the mask, whatever its length", () => {
    // Two columns of (1, 0) to one of (0, 1): the query is (2, 1) / 3.
    const embedding = embeddingOf((column) => (column % 3 === 2 ? [0, 1] : [1, 0]));
    const similar = similarityMap(embedding, rectangle(64, 64, [9, 9, 17, 17]), SMALL)!;
    expect(similar(30, 30)).toBeCloseTo(2 / Math.sqrt(5), 12);
    expect(similar(32, 30)).toBeCloseTo(1 / Math.sqrt(5), 12);
  });

  it("interpolates the embedding first and takes the cosine then", () => {
    // 256 pixels: four to a cell. The object's cells are (1, 0), all others (0, 1).
    const photo = frameOf(256, 256);
    const embedding = embeddingOf((column) => (column < 20 ? [1, 0] : [0, 1]));
    const similar = similarityMap(embedding, rectangle(256, 256, [0, 0, 79, 79]), photo)!;
    // Pixel 79 is at cell 19.375: (0.625, 0.375). Interpolated cosines would give 0.625.
    expect(similar(79, 40)).toBeCloseTo(0.625 / Math.hypot(0.625, 0.375), 12);
  });

  it("has no query where the mask is lost in the resize to the grid", () => {
    // 640 pixels: the grid reads every tenth.
    const photo = frameOf(640, 640);
    const embedding = embeddingOf(() => [1]);
    expect(similarityMap(embedding, rectangle(640, 640, [11, 11, 19, 19]), photo)).toBeUndefined();
    expect(similarityMap(embedding, rectangle(640, 640, [11, 11, 20, 20]), photo)).toBeDefined();
    expect(similarityMap(embedding, rectangle(640, 640, [0, 0, 0, 0]), photo)).toBeDefined();
  });

  it("never reads the padding's cells", () => {
    // 640 × 320: the photo takes the upper 32 rows of the grid.
    const photo = frameOf(640, 320);
    const embedding = embeddingOf((_, row) => (row < 32 ? [1, 0] : [Number.NaN, Number.NaN]));
    const similar = similarityMap(embedding, rectangle(640, 320, [0, 0, 639, 319]), photo)!;
    expect(similar(639, 319)).toBeCloseTo(1, 12);
  });

  it("is a number even where opposite embeddings cancel out", () => {
    const next = numbers(5);
    const vector = Array.from({ length: 9 }, () => next() - 0.5);
    const embedding = embeddingOf((column) => (column < 20 ? vector : vector.map((v) => -v)));
    // Where the width is an odd multiple of 8, a pixel's centre lies midway between columns 19 and 20.
    for (let width = 8; width <= 1000; width += 16) {
      const mask = rectangle(width, width, [0, 0, width >> 2, width >> 2]);
      const similar = similarityMap(embedding, mask, frameOf(width, width))!;
      const middle = (20 * width) / 64 - 0.5;
      for (let y = 0; y < width; y++) expect(similar(middle, y)).not.toBeNaN();
    }
  });

  it.each([
    [500, 375],
    [97, 401],
    [1500, 1000],
    [300, 5],
    [5, 300],
  ])("equals interpolating all 256 channels, photo of %i × %i", (width, height) => {
    const photo = frameOf(width, height);
    const embedding = noise(width);
    const mask = rectangle(width, height, [0, 0, width >> 1, height >> 1]);
    const columns = Math.ceil(photo.scaledWidth / 16);
    const rows = Math.ceil(photo.scaledHeight / 16);
    const similar = similarityMap(embedding, mask, photo)!;
    // A photo pixel's centre in the 1024 frame, divided into cells of 16.
    const u = (x: number) => ((x + 0.5) * (photo.scaledWidth / width)) / 16 - 0.5;
    const v = (y: number) => ((y + 0.5) * (photo.scaledHeight / height)) / 16 - 0.5;
    const expected = bruteForce(embedding, mask, columns, rows, u, v);
    for (const [x, y] of somePixels(photo)) expect(similar(x, y)).toBeCloseTo(expected(x, y), 9);
  });

  it("serves a second mask of the same photo", () => {
    const embedding = embeddingOf((column) => (column < 32 ? [1, 0] : [0, 1]));
    expect(similarityMap(embedding, rectangle(64, 64, [0, 0, 9, 9]), SMALL)!(5, 5)).toBeCloseTo(1, 12);
    expect(similarityMap(embedding, rectangle(64, 64, [50, 0, 60, 9]), SMALL)!(5, 5)).toBeCloseTo(0, 12);
  });
});

describe("referenceSimilarity", () => {
  it("stretches the grid's whole cells over the photo", () => {
    // 500 × 375 → 1024 × 768: exactly 48 rows. 500 × 380 → 778.24: 48 rows instead of 49.
    const photo = frameOf(500, 380);
    const embedding = noise(3);
    const mask = rectangle(500, 380, [100, 100, 300, 200]);
    const similar = referenceSimilarity(embedding, mask, photo)!;
    const u = (x: number) => ((x + 0.5) * 64) / 500 - 0.5;
    const v = (y: number) => ((y + 0.5) * 48) / 380 - 0.5;
    const expected = bruteForce(embedding, mask, 64, 48, u, v);
    for (const [x, y] of somePixels(photo)) expect(similar(x, y)).toBeCloseTo(expected(x, y), 9);
  });

  it("has no query where the mask is lost in the resize", () => {
    const embedding = embeddingOf(() => [1]);
    expect(
      referenceSimilarity(embedding, rectangle(640, 640, [11, 11, 19, 19]), frameOf(640, 640)),
    ).toBeUndefined();
  });
});

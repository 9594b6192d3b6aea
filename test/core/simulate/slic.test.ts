import { describe, expect, it } from "vitest";
import type { Photo } from "../../../src/core/lab.ts";
import { connectSuperpixels } from "../../../src/core/simulate/connect-superpixels.ts";
import { slicSuperpixels } from "../../../src/core/simulate/slic.ts";
import { numbers } from "../arbitrary.ts";

/** Left half dark, right half light, with noise of a few values. */
function halves(width: number, height: number): Photo {
  const random = numbers(5);
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % width;
    return (x < width / 2 ? 40 : 200) + Math.floor(random() * 6);
  });
  return { width, height, data };
}

/** A drawing of numbers, one digit a pixel. */
function drawing(rows: string): Int32Array {
  return Int32Array.from(rows.replaceAll(/\s/g, ""), Number);
}

describe("slicSuperpixels", () => {
  const photo = halves(90, 60);

  it.each([6, 24, 96])("gives about as many pieces as asked for: %i", (components) => {
    const { labels, count } = slicSuperpixels(photo, { components });
    expect(count).toBeGreaterThan(components / 2);
    expect(count).toBeLessThan(components * 1.5);
    expect(new Set(labels).size).toBe(count);
    expect(Math.min(...labels)).toBe(0);
    expect(Math.max(...labels)).toBe(count - 1);
  });

  it("keeps to the edges of colours", () => {
    const { labels, count } = slicSuperpixels(photo, { components: 24 });
    const sides = Array.from({ length: count }, () => [0, 0]);
    labels.forEach((label, i) => {
      sides[label]![i % 90 < 45 ? 0 : 1]!++;
    });
    for (const [left, right] of sides) expect(Math.min(left!, right!)).toBe(0);
  });

  it("cuts a photo without edges into fields of a grid", () => {
    const plain: Photo = { width: 60, height: 40, data: new Uint8Array(60 * 40 * 3).fill(128) };
    const { labels, count } = slicSuperpixels(plain, { components: 6 });
    expect(count).toBe(6);
    const sizes = Array.from({ length: 6 }, (_, k) => labels.filter((label) => label === k).length);
    expect(Math.min(...sizes)).toBeGreaterThan(350);
    expect(Math.max(...sizes)).toBeLessThan(450);
  });

  it("takes photos narrower than a superpixel", () => {
    const { labels } = slicSuperpixels(halves(200, 1), { components: 4 });
    expect(new Set(labels).size).toBeGreaterThan(1);
  });
});

describe("connectSuperpixels", () => {
  it("numbers separate pieces of one cluster on their own", () => {
    const { labels, count } = connectSuperpixels(drawing(`00110 00110`), 5, 2, 1);
    expect(count).toBe(3);
    expect(labels).toEqual(drawing(`00112 00112`));
  });

  it("gives fragments to the piece on their left, or above", () => {
    const { labels, count } = connectSuperpixels(drawing(`00002 01002 00333 50333`), 5, 4, 2);
    expect(labels).toEqual(drawing(`00001 00001 00222 00222`));
    expect(count).toBe(3);
  });

  it("does not join across the ends of rows", () => {
    const { labels } = connectSuperpixels(drawing(`011 100`), 3, 2, 1);
    expect(labels).toEqual(drawing(`011 233`));
  });
});

import { describe, expect, it } from "vitest";
import { boundaryContrast } from "../../src/core/boundary-contrast.ts";
import { type ContrastView, contrastView } from "../../src/core/contrast-view.ts";
import type { Photo } from "../../src/core/lab.ts";
import { type Box, createMask, type Mask, maskBox } from "../../src/core/mask.ts";
import { rectangle } from "../helpers/ascii-mask.ts";
import { numbers } from "./arbitrary.ts";

type Colour = readonly [number, number, number];

const RED: Colour = [255, 0, 0];
const BLUE: Colour = [0, 0, 255];
/** Distance of red and blue in Lab. */
const RED_TO_BLUE = Math.hypot(53.24 - 32.3, 80.09 - 79.19, 67.2 + 107.86);

function paint(width: number, height: number, colour: (x: number, y: number) => Colour): Photo {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.set(colour(i % width, Math.floor(i / width)), i * 3);
  return { width, height, data };
}

/** A red rectangle on blue. */
function twoColours(width: number, height: number, [x0, y0, x1, y1]: Box): Photo {
  return paint(width, height, (x, y) => (x >= x0 && x <= x1 && y >= y0 && y <= y1 ? RED : BLUE));
}

describe("contrastView", () => {
  it("covers the box padded by a quarter and 4 pixels a side, at the photo's own size", () => {
    const view = contrastView(twoColours(200, 150, [0, 0, 9, 9]), [60, 50, 99, 69]);
    expect(view).toMatchObject({ x0: 46, y0: 41, x1: 114, y1: 79, width: 68, height: 38 });
    for (const plane of view.lab) expect(plane).toHaveLength(68 * 38);
  });

  it("stays in the photo", () => {
    const view = contrastView(twoColours(100, 80, [0, 0, 9, 9]), [0, 0, 99, 79]);
    expect(view).toMatchObject({ x0: 0, y0: 0, x1: 100, y1: 80, width: 100, height: 80 });
  });

  it("shrinks to 256 pixels on the longest side", () => {
    const view = contrastView(twoColours(1024, 512, [0, 0, 511, 511]), [0, 0, 1023, 511]);
    expect(view).toMatchObject({ width: 256, height: 128 });
    // Area averages of flat colours are those colours.
    expect(view.lab[0]![64 * 256 + 10]).toBeCloseTo(53.24, 1);
    expect(view.lab[0]![64 * 256 + 250]).toBeCloseTo(32.3, 1);
  });

  it("averages the pixels that it shrinks", () => {
    const stripes = paint(512, 512, (x) => (x % 2 === 0 ? [200, 200, 200] : [100, 100, 100]));
    const gray = paint(512, 512, () => [150, 150, 150]);
    const shrunk = contrastView(stripes, [0, 0, 511, 511]).lab[0]!;
    const expected = contrastView(gray, [0, 0, 511, 511]).lab[0]!;
    expect(shrunk).toEqual(expected);
  });
});

describe("boundaryContrast", () => {
  const box: Box = [30, 20, 69, 59];
  const photo = twoColours(100, 80, box);
  const view = contrastView(photo, box);
  const contrastOf = (shifted: Box) => boundaryContrast(view, rectangle(100, 80, shifted));

  it("is the distance of the colours for a mask exactly on their edge", () => {
    expect(contrastOf(box)).toBeCloseTo(RED_TO_BLUE, 0);
  });

  it.each([1, 2, 4, 8])("falls for a mask shifted by %i pixels", (shift) => {
    const [x0, y0, x1, y1] = box;
    const shifted = contrastOf([x0 + shift, y0, x1 + shift, y1]);
    expect(shifted).toBeLessThan(contrastOf(box) * 0.9);
    expect(shifted).toBeLessThan(contrastOf([x0 + shift - 1, y0, x1 + shift - 1, y1]));
  });

  it("is 0 where both sides look alike", () => {
    // Wholly inside the red square, more than two pixels from its edge.
    expect(contrastOf([40, 30, 59, 49])).toBeCloseTo(0, 3);
  });

  it("is 0 for an empty mask and for one that fills the view", () => {
    expect(boundaryContrast(view, createMask(100, 80))).toBe(0);
    expect(contrastOf([0, 0, 99, 79])).toBe(0);
  });

  it("does not take the photo's border for boundary", () => {
    const half = twoColours(60, 60, [0, 0, 29, 59]);
    const left = rectangle(60, 60, [0, 0, 29, 59]);
    expect(boundaryContrast(contrastView(half, maskBox(left)!), left)).toBeCloseTo(RED_TO_BLUE, 0);
  });

  it("averages over the boundary pixels, not over the sides", () => {
    // The left and right halves of the ground differ: blue against red, and red against red.
    const scene = paint(100, 100, (x) => (x < 50 ? BLUE : RED));
    const square: Box = [50, 30, 79, 59];
    const contrast = boundaryContrast(contrastView(scene, square), rectangle(100, 100, square));
    // 30 of 116 boundary pixels stand at the colour edge.
    expect(contrast / RED_TO_BLUE).toBeGreaterThan(26 / 116);
    expect(contrast / RED_TO_BLUE).toBeLessThan(36 / 116);
  });

  it("is nearly the same on a large photo, measured on its shrunken crop", () => {
    const large: Box = [300, 200, 1699, 1599];
    const scene = twoColours(2000, 1800, large);
    const contrast = boundaryContrast(contrastView(scene, large), rectangle(2000, 1800, large));
    expect(contrast / RED_TO_BLUE).toBeGreaterThan(0.8);
    expect(contrast / RED_TO_BLUE).toBeLessThan(1.01);
  });

  it("compares masks of one object on one view, those outside it included", () => {
    expect(contrastOf([0, 0, 5, 5])).toBe(0);
  });

  it.each([
    [700, 500, 1],
    [500, 700, 2],
    [300, 290, 3],
    [90, 80, 4],
  ])("equals its definition on a noisy photo of %i × %i", (width, height, seed) => {
    const next = numbers(seed);
    const scene = paint(width, height, (x, y) => [
      (x * 2 + next() * 40) % 256,
      (y + next() * 90) % 256,
      next() * 256,
    ]);
    const [cx, cy] = [width * 0.45, height * 0.55];
    const data = Uint8Array.from({ length: width * height }, (_, i) => {
      const [dx, dy] = [(i % width) - cx, Math.floor(i / width) - cy];
      const bumpy = 0.25 + 0.05 * Math.sin(7 * Math.atan2(dy, dx));
      return (dx / width) ** 2 + (dy / height) ** 2 < bumpy ** 2 ? 1 : 0;
    });
    const mask = { width, height, data };
    const shot = contrastView(scene, maskBox(mask)!);
    expect(boundaryContrast(shot, mask)).toBeCloseTo(definition(shot, mask), 3);
  });
});

/** E as section 6 defines it, from the view's colours and the mask averaged by area, one overlap after the other. */
function definition(view: ContrastView, mask: Mask): number {
  const { width, height, lab } = view;
  const [sx, sy] = [(view.x1 - view.x0) / width, (view.y1 - view.y0) / height];
  const overlap = (i: number, from: number, size: number) =>
    Math.max(0, Math.min(i + 1, from + size) - Math.max(i, from));
  const inside = Array.from({ length: width * height }, (_, k) => {
    const [x, y] = [(k % width) * sx, Math.floor(k / width) * sy];
    let area = 0;
    for (let v = Math.floor(y); v < y + sy; v++) {
      for (let u = Math.floor(x); u < x + sx; u++) {
        const value = mask.data[(v + view.y0) * mask.width + u + view.x0] ?? 0;
        area += value * overlap(u, x, sx) * overlap(v, y, sy);
      }
    }
    return area / (sx * sy) >= 0.5 - 1e-6;
  });
  const around = (k: number, radius: number) => {
    const [x, y] = [k % width, Math.floor(k / width)];
    const list: number[] = [];
    for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++) {
      for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++)
        list.push(v * width + u);
    }
    return list;
  };
  const mean = (list: readonly number[], plane: Float32Array) =>
    list.reduce((sum, k) => sum + plane[k]!, 0) / list.length;
  const distances: number[] = [];
  inside.forEach((value, k) => {
    if (!value || around(k, 1).every((n) => inside[n])) return;
    const window = around(k, 2);
    const [one, other] = [window.filter((n) => inside[n]), window.filter((n) => !inside[n])];
    distances.push(Math.hypot(...lab.map((plane) => mean(one, plane) - mean(other, plane))));
  });
  return distances.reduce((a, b) => a + b, 0) / distances.length;
}

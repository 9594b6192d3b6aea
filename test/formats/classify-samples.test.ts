import { describe, expect, it } from "vitest";
import { classifySamples, type SampleKind } from "../../src/formats/classify-samples.ts";

function kindOf(
  width: number,
  data: number[] | Uint16Array,
  fullScale = 255,
  paletteSize?: number,
): SampleKind {
  const counts = new Uint32Array(fullScale + 1);
  for (const value of data) counts[value]!++;
  const samples = { width, height: data.length / width, data: Uint16Array.from(data), fullScale };
  return classifySamples(samples, counts, paletteSize);
}

/** A picture from a function of its pixels. */
function paint(width: number, height: number, value: (x: number, y: number) => number): Uint16Array {
  return Uint16Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)));
}

/** 0 outside and `full` inside a disc, with a linear ramp of `ramp` pixels between. */
function disc(size: number, ramp: number, full = 255): Uint16Array {
  return paint(size, size, (x, y) => {
    const inside = size / 3 - Math.hypot(x - size / 2.1, y - size / 1.9);
    return Math.round(full * Math.min(1, Math.max(0, inside / ramp + 0.5)));
  });
}

describe("classifySamples", () => {
  it.each([
    ["0 and 1", [0, 1], 255],
    ["0 and 255", [0, 255], 255],
    ["0 and 15 at 4 bits", [0, 15], 15],
    ["0 and 65535", [0, 65535], 65535],
    ["0 and 1 at 16 bits", [0, 1], 65535],
    ["only 0", [0, 0], 255],
    ["only 7", [7, 7], 255],
  ])("takes %s for two values", (_, data, fullScale) => {
    expect(kindOf(2, data, fullScale)).toBe("two values");
  });

  it.each([
    ["one class", [0, 7, 7, 0], 255],
    ["two classes without background", [1, 2, 2, 1], 255],
    ["a class and void", [0, 1, 255, 255], 255],
    ["trimap-like areas", [...Array(8).fill(0), ...Array(8).fill(128), ...Array(8).fill(255)], 255],
  ])("takes %s for ids", (_, data, fullScale) => {
    expect(kindOf(4, data, fullScale)).toBe("ids");
  });

  it("tells palettes of two colours from larger ones", () => {
    expect(kindOf(2, [0, 1], 255, 2)).toBe("two values");
    expect(kindOf(2, [0, 1], 255, 21)).toBe("ids");
    expect(kindOf(2, [0, 255], 255, 2)).toBe("ids");
  });

  it.each([
    ["an antialiased edge", disc(60, 1), 60],
    ["a soft edge", disc(60, 12), 60],
    ["a mask that is all edge", disc(200, 90), 200],
    ["a small antialiased mask", disc(12, 2), 12],
  ])("takes %s for shades", (_, data, width) => {
    expect(kindOf(width, data)).toBe("shades");
    expect(
      kindOf(
        width,
        data.map((v) => v * 257),
        65535,
      ),
    ).toBe("shades");
  });

  it("takes a soft mask that never reaches full scale for shades", () => {
    expect(kindOf(120, disc(120, 40, 200))).toBe("shades");
  });

  it("takes an antialiased mask that was enlarged in blocks for shades", () => {
    const small = disc(40, 2);
    const large = paint(160, 160, (x, y) => small[(y >> 2) * 40 + (x >> 2)]!);
    expect(kindOf(160, large)).toBe("shades");
  });

  it.each([
    ["thin lines of low ids", paint(40, 40, (x, y) => (x % 5 === 0 ? 1 + (y % 2) : 0))],
    [
      "thin lines of low ids beside void",
      paint(40, 40, (x, y) => (y < 9 ? 255 : x % 5 === 0 ? 1 + (y % 20) : 0)),
    ],
    [
      "a hundred and more instances",
      paint(84, 84, (x, y) => (x % 7 && y % 7 ? 1 + 12 * ((y / 7) | 0) + ((x / 7) | 0) : 0)),
    ],
    ["superpixels that touch", paint(84, 84, (x, y) => 1 + 12 * ((y / 7) | 0) + ((x / 7) | 0))],
  ])("takes %s for ids", (_, data) => {
    const width = data.length === 1600 ? 40 : 84;
    expect(kindOf(width, data)).toBe("ids");
    expect(kindOf(width, data, 65535)).toBe("ids");
  });

  it("takes two thousand tiny instances at 16 bits for ids", () => {
    const data = paint(200, 200, (x, y) => (x % 4 < 2 && y % 4 < 2 ? 1 + 50 * (y >> 2) + (x >> 2) : 0));
    expect(kindOf(200, data, 65535)).toBe("ids");
  });
});

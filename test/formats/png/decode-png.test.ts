import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { decode as fastDecode } from "fast-png";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { decodePNG } from "../../../src/formats/png/decode-png.ts";
import { readSamples } from "../../../src/formats/png/samples.ts";
import {
  assemble,
  buildPNG,
  bytes,
  channelsOf,
  chunk,
  header,
  type PngSpec,
  palette,
  scanlines,
} from "../png-builder.ts";

const kinds: readonly (readonly [colourType: number, depth: number])[] = [
  [0, 1],
  [0, 2],
  [0, 4],
  [0, 8],
  [0, 16],
  [2, 8],
  [2, 16],
  [3, 1],
  [3, 2],
  [3, 4],
  [3, 8],
  [4, 8],
  [4, 16],
  [6, 8],
  [6, 16],
];

/** A random picture of any kind, size, filters, interlace and IDAT split. */
const picture: fc.Arbitrary<PngSpec> = fc
  .tuple(fc.constantFrom(...kinds), fc.integer({ min: 1, max: 19 }), fc.integer({ min: 1, max: 19 }))
  .chain(([[colourType, depth], width, height]) => {
    const count = width * height * channelsOf[colourType]!;
    return fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      depth: fc.constant(depth),
      colourType: fc.constant(colourType),
      samples: fc.array(fc.nat(2 ** depth - 1), { minLength: count, maxLength: count }),
      interlaced: fc.boolean(),
      split: fc.integer({ min: 1, max: 40 }),
      filter: fc.array(fc.nat(4), { minLength: 19, maxLength: 19 }).map((types) => (y: number) => types[y]!),
      before: fc.constant(colourType === 3 ? [palette(2 ** depth)] : []),
    });
  });

function firstSamples(spec: PngSpec): number[] {
  const channels = channelsOf[spec.colourType]!;
  return Array.from(spec.samples).filter((_, i) => i % channels === 0);
}

describe("decodePNG", () => {
  it("returns the stored samples of every colour type, depth, filter and interlace", () => {
    fc.assert(
      fc.property(picture, (spec) => {
        const image = decodePNG(buildPNG(spec), "a.png");
        expect(Array.from(readSamples(image.rows, image.header))).toEqual(firstSamples(spec));
      }),
      { numRuns: 400 },
    );
  });

  it("agrees with fast-png and libpng on the test builder", async () => {
    const samples = Array.from({ length: 35 }, (_, i) => (i * 41) % 256);
    const spec = { width: 5, height: 7, depth: 8, colourType: 0, samples, filter: (y: number) => y % 5 };
    expect(Array.from(fastDecode(buildPNG(spec)).data)).toEqual(samples);
    const interlaced = sharp(buildPNG({ ...spec, interlaced: true })).toColourspace("b-w");
    expect(Array.from(await interlaced.raw().toBuffer())).toEqual(samples);
  });

  it("keeps palette indices beyond the palette", () => {
    const spec = { width: 2, height: 1, depth: 8, colourType: 3, samples: [1, 255], before: [palette(2)] };
    const image = decodePNG(buildPNG(spec), "a.png");
    expect(Array.from(readSamples(image.rows, image.header))).toEqual([1, 255]);
    expect(image.paletteSize).toBe(2);
  });

  it.each([
    ["an animated PNG", [chunk("fdAT", bytes(0, 0, 0, 1))]],
    ["a PNG with two headers", [header({ width: 1, height: 1, depth: 8, colourType: 0 })]],
    ["a PNG with an unknown ABCD chunk", [chunk("ABCD", bytes(1))]],
    ["a PNG whose image data is interrupted", [chunk("tEXt", bytes(65, 0)), chunk("IDAT", bytes(0))]],
  ])("refuses %s", (found, after) => {
    const png = buildPNG({ width: 1, height: 1, depth: 8, colourType: 0, samples: [1], after });
    expect(() => decodePNG(png, "a.png")).toThrow(`a.png: found ${found}, expected`);
  });

  it.each([
    ["a size of 0 x 5", { width: 0, height: 5, depth: 8, colourType: 0 }],
    ["a size of 5 x 0", { width: 5, height: 0, depth: 8, colourType: 0 }],
    ["a PNG of colour type 2 at 4 bits", { width: 5, height: 5, depth: 4, colourType: 2 }],
    ["a PNG of colour type 5 at 8 bits", { width: 5, height: 5, depth: 8, colourType: 5 }],
    [
      "a picture of 2147483647 x 2147483647 pixels",
      { width: 2 ** 31 - 1, height: 2 ** 31 - 1, depth: 8, colourType: 0 },
    ],
    ["a PNG whose image data is cut short", { width: 20_000, height: 20_000, depth: 8, colourType: 0 }],
    ["a palette PNG with 0 bytes of palette", { width: 1, height: 1, depth: 8, colourType: 3 }],
  ])("refuses %s", (found, spec) => {
    const idat = chunk("IDAT", deflateSync(bytes(0, 0)));
    const png = assemble([header(spec), idat, chunk("IEND", bytes())]);
    expect(() => decodePNG(png, "a.png")).toThrow(`a.png: found ${found}, expected`);
  });

  it("stops a decompression bomb at the declared size", () => {
    const spec = { width: 2, height: 2, depth: 8, colourType: 0 };
    const bomb = chunk("IDAT", deflateSync(new Uint8Array(50_000_000)));
    const before = process.memoryUsage().arrayBuffers;
    expect(() => decodePNG(assemble([header(spec), bomb, chunk("IEND", bytes())]), "a.png")).toThrow(
      "a.png: found a PNG with more image data than its size needs, expected 6 bytes",
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });

  it("refuses an unknown filter type and damaged deflate data", () => {
    const spec = { width: 1, height: 1, depth: 8, colourType: 0 };
    const file = (idat: Uint8Array) => assemble([header(spec), chunk("IDAT", idat), chunk("IEND", bytes())]);
    expect(() => decodePNG(file(deflateSync(bytes(9, 0))), "a.png")).toThrow("a PNG row with filter 9");
    expect(() => decodePNG(file(bytes(1, 2, 3, 4)), "a.png")).toThrow("damaged image data");
  });

  it("takes a picture at the pixel limit and refuses one above it", () => {
    const png = buildPNG({ width: 3, height: 2, depth: 8, colourType: 0, samples: [0, 0, 0, 0, 0, 0] });
    expect(decodePNG(png, "a.png", 6).header.width).toBe(3);
    expect(() => decodePNG(png, "a.png", 5)).toThrow("found a picture of 3 x 2 pixels, expected at most 5");
  });

  it("the builder's scanlines have the length Adam7 asks for", () => {
    const spec = {
      width: 3,
      height: 3,
      depth: 8,
      colourType: 0,
      samples: Array(9).fill(0),
      interlaced: true,
    };
    // Passes 1, 4, 5, 6, 7 hold pixels: rows of 1, 1, 2, 1 + 1 and 3 pixels.
    expect(scanlines(spec).length).toBe(9 + 6);
  });
});

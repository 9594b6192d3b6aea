import fc from "fast-check";
import { decode as fastDecode } from "fast-png";
import { describe, expect, it } from "vitest";
import { readPNGMask } from "../../src/formats/read-png-mask.ts";
import { buildPNG, bytes, chunk, chunksOf, latin1, type PngSpec, palette } from "./png-builder.ts";

const before = [
  chunk("gAMA", bytes(0, 0, 177, 143)),
  chunk("iCCP", latin1("profile\0\0not really deflated")),
  chunk("pHYs", bytes(0, 0, 14, 195, 0, 0, 14, 195, 1)),
];
const after = [chunk("tEXt", latin1("Comment\0kept")), chunk("eXIf", latin1("MM\0*"))];

function read(spec: PngSpec, options: object = {}) {
  const png = buildPNG(spec);
  return { png, file: readPNGMask(png, { name: "m.png", ...options }) };
}

/** The values a file has after writing `values` and reading it again. */
function rewrite(spec: PngSpec, values: ArrayLike<number>, options: object = {}): number[] {
  const written = read(spec, options).file.write(Uint16Array.from(values));
  return Array.from(readPNGMask(written, { name: "m.png", ...options }).values);
}

const gray = { width: 3, height: 1, depth: 8, colourType: 0 } as const;

describe("write", () => {
  it("returns the very same bytes if nothing changed, though `values` were written over", () => {
    const { png, file } = read({ ...gray, samples: [0, 5, 9], before, after, interlaced: true, split: 3 });
    expect(file.write(file.values)).toEqual(png);
    file.values[0] = 5;
    expect(file.write(file.values)).not.toEqual(png);
  });

  it("keeps every other chunk, its place and what follows the end", () => {
    const spec = { ...gray, samples: [0, 5, 9], before, after, split: 4 };
    const png = Buffer.concat([buildPNG(spec), latin1("trailer")]);
    const written = readPNGMask(png, { name: "m.png" }).write(bytes(0, 5, 5));
    expect(Buffer.from(written).subarray(-7).toString()).toBe("trailer");
    const others = (file: Uint8Array) => chunksOf(file).filter(({ type }) => type !== "IDAT");
    expect(others(written.subarray(0, -7))).toEqual(others(buildPNG(spec)));
    expect(
      chunksOf(written.subarray(0, -7))
        .map(({ type }) => type)
        .join(" "),
    ).toBe("IHDR gAMA iCCP pHYs IDAT tEXt eXIf IEND");
  });

  it("drops the interlace of a changed picture and repairs its header", () => {
    const spec = { ...gray, height: 3, samples: [0, 1, 2, 3, 4, 5, 6, 7, 8], interlaced: true };
    const written = read(spec).file.write(bytes(8, 1, 2, 3, 4, 5, 6, 7, 8));
    expect(chunksOf(written)[0]).toEqual(chunksOf(buildPNG({ ...spec, interlaced: false }))[0]);
    expect(Array.from(fastDecode(written, { checkCrc: true }).data)).toEqual([8, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("keeps the on-value of a binary mask", () => {
    const written = read({ ...gray, samples: [0, 1, 0] }).file.write(bytes(1, 1, 0));
    expect(Array.from(fastDecode(written).data)).toEqual([1, 1, 0]);
  });

  it("keeps the shades of antialiased pixels that did not change", () => {
    const written = read({ ...gray, width: 6, samples: [0, 100, 200, 255, 255, 30] }).file.write(
      bytes(0, 1, 1, 1, 0, 0),
    );
    expect(Array.from(fastDecode(written).data)).toEqual([0, 255, 200, 255, 0, 30]);
  });

  it("writes all colours of RGB copies and leaves alpha", () => {
    const samples = [0, 0, 0, 7, 255, 255, 255, 8];
    const written = read({ ...gray, width: 2, colourType: 6, samples }).file.write(bytes(1, 0));
    expect(Array.from(fastDecode(written).data)).toEqual([255, 255, 255, 7, 0, 0, 0, 8]);
  });

  it("writes both bytes of 16-bit gray+alpha", () => {
    const samples = [0, 1000, 26001, 2000];
    const written = read({ ...gray, width: 2, depth: 16, colourType: 4, samples }).file.write(
      Uint16Array.of(513, 26001),
    );
    expect(Array.from(fastDecode(written).data)).toEqual([513, 1000, 26001, 2000]);
  });

  it("gives new foreground the most common id of a label map read as binary, and leaves void alone", () => {
    const spec = { ...gray, width: 6, samples: [0, 7, 11, 11, 255, 0] };
    const written = read(spec, { encoding: "binary" }).file.write(bytes(1, 1, 0, 1, 1, 0));
    expect(Array.from(fastDecode(written).data)).toEqual([11, 7, 0, 11, 255, 0]);
  });

  it("gives new foreground of an empty mask full scale, or index 1", () => {
    const written = read({ ...gray, depth: 4, samples: [0, 0, 0] }).file.write(bytes(0, 1, 0));
    expect(rewrite({ ...gray, depth: 4, samples: [0, 0, 0] }, [0, 1, 0])).toEqual([0, 1, 0]);
    expect(fastDecode(written).data).toEqual(bytes(0x0f, 0x00));
    const two = { ...gray, colourType: 3, samples: [0, 0, 0], before: [palette(2)] };
    expect(rewrite(two, [0, 1, 0])).toEqual([0, 1, 0]);
  });

  it("refuses values that do not fit", () => {
    const ids = read({ ...gray, samples: [0, 5, 9] }).file;
    expect(() => ids.write(Uint16Array.of(0, 5, 256))).toThrow(RangeError);
    expect(() => ids.write(bytes(0, 5))).toThrow("2 values for a mask of 3 pixels");
    const mask = read({ ...gray, samples: [0, 255, 0] }).file;
    expect(() => mask.write(bytes(0, 255, 0))).toThrow("value 255 does not fit");
    const indices = read({ ...gray, colourType: 3, samples: [0, 1, 2], before: [palette(3)] }).file;
    expect(() => indices.write(bytes(0, 1, 3))).toThrow(
      "value 3 does not fit the mask file, whose largest is 2",
    );
  });

  it("lets an index beyond the palette spread, and no other", () => {
    const spec = { ...gray, colourType: 3, samples: [0, 1, 255], before: [palette(3)] };
    expect(rewrite(spec, [255, 1, 255])).toEqual([255, 1, 255]);
    expect(() => rewrite(spec, [254, 1, 255])).toThrow(RangeError);
  });

  it.each([
    [0, 1],
    [0, 2],
    [0, 4],
    [0, 8],
    [0, 16],
    [3, 1],
    [3, 2],
    [3, 4],
    [3, 8],
  ])("returns any change of a label map of colour type %i at %i bits", (colourType, depth) => {
    const size = fc.integer({ min: 1, max: 17 });
    const map = fc.tuple(size, size).chain(([width, height]) => {
      const samples = fc.array(fc.nat(2 ** depth - 1), {
        minLength: width * height,
        maxLength: width * height,
      });
      return fc.tuple(fc.constant(width), fc.constant(height), samples, samples, fc.boolean());
    });
    fc.assert(
      fc.property(map, ([width, height, samples, changed, interlaced]) => {
        const chunks = colourType === 3 ? [palette(2 ** depth)] : [];
        const spec = {
          width,
          height,
          depth,
          colourType,
          samples,
          interlaced,
          before: [...before, ...chunks],
        };
        expect(rewrite(spec, samples, { encoding: "labels" })).toEqual(samples);
        expect(rewrite(spec, changed, { encoding: "labels" })).toEqual(changed);
      }),
      { numRuns: 60 },
    );
  });
});

import fc from "fast-check";
import { decode as fastDecode } from "fast-png";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { encodeBinaryPNG, encodeLabelPNG } from "../../src/formats/encode-mask.ts";
import { readMaskFile } from "../../src/formats/read-mask-file.ts";

describe("encodeBinaryPNG", () => {
  it("writes 8-bit gray of 0 and 255 that libpng reads", async () => {
    const png = encodeBinaryPNG({ width: 3, height: 2, data: Uint8Array.of(0, 1, 0, 1, 1, 0) });
    expect(fastDecode(png, { checkCrc: true })).toMatchObject({ width: 3, height: 2, channels: 1, depth: 8 });
    const pixels = await sharp(png).toColourspace("b-w").raw().toBuffer();
    expect(Array.from(pixels)).toEqual([0, 255, 0, 255, 255, 0]);
  });

  it("refuses other values and sizes", () => {
    expect(() => encodeBinaryPNG({ width: 1, height: 1, data: Uint8Array.of(2) })).toThrow("value 2");
    expect(() => encodeBinaryPNG({ width: 2, height: 2, data: new Uint8Array(3) })).toThrow("3 values");
    expect(() => encodeBinaryPNG({ width: 0, height: 0, data: new Uint8Array(0) })).toThrow("0 x 0");
  });
});

describe("encodeLabelPNG", () => {
  it("takes 16 bits only where they are needed", () => {
    const low = encodeLabelPNG({ width: 2, height: 1, data: Uint16Array.of(0, 255) });
    expect(fastDecode(low)).toMatchObject({ depth: 8, channels: 1 });
    const high = encodeLabelPNG({ width: 2, height: 1, data: Uint16Array.of(0, 256) });
    expect(fastDecode(high)).toMatchObject({ depth: 16, channels: 1, data: Uint16Array.of(0, 256) });
  });

  it("is undone by readMaskFile", async () => {
    const map = fc.integer({ min: 1, max: 20 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        data: fc
          .array(fc.array(fc.nat(65535), { minLength: width, maxLength: width }), {
            minLength: 1,
            maxLength: 20,
          })
          .map((rows) => Uint16Array.from(rows.flat())),
      }),
    );
    await fc.assert(
      fc.asyncProperty(map, async ({ width, data }) => {
        const png = encodeLabelPNG({ width, height: data.length / width, data });
        const file = await readMaskFile(png, { name: "m.png", encoding: "labels" });
        expect(file.width).toBe(width);
        expect(Array.from(file.values)).toEqual(Array.from(data));
      }),
    );
  });
});

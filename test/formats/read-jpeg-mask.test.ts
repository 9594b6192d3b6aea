import { decode as fastDecode } from "fast-png";
import sharp, { type Sharp } from "sharp";
import { describe, expect, it } from "vitest";
import { readMaskFile } from "../../src/formats/read-mask-file.ts";

/** Left half black, right half white, 16 x 8. */
function halves(right: { r: number; g: number; b: number } = { r: 255, g: 255, b: 255 }): Sharp {
  const input = { create: { width: 8, height: 8, channels: 3 as const, background: right } };
  return sharp({ create: { width: 16, height: 8, channels: 3, background: "#000" } }).composite([
    { input, left: 8, top: 0 },
  ]);
}

const expected = Uint8Array.from({ length: 128 }, (_, i) => (i % 16 >= 8 ? 1 : 0));

describe("a mask saved as JPEG", () => {
  it.each([
    ["gray", () => halves().toColourspace("b-w")],
    ["colour", () => halves()],
  ])("is thresholded, with a note (%s)", async (_, picture) => {
    const jpeg = await picture().jpeg({ quality: 60 }).toBuffer();
    const file = await readMaskFile(jpeg, { name: "m.jpg" });
    expect(file).toMatchObject({ format: "jpeg", width: 16, height: 8, encoding: "binary" });
    expect(file.notes).toEqual(["m.jpg: JPEG cannot hold an exact mask; thresholded at 128"]);
    expect(file.values).toEqual(expected);
    const written = fastDecode(file.write(file.values));
    expect(written).toMatchObject({ width: 16, height: 8, channels: 1, depth: 8 });
    expect(Array.from(written.data)).toEqual(Array.from(expected, (value) => value * 255));
    expect(() => file.write(new Uint16Array(128).fill(256))).toThrow(RangeError);
  });

  it("is refused in colour, above the pixel limit, as labels and when damaged", async () => {
    const red = await halves({ r: 255, g: 0, b: 0 }).jpeg().toBuffer();
    await expect(readMaskFile(red, { name: "m.jpg" })).rejects.toThrow("m.jpg: found a JPEG in colour");
    const jpeg = await halves().jpeg().toBuffer();
    await expect(readMaskFile(jpeg, { name: "m.jpg", pixelLimit: 127 })).rejects.toThrow(
      "at most 127 pixels",
    );
    await expect(readMaskFile(jpeg, { name: "m.jpg", encoding: "labels" })).rejects.toThrow("found a JPEG");
    const cut = jpeg.subarray(0, jpeg.length / 2);
    await expect(readMaskFile(cut, { name: "m.jpg" })).rejects.toThrow("m.jpg: found a damaged JPEG");
  });
});

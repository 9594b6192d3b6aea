import { crc32 } from "node:zlib";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { readMaskFile } from "../../src/formats/read-mask-file.ts";
import { buildPNG, bytes, chunk, latin1, type PngSpec, palette } from "./png-builder.ts";

const plain: PngSpec = {
  width: 9,
  height: 6,
  depth: 4,
  colourType: 3,
  samples: Array.from({ length: 54 }, (_, i) => (i * 7) % 16),
  before: [palette(16), chunk("tRNS", bytes(1, 2, 3))],
  after: [chunk("tEXt", latin1("k\0v"))],
  split: 20,
};
const png = buildPNG(plain);
const interlaced = buildPNG({ ...plain, interlaced: true });

/** Reads or refuses; anything else fails the test. */
async function readOrRefuse(file: Uint8Array): Promise<"read" | "refused"> {
  try {
    const mask = await readMaskFile(file, { name: "m.png", pixelLimit: 1_000_000 });
    expect(mask.values.length).toBe(mask.width * mask.height);
    return "read";
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(/^m\.png: found .*, expected .*[^.]$/s);
    return "refused";
  }
}

describe("a broken file", () => {
  it("is refused wherever it is cut", async () => {
    for (const whole of [png, interlaced]) {
      for (let end = 0; end < whole.length; end++) {
        expect(await readOrRefuse(whole.subarray(0, end)), `cut at ${end}`).toBe("refused");
      }
    }
  });

  it("is read or refused whichever byte is wrong", async () => {
    const damage = fc.tuple(fc.constantFrom(png, interlaced), fc.nat(), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(damage, async ([whole, at, flip]) => {
        const file = whole.slice();
        file[at % file.length]! ^= flip;
        await readOrRefuse(file);
      }),
      { numRuns: 1500 },
    );
  });

  it("is read or refused whichever header byte is wrong, though its checksum is right", async () => {
    for (let at = 16; at < 29; at++) {
      for (const value of [0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 127, 128, 255]) {
        const file = png.slice();
        file[at] = value;
        new DataView(file.buffer).setUint32(29, crc32(file.subarray(12, 29)));
        await readOrRefuse(file);
      }
    }
  });

  it("names the chunk whose checksum fails", async () => {
    const at = Buffer.from(png).indexOf("PLTE");
    const file = png.slice();
    file[at + 5]! ^= 1;
    await expect(readMaskFile(file, { name: "m.png" })).rejects.toThrow(
      "m.png: found a PNG whose PLTE chunk fails its checksum, expected intact data",
    );
  });

  it("may have a wrong checksum where nothing is read", async () => {
    const at = Buffer.from(png).indexOf("tEXt");
    const file = png.slice();
    file[at + 5]! ^= 1;
    expect(await readOrRefuse(file)).toBe("read");
  });

  it("is refused when it is a cut JPEG, wherever it is cut", async () => {
    const whole = await sharp({ create: { width: 40, height: 40, channels: 3, background: "#fff" } })
      .composite([{ input: { create: { width: 20, height: 20, channels: 3, background: "#000" } } }])
      .jpeg()
      .toBuffer();
    expect(await readOrRefuse(whole)).toBe("read");
    for (let end = 0; end < whole.length - 2; end += 11) {
      expect(await readOrRefuse(whole.subarray(0, end)), `cut at ${end}`).toBe("refused");
    }
  });
});

import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import type { Photo } from "../../src/core/lab.ts";
import { decodePhoto, readPhotoHeader, toPhoto } from "../../src/engine/photo.ts";
import { chunk, header, pngSignature } from "../formats/png-builder.ts";
import { STOCK_DECODER_PATH } from "../helpers/onnx-graphs.ts";

const EXPECTED = "expected a photo (JPEG, PNG, WebP, TIFF, GIF or AVIF)";
type Colour = readonly [red: number, green: number, blue: number];

/** Pixels as `sharp` takes them. */
function raw(data: ArrayLike<number>, width: number, height: number, channels: 1 | 2 | 3 | 4) {
  return sharp(Uint8Array.from(data), { raw: { width, height, channels } });
}

function raw16(data: readonly number[], width: number, height: number, channels: 1 | 2 | 3 | 4) {
  return sharp(Uint16Array.from(data), { raw: { width, height, channels } });
}

/** Flat colour. */
function flat(width: number, height: number, colour: readonly number[]) {
  const pixels = Array.from({ length: width * height }, () => colour).flat();
  return raw(pixels, width, height, colour.length as 3 | 4);
}

function pixel({ width, data }: Photo, x: number, y: number): number[] {
  return Array.from(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3));
}

/** Header and pixels, which must agree in size. */
async function load(bytes: Uint8Array): Promise<Photo> {
  const sizes = await readPhotoHeader(bytes, "photo");
  const photo = await decodePhoto(bytes, "photo");
  expect({ width: photo.width, height: photo.height }).toEqual(sizes.displayed);
  expect(photo.data.length).toBe(photo.width * photo.height * 3);
  return photo;
}

async function refusal(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message;
}

const red: Colour = [200, 30, 20];
const green: Colour = [20, 190, 40];
const blue: Colour = [10, 40, 210];
const white: Colour = [250, 250, 250];

describe("pixels", () => {
  it("of a PNG are exact, in row-major RGB", async () => {
    const png = await raw([...red, ...green, ...blue, ...white, ...blue, ...red], 3, 2, 3)
      .png()
      .toBuffer();
    const photo = await load(png);
    expect([photo.width, photo.height]).toEqual([3, 2]);
    expect(Array.from(photo.data)).toEqual([...red, ...green, ...blue, ...white, ...blue, ...red]);
  });

  it.each(["jpeg", "webp", "tiff", "avif", "gif"] as const)("of a %s come close", async (format) => {
    const bytes = await flat(16, 24, red).toFormat(format).toBuffer();
    const photo = await load(bytes);
    expect([photo.width, photo.height]).toEqual([16, 24]);
    for (const [c, value] of pixel(photo, 7, 11).entries()) expect(Math.abs(value - red[c]!)).toBeLessThan(8);
  });

  it("of a grayscale PNG and JPEG are spread to three channels", async () => {
    const png = await raw([0, 1, 128, 254, 255, 77], 3, 2, 1).toColourspace("b-w").png().toBuffer();
    expect((await sharp(png).metadata()).channels).toBe(1);
    const photo = await load(png);
    expect(Array.from(photo.data)).toEqual([0, 1, 128, 254, 255, 77].flatMap((v) => [v, v, v]));
    const jpeg = await raw(new Uint8Array(256).fill(90), 16, 16, 1).toColourspace("b-w").jpeg().toBuffer();
    expect((await sharp(jpeg).metadata()).channels).toBe(1);
    expect(pixel(await load(jpeg), 3, 3)).toEqual([90, 90, 90]);
  });

  const deep = [0, 255, 256, 257, 100 * 257, 32767, 32768, 40000, 65279, 65280, 65534, 65535];
  it.each([
    ["gray", 1, "grey16"],
    ["colour", 3, "rgb16"],
  ] as const)("of a 16-bit %s PNG keep their place in the range", async (_, channels, space) => {
    const png = await raw16(deep, deep.length / channels, 1, channels)
      .toColourspace(space)
      .png()
      .toBuffer();
    expect(await sharp(png).metadata()).toMatchObject({ depth: "ushort", channels });
    const photo = await load(png);
    const values = Array.from(photo.data).filter((_v, i) => channels === 3 || i % 3 === 0);
    values.forEach((value, i) => {
      expect(Math.abs(value - deep[i]! / 257)).toBeLessThanOrEqual(1);
    });
    expect([values[0], values[4], values[11]]).toEqual([0, 100, 255]);
  });

  it("lose their alpha, not the colour under it", async () => {
    const png = await raw([...red, 0, ...green, 128, ...blue, 255], 3, 1, 4)
      .png()
      .toBuffer();
    expect(Array.from((await load(png)).data)).toEqual([...red, ...green, ...blue]);
    const gray = await raw([10, 0, 20, 128, 30, 255], 3, 1, 2).toColourspace("b-w").png().toBuffer();
    expect((await sharp(gray).metadata()).channels).toBe(2);
    expect(Array.from((await load(gray)).data)).toEqual([10, 10, 10, 20, 20, 20, 30, 30, 30]);
    const deepAlpha = await raw16([257 * 50, 65535, 257 * 9, 100], 2, 1, 2)
      .toColourspace("grey16")
      .png()
      .toBuffer();
    expect(Array.from((await load(deepAlpha)).data)).toEqual([50, 50, 50, 9, 9, 9]);
  });

  it("of a palette PNG are its colours", async () => {
    const pixels = Array.from({ length: 64 }, (_, i) => (i % 2 === 0 ? red : blue)).flat();
    const png = await raw(pixels, 8, 8, 3).png({ palette: true, colours: 4, dither: 0 }).toBuffer();
    expect(png[25]).toBe(3);
    const photo = await load(png);
    for (const [x, colour] of [red, blue].entries()) {
      pixel(photo, x, 3).forEach((value, c) => {
        expect(Math.abs(value - colour[c]!)).toBeLessThan(6);
      });
    }
  });

  it("of a CMYK JPEG are sRGB", async () => {
    const jpeg = await flat(16, 16, [200, 60, 60]).toColourspace("cmyk").jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(jpeg).metadata()).space).toBe("cmyk");
    const photo = await load(jpeg);
    pixel(photo, 8, 8).forEach((value, c) => {
      expect(Math.abs(value - [200, 60, 60][c]!)).toBeLessThan(25);
    });
  });

  it("of a wide-gamut PNG are sRGB", async () => {
    const png = await flat(8, 8, [180, 90, 60]).withIccProfile("p3").png().toBuffer();
    const { data } = await sharp(png, { ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true });
    expect(Math.abs(data[0]! - 180)).toBeGreaterThan(5);
    pixel(await load(png), 4, 4).forEach((value, c) => {
      expect(Math.abs(value - [180, 90, 60][c]!)).toBeLessThan(4);
    });
  });

  it("may be one", async () => {
    const photo = await load(await flat(1, 1, green).png().toBuffer());
    expect(Array.from(photo.data)).toEqual([...green]);
  });

  it("of an animated GIF are its first frame", async () => {
    const frames = await Promise.all(
      [red, blue, green].map((colour) => flat(12, 10, colour).png().toBuffer()),
    );
    const gif = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(gif, { animated: true }).metadata()).pages).toBe(3);
    const photo = await load(gif);
    expect([photo.width, photo.height]).toEqual([12, 10]);
    pixel(photo, 6, 9).forEach((value, c) => {
      expect(Math.abs(value - red[c]!)).toBeLessThan(8);
    });
  });

  it("already decoded are taken as they are, or spread from one channel, without a fourth", () => {
    expect(Array.from(toPhoto(Uint8Array.of(1, 2, 3, 4, 5, 6), 2, 1, 3).data)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(Array.from(toPhoto(Uint8ClampedArray.of(7, 9), 1, 2, 1).data)).toEqual([7, 7, 7, 9, 9, 9]);
    expect(Array.from(toPhoto(Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 0), 2, 1, 4).data)).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
  });
});

describe("EXIF orientation", () => {
  /** 3×2 with four corners in four colours, and an orientation in its header. */
  function turned(orientation: number): Promise<Buffer> {
    return raw([...red, ...white, ...green, ...blue, ...white, ...white], 3, 2, 3)
      .withMetadata({ orientation })
      .png()
      .toBuffer();
  }

  it("6 is a quarter turn clockwise", async () => {
    const bytes = await turned(6);
    expect(await readPhotoHeader(bytes, "photo")).toEqual({
      stored: { width: 3, height: 2 },
      displayed: { width: 2, height: 3 },
      orientation: 6,
    });
    const displayed = await load(bytes);
    expect([pixel(displayed, 0, 0), pixel(displayed, 1, 0), pixel(displayed, 1, 2)]).toEqual([
      [...blue],
      [...red],
      [...green],
    ]);
  });

  // Where the stored top-left pixel (red) and top-right pixel (green) are shown.
  it.each<[number, width: number, red: [number, number], green: [number, number]]>([
    [1, 3, [0, 0], [2, 0]],
    [2, 3, [2, 0], [0, 0]],
    [3, 3, [2, 1], [0, 1]],
    [4, 3, [0, 1], [2, 1]],
    [5, 2, [0, 0], [0, 2]],
    [6, 2, [1, 0], [1, 2]],
    [7, 2, [1, 2], [1, 0]],
    [8, 2, [0, 2], [0, 0]],
  ])("%i shows the stored corners in their place", async (orientation, width, redAt, greenAt) => {
    const photo = await load(await turned(orientation));
    expect(photo.width).toBe(width);
    expect(pixel(photo, ...redAt)).toEqual([...red]);
    expect(pixel(photo, ...greenAt)).toEqual([...green]);
  });

  it("of a JPEG is read too", async () => {
    const jpeg = await flat(32, 16, red).withMetadata({ orientation: 8 }).jpeg().toBuffer();
    expect((await load(jpeg)).width).toBe(16);
  });
});

/** A PNG that declares a size and has hardly any data. */
function declaringPNG(width: number, height: number): Uint8Array {
  const data = chunk("IDAT", deflateSync(Buffer.alloc(9)));
  return Buffer.concat([pngSignature, header({ width, height, depth: 8, colourType: 2 }), data]);
}

describe("refusals", () => {
  it("of too many declared pixels, before any is decoded", async () => {
    const start = performance.now();
    expect(await refusal(readPhotoHeader(declaringPNG(20_000, 20_000), "huge.png"))).toBe(
      "huge.png declares 20000×20000 pixels: expected at most 268435456 pixels in all",
    );
    expect(performance.now() - start).toBeLessThan(500);
  });

  it("of too many pixels follow the caller's limit, which is inclusive", async () => {
    const png = await flat(6, 4, red).png().toBuffer();
    await expect(readPhotoHeader(png, "photo", 24)).resolves.toBeDefined();
    expect(await refusal(readPhotoHeader(png, "small.png", 23))).toBe(
      "small.png declares 6×4 pixels: expected at most 23 pixels in all",
    );
  });

  it("of an empty file, a text file, a model and a Git LFS pointer", async () => {
    const text = (content: string) => new TextEncoder().encode(content);
    const read = (bytes: Uint8Array) => refusal(readPhotoHeader(bytes, "p.jpg"));
    expect(await read(new Uint8Array(0))).toBe(`p.jpg is empty: ${EXPECTED}`);
    expect(await read(text("hello, this is no photo\n"))).toBe(
      `p.jpg is not an image this reader knows: ${EXPECTED}`,
    );
    expect(await read(readFileSync(STOCK_DECODER_PATH).subarray(0, 4096))).toBe(
      `p.jpg is not an image this reader knows: ${EXPECTED}`,
    );
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    expect(await read(text(pointer))).toBe(
      `p.jpg is a Git LFS pointer, not the file itself (run \`git lfs pull\`): ${EXPECTED}`,
    );
  });

  it("of an SVG, which is no photo", async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>';
    expect(await refusal(readPhotoHeader(new TextEncoder().encode(svg), "drawing.svg"))).toBe(
      `drawing.svg is SVG: ${EXPECTED}`,
    );
  });

  it("of a header with nothing behind it", async () => {
    const message = await refusal(readPhotoHeader(declaringPNG(4, 4).subarray(0, 33), "h.png"));
    expect(message).toBe(`h.png is not an image this reader knows: ${EXPECTED}`);
  });

  it.each(["jpeg", "png", "webp", "tiff", "gif"] as const)("of a truncated %s", async (format) => {
    const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919 + (i >> 3) * 104729) % 251);
    const whole = await raw(noise, 64, 64, 3).toFormat(format).toBuffer();
    await expect(load(whole)).resolves.toBeDefined();
    const cut = whole.subarray(0, Math.floor(whole.length * 0.6));
    const message = await refusal(readPhotoHeader(cut, "cut").then(() => decodePhoto(cut, "cut")));
    expect(message).toMatch(
      /^cut (cannot be decoded \(.+\): expected a complete photo|is not an image this reader knows: expected a photo.*)$/,
    );
    if (format === "jpeg" || format === "png") expect(message).toContain("cannot be decoded");
  });

  it("are InputErrors for any damage, or the photo is read", async () => {
    const jpeg = await flat(24, 24, red).jpeg().toBuffer();
    const png = await flat(24, 24, red).png().toBuffer();
    const damage = fc.record({
      png: fc.boolean(),
      flips: fc.array(fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) }), {
        minLength: 1,
        maxLength: 4,
      }),
      keep: fc.integer({ min: 1, max: 100 }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ png: asPNG, flips, keep }) => {
        const bytes = Buffer.from(asPNG ? png : jpeg);
        for (const { at, to } of flips) bytes[at % bytes.length] = to;
        const cut = bytes.subarray(0, Math.ceil((bytes.length * keep) / 100));
        const reading = readPhotoHeader(cut, "damaged", 1_000_000).then(() => decodePhoto(cut, "damaged"));
        const error = await reading.then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error === undefined) return;
        expect(error).toBeInstanceOf(InputError);
        expect((error as Error).message).toMatch(/^damaged [^\n]+: expected [^\n]+$/);
      }),
      { numRuns: 150 },
    );
  });
});

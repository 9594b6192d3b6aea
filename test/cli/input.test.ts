/** Unusual input works, bad input is refused: the list, end to end. */
import { spawnSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readMask } from "../../src/sdk/mod.ts";
import { Cli, filesIn } from "./cli.ts";
import { boxMask, height, mugBox, plainMask, smallPhoto, width } from "./pictures.ts";

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.build("input");
  await smallPhoto().jpeg().toFile(cli.path("photo.jpg"));
  await writeFile(cli.path("mask.png"), mugBox());
});
afterAll(() => cli.remove());

let out = "";
let count = 0;
beforeEach(async () => {
  out = `out${count++}`;
  await mkdir(cli.path(out));
});

/** Quick settings: these tests are about files. */
const refine = (mask: string, image: string, ...more: string[]) =>
  cli.run(["refine", mask, "--image", image, "--out", `${out}/`, "--preset", "fast", ...more]);

describe("unusual input works", () => {
  it("a JPEG as mask: thresholded, said so, written as PNG", async () => {
    await sharp(mugBox()).jpeg({ quality: 60 }).toFile(cli.path("jpeg.jpg"));
    const { code, stdout, stderr } = await refine("jpeg.jpg", "photo.jpg");
    expect([code, stderr]).toEqual([
      0,
      "note: jpeg.jpg: JPEG cannot hold an exact mask; thresholded at 128\n",
    ]);
    expect(stdout).toContain("→ ");
    expect((await sharp(cli.path(out, "jpeg.png")).metadata()).format).toBe("png");
  });

  it("a photo turned by EXIF, with a mask that follows it", async () => {
    const upright = await smallPhoto().png().toBuffer();
    await sharp(upright).rotate(-90).jpeg().withMetadata({ orientation: 6 }).toFile(cli.path("turned.jpg"));
    expect((await sharp(cli.path("turned.jpg")).metadata()).width).toBe(height);
    const { code, stdout, stderr } = await refine("mask.png", "turned.jpg");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("refined");
  });

  it("a photo turned by EXIF, with a mask that does not: turned for the work, and said so", async () => {
    await smallPhoto().jpeg().withMetadata({ orientation: 6 }).toFile(cli.path("stored.jpg"));
    const { code, stdout, stderr } = await refine("mask.png", "stored.jpg");
    expect(code).toBe(0);
    expect(stderr).toMatch(/^note: mask\.png fits stored\.jpg only as stored, .*\n$/);
    expect(stdout).toContain("refined");
  });

  it("a trimap: as one object where asked for, with a note where not", async () => {
    const grey = await sharp(mugBox()).toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });
    const { info } = grey;
    const data = Uint8Array.from(grey.data, (v, i) => (v > 0 && i % info.width > info.width / 2 ? 128 : v));
    await sharp(data, { raw: { width: info.width, height: info.height, channels: 1 } })
      .png()
      .toFile(cli.path("trimap.png"));
    const [asked, plain] = [
      await refine("trimap.png", "photo.jpg", "--encoding", "binary"),
      await refine("trimap.png", "photo.jpg", "--overwrite"),
    ];
    expect(asked.stderr).toMatch(/^note: trimap\.png: .* thresholded at 128\n$/);
    expect(plain.stderr).toMatch(/^note: trimap\.png: looks like a trimap, /);
    expect([asked.code, plain.code]).toEqual([0, 0]);
  });

  it.each([
    ["CMYK", "cmyk.jpg", () => smallPhoto().toColourspace("cmyk").jpeg()],
    ["grayscale", "gray.png", () => smallPhoto().toColourspace("b-w").png()],
    ["16-bit", "deep.png", () => smallPhoto().toColourspace("rgb16").png()],
  ])("a %s photo", async (_, name, picture) => {
    await picture().toFile(cli.path(name));
    const { code, stdout, stderr } = await refine("mask.png", name);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^mask\.png: (refined|kept)/);
  });

  it("a photo of one pixel", async () => {
    const create = { width: 1, height: 1, channels: 3 as const, background: "red" };
    await sharp({ create }).png().toFile(cli.path("dot.png"));
    for (const value of [0, 1] as const) {
      const name = `dot${value}_mask.png`;
      await writeFile(cli.path(name), plainMask(1, 1, value));
      const { code, stdout, stderr } = await refine(name, "dot.png");
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain(": unchanged (");
      expect(new Uint8Array(await readFile(cli.path(out, name)))).toEqual(plainMask(1, 1, value));
    }
  });

  it("spaces and letters of all scripts in paths, and the photo is still found", async () => {
    const folder = "Ünï cødé 写真";
    await mkdir(cli.path(folder));
    await writeFile(cli.path(folder, "чашка 1.jpg"), await readFile(cli.path("photo.jpg")));
    await writeFile(cli.path(folder, "чашка 1_mask.png"), mugBox());
    const { code, stderr } = await cli.run(["refine", `${folder}/чашка 1_mask.png`]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(await filesIn(cli.path(folder))).toContain("чашка 1_mask.refined.png");
  });

  it("a mask of one pixel", async () => {
    await writeFile(cli.path("pixel.png"), boxMask(width, height, [70, 60, 70, 60]));
    const { code, stdout } = await refine("pixel.png", "photo.jpg");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^pixel\.png: (refined|kept|unchanged)/);
    const { width: w, height: h } = await readMask(cli.path(out, "pixel.png"));
    expect([w, h]).toEqual([width, height]);
  });

  it.each([
    ["empty", 0],
    ["full", 1],
  ] as const)("an %s mask: unchanged, the same bytes, sheets all the same", async (name, value) => {
    const bytes = plainMask(width, height, value);
    await writeFile(cli.path(`${name}.png`), bytes);
    const { code, stdout, stderr } = await refine(`${name}.png`, "photo.jpg", "--explain", `${out}/why.png`);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/: unchanged \(the mask (is empty|covers the whole photo)\), .* → /);
    expect(new Uint8Array(await readFile(cli.path(out, `${name}.png`)))).toEqual(bytes);
    expect(await filesIn(cli.path(out))).toEqual([`${name}.png`, "why.png"].sort());
  });
});

/** One sentence, an exit code, and nothing in the output folder. */
async function expectRefused(run: ReturnType<typeof refine>, sentence: RegExp, code = 1): Promise<void> {
  const { stdout, stderr, ...rest } = await run;
  expect({ ...rest, stdout }).toEqual({ code, stdout: "" });
  expect(stderr).toMatch(/^samrefiner: [^\n]+\n$/);
  expect(stderr).toMatch(sentence);
  expect(await filesIn(cli.path(out))).toEqual([]);
}

describe("bad input is refused in one sentence, and nothing is written", () => {
  it("a missing photo or mask", async () => {
    await expectRefused(
      refine("mask.png", "no.jpg"),
      /: no\.jpg cannot be read \(no such file\): expected a photo/,
    );
    await expectRefused(
      refine("no.png", "photo.jpg"),
      /: no\.png cannot be read \(no such file\): expected a mask/,
    );
  });

  it("a folder where a photo or mask should be", async () => {
    await mkdir(cli.path("folder.png"));
    await expectRefused(refine("mask.png", "folder.png"), /folder\.png cannot be read \(it is a folder\)/);
    await expectRefused(refine("folder.png", "photo.jpg"), /folder\.png cannot be read \(it is a folder\)/);
  });

  it("mask and photo of different sizes", async () => {
    await writeFile(cli.path("wide.png"), plainMask(width + 1, height, 1));
    const sentence =
      /wide\.png is 201×150 pixels, but its photo photo\.jpg is 200×150: expected the same size/;
    await expectRefused(refine("wide.png", "photo.jpg"), sentence);
  });

  it("a picture in colour that is no mask", async () => {
    await smallPhoto().png().toFile(cli.path("colour.png"));
    await expectRefused(
      refine("colour.png", "photo.jpg"),
      /colour\.png: found a picture in colour, expected a mask/,
    );
  });

  it("a truncated PNG or JPEG", async () => {
    await writeFile(cli.path("cut.png"), mugBox().subarray(0, -20));
    await expectRefused(refine("cut.png", "photo.jpg"), /cut\.png: /);
    const photo = await readFile(cli.path("photo.jpg"));
    await writeFile(cli.path("cut.jpg"), photo.subarray(0, photo.length / 2));
    await expectRefused(refine("mask.png", "cut.jpg"), /cut\.jpg cannot be decoded/);
  });

  it("a text file with the name of a picture", async () => {
    await writeFile(cli.path("text.png"), "this is no picture\n");
    await expectRefused(
      refine("text.png", "photo.jpg"),
      /text\.png: found .*, expected a PNG, JPEG or NumPy mask/,
    );
    await expectRefused(refine("mask.png", "text.png"), /text\.png is not an image/);
  });

  it("a picture over the pixel limit, without decoding it", async () => {
    await writeFile(cli.path("huge.png"), pngThatClaims(20_000, 20_000));
    const started = performance.now();
    await expectRefused(
      refine("mask.png", "huge.png"),
      /huge\.png declares 20000×20000 pixels: expected at most/,
    );
    await expectRefused(refine("huge.png", "photo.jpg"), /huge\.png/);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it("an output folder that is none", async () => {
    await writeFile(cli.path("file"), "");
    const args = ["refine", "mask.png", "--image", "photo.jpg", "--out"];
    await expectRefused(
      cli.run([...args, "file/a.png"]),
      /file\/a\.png cannot be written: file is not a folder/,
    );
    await expectRefused(cli.run([...args, "none/a.png"]), /cannot be written: folder none does not exist/);
  });

  it("no photo, or more than one", async () => {
    await expectRefused(
      cli.run(["refine", "mask.png"]),
      /mask\.png has no photo: looked for .*--image names it/,
    );
    await mkdir(cli.path("two"));
    for (const name of ["a.jpg", "a.webp", "a_mask.png"]) await writeFile(cli.path("two", name), mugBox());
    await expectRefused(
      cli.run(["refine", "two/a_mask.png"]),
      /has 2 photos that fit \(two.a\.jpg, two.a\.webp\)/,
    );
  });

  it("a model or device that does not work, with its own exit code", async () => {
    await expectRefused(refine("mask.png", "photo.jpg", "--model", "sam9"), /Unknown model "sam9"/, 3);
    const files = ["--encoder", "photo.jpg", "--decoder", "photo.jpg"];
    await expectRefused(refine("mask.png", "photo.jpg", ...files), /photo\.jpg/, 3);
    const elsewhere = process.platform === "darwin" ? "dml" : "coreml";
    await expectRefused(
      refine("mask.png", "photo.jpg", "--device", elsewhere),
      /No device can run the model/,
      3,
    );
  });
});

describe("disks", () => {
  /** Mounts a small disk on a new folder; `undefined` where this system or user cannot. */
  async function mount(options: string): Promise<string | undefined> {
    const folder = cli.path(`disk${count}`);
    await mkdir(folder);
    const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", options, "none", folder]);
    return status === 0 ? folder : undefined;
  }

  it("a read-only disk: refused before the model is loaded", async ({ skip, onTestFinished }) => {
    const folder = await mount("ro");
    if (folder === undefined) return skip("cannot mount a disk here");
    onTestFinished(() => void spawnSync("umount", [folder]));
    const args = ["refine", "mask.png", "--image", "photo.jpg", "--model", "never reached", "--out"];
    await expectRefused(
      cli.run([...args, `${folder}/a.png`]),
      /cannot be written: .* is on a read-only disk/,
    );
  });

  it("a full disk: refused, nothing half-written, and the other mask is done", async ({
    skip,
    onTestFinished,
  }) => {
    const folder = await mount("size=8k");
    if (folder === undefined) return skip("cannot mount a disk here");
    onTestFinished(() => void spawnSync("umount", [folder]));
    await writeFile(`${folder}/filler`, new Uint8Array(8192));
    const args = ["refine", "mask.png", "--image", "photo.jpg", "--out", `${folder}/a.png`];
    await expectRefused(cli.run(args), /a\.png cannot be written: no space left/);
    expect(await filesIn(folder)).toEqual(["filler"]);
    await rm(`${folder}/filler`);
    expect((await cli.run(args)).code).toBe(0);
    expect(await filesIn(folder)).toEqual(["a.png"]);
  });
});

/** A PNG whose header declares a size and whose pixels are missing. */
function pngThatClaims(w: number, h: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(w, 0);
  header.writeUInt32BE(h, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync("")),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

function crc32(data: Uint8Array): number {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

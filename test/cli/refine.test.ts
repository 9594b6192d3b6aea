/** `refine` as its users know it: results, files, JSON, the cache, several masks. */
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readMask } from "../../src/sdk/mod.ts";
import { Cli, filesIn, sample } from "./cli.ts";
import { boxMask, height, mugBox, plainMask, smallPhoto, width } from "./pictures.ts";

interface RefineJSON {
  readonly masks: readonly {
    readonly mask: string;
    readonly image: string;
    readonly output: string;
    readonly explain?: string;
    readonly unchanged: boolean;
    readonly changes: { readonly added: number; readonly removed: number; readonly relabelled: number };
    readonly regions: readonly {
      readonly label: number;
      readonly verdict: string;
      readonly iterations: readonly { readonly prompts: object; readonly candidates: readonly object[] }[];
    }[];
  }[];
  readonly photos: readonly object[];
  readonly timings: { readonly total: number; readonly encoderRuns: number; readonly decoderRuns: number };
  readonly device: string;
  readonly errors: readonly {
    readonly masks: readonly string[];
    readonly code: string;
    readonly message: string;
  }[];
}

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.build("refine");
  await mkdir(cli.path("in"));
  await smallPhoto().jpeg({ quality: 95 }).toFile(cli.path("in", "photo.jpg"));
  await writeFile(cli.path("in", "photo_mask.png"), mugBox());
  await writeFile(cli.path("in", "apple.png"), boxMask(width, height, [112, 45, 163, 93]));
});
afterAll(() => cli.remove());

/** A folder of its own for each test. */
let out = "";
let count = 0;
beforeEach(async () => {
  out = `out${count++}`;
  await mkdir(cli.path(out));
});

async function json(args: readonly string[]): Promise<RefineJSON & { code: number | null; stderr: string }> {
  const { code, stdout, stderr } = await cli.run([...args, "--json"]);
  return { ...(JSON.parse(stdout) as RefineJSON), code, stderr };
}

describe("one mask", () => {
  it("finds the photo by name, writes beside the mask, and says what it did", async () => {
    const { code, stdout, stderr } = await cli.run(["refine", "in/photo_mask.png"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^in\/photo_mask\.png: refined, \+\d+ −[\d,]+ pixels, IoU with coarse 0\.\d{3}, [\d.]+ m?s → in.photo_mask\.refined\.png\n$/,
    );
    const coarse = await readMask(cli.path("in", "photo_mask.png"));
    const refined = await readMask(cli.path("in", "photo_mask.refined.png"));
    expect([refined.width, refined.height]).toEqual([width, height]);
    expect(refined.data).not.toEqual(coarse.data);
  });

  it("prints JSON with everything but pixels, and does not encode a known photo again", async () => {
    const first = await json(["refine", "in/photo_mask.png", "--out", `${out}/a.png`]);
    const again = await json(["refine", "in/photo_mask.png", "--out", `${out}/b.png`]);
    expect(again.timings.encoderRuns).toBe(0);
    expect(await readFile(cli.path(out, "a.png"))).toEqual(await readFile(cli.path(out, "b.png")));
    expect(first).toMatchObject({ code: 0, stderr: "", device: expect.any(String), errors: [] });
    expect(first.photos).toHaveLength(1);
    const [mask] = first.masks;
    expect(mask).toMatchObject({
      mask: "in/photo_mask.png",
      image: expect.stringMatching(/in.photo\.jpg$/),
      output: `${out}/a.png`,
      mode: "instance",
      unchanged: false,
      changes: { added: expect.any(Number), removed: expect.any(Number), relabelled: 0 },
      notes: [],
    });
    expect(mask?.regions).toHaveLength(1);
    const [region] = mask!.regions;
    expect(region).toMatchObject({
      label: 1,
      box: [30, 33, 112, 100],
      area: 83 * 68,
      refinedArea: expect.any(Number),
      verdict: "refined",
      predictedIoU: expect.any(Number),
      coarseIoU: expect.any(Number),
    });
    // Three of the cascade, four of growth.
    expect(region?.iterations).toHaveLength(7);
    expect(Object.keys(region!.iterations[0]!).sort()).toEqual([
      "accepted",
      "candidates",
      "contrast",
      "prompts",
      "selection",
      "source",
    ]);
    expect(Object.keys(region!.iterations[0]!.prompts).sort()).toEqual(["box", "positive", "tightBox"]);
    expect(Object.keys(region!.iterations[0]!.candidates[0]!).sort()).toEqual([
      "chosen",
      "coarseIoU",
      "predictedIoU",
      "stability",
      "token",
    ]);
  });

  it("writes sheets, and the JSON stays free of pixels", async () => {
    const args = [
      "refine",
      "in/photo_mask.png",
      "--out",
      `${out}/m.png`,
      "--set",
      "iterations=1",
      "margins=0.1",
      "growth=none",
    ];
    const sheets = ["--explain", `${out}/why.png`, "--compare", `${out}/both.png`];
    const { code, masks } = await json([...args, ...sheets]);
    expect(code).toBe(0);
    expect(masks[0]).toMatchObject({ explain: `${out}/why.png`, compare: `${out}/both.png` });
    expect(masks[0]?.regions[0]?.iterations).toHaveLength(1);
    expect(JSON.stringify(masks[0]?.regions).length).toBeLessThan(2000);
    for (const name of ["why.png", "both.png"]) {
      const { format, width: w } = await sharp(cli.path(out, name)).metadata();
      expect([format, w! > width]).toEqual(["png", true]);
    }
  });

  it("works without the cache and says nothing with --quiet", async () => {
    const args = [
      "refine",
      "in/photo_mask.png",
      "--out",
      `${out}/`,
      "--no-cache",
      "--quiet",
      "--preset",
      "fast",
    ];
    expect(await cli.run(args)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await filesIn(cli.path(out))).toEqual(["photo_mask.png"]);
  });
});

describe("what is never overwritten", () => {
  it("an existing file, unless asked; then also the mask itself", async () => {
    const mask = `${out}/photo.png`;
    await writeFile(cli.path(mask), mugBox());
    const args = ["refine", mask, "--image", "in/photo.jpg", "--out", mask];
    const refused = await cli.run(args);
    expect(refused).toEqual({
      code: 1,
      stdout: "",
      stderr: `samrefiner: ${mask} exists already (--overwrite replaces it)\n`,
    });
    expect(new Uint8Array(await readFile(cli.path(mask)))).toEqual(mugBox());
    expect((await cli.run([...args, "--overwrite"])).code).toBe(0);
    expect(new Uint8Array(await readFile(cli.path(mask)))).not.toEqual(mugBox());
    expect(await filesIn(cli.path(out))).toEqual(["photo.png"]);
  });

  it("the photo or another mask, by whatever name", async () => {
    await writeFile(cli.path(out, "a.png"), mugBox());
    await writeFile(cli.path(out, "b.png"), mugBox());
    await smallPhoto().png().toFile(cli.path(out, "photo.png"));
    await symlink("photo.png", cli.path(out, "link.png"));
    const photo = await readFile(cli.path(out, "photo.png"));
    const refine = (...args: string[]) =>
      cli.run(["refine", `${out}/a.png`, "--image", `${out}/photo.png`, "--overwrite", ...args]);
    expect(await refine("--out", `${out}/link.png`)).toEqual({
      code: 1,
      stdout: "",
      stderr: `samrefiner: ${out}/link.png cannot be written: it is the photo\n`,
    });
    expect((await refine("--explain", `${out}/a.png`)).stderr).toMatch(
      /a\.png cannot be written: it is the mask/,
    );
    expect(await readFile(cli.path(out, "photo.png"))).toEqual(photo);
    expect(new Uint8Array(await readFile(cli.path(out, "a.png")))).toEqual(mugBox());
  });
});

describe("several masks", () => {
  const masks = ["in/photo_mask.png", "in/apple.png"];

  it("of one photo need one encoder run", async () => {
    const args = ["refine", ...masks, "--image", "in/photo.jpg", "--out", `${out}/new/`, "--no-cache"];
    const { code, masks: done, timings } = await json(args);
    expect(code).toBe(0);
    expect(timings.encoderRuns).toBe(1);
    // One ends with growth that finds the same object, the other one an iteration earlier.
    expect(timings.decoderRuns).toBe(4 + 9);
    expect(done.map(({ output }) => output.replaceAll("\\", "/"))).toEqual([
      `${out}/new/photo_mask.png`,
      `${out}/new/apple.png`,
    ]);
    expect(await filesIn(cli.path(out, "new"))).toEqual(["apple.png", "photo_mask.png"]);
  });

  it("are done even when others among them are bad", async () => {
    await writeFile(cli.path(out, "broken.png"), mugBox().subarray(0, 60));
    await writeFile(cli.path(out, "other.png"), plainMask(20, 10, 1));
    const bad = [`${out}/broken.png`, `${out}/missing.png`, `${out}/other.png`];
    const args = ["refine", bad[0]!, masks[0]!, bad[1]!, bad[2]!, masks[1]!, "--image", "in/photo.jpg"];
    const sheets = ["--explain", `${out}/o`, "--set", "iterations=1"];
    const { code, stderr, errors, ...report } = await json([...args, "--out", `${out}/o`, ...sheets]);
    expect(code).toBe(1);
    expect(report.masks.map(({ mask }) => mask)).toEqual(masks);
    expect(errors.map(({ masks: [mask] }) => mask)).toEqual(bad);
    expect(stderr.trim().split("\n")).toEqual(errors.map(({ message }) => `samrefiner: ${message}`));
    expect(await filesIn(cli.path(out, "o"))).toEqual([
      "apple.explain.png",
      "apple.png",
      "photo_mask.explain.png",
      "photo_mask.png",
    ]);
  });

  it("of different photos are grouped, and a bad photo stops only its own", async () => {
    const [photos, labels] = [cli.path(out, "images"), cli.path(out, "masks")];
    await mkdir(photos);
    await mkdir(labels);
    await writeFile(`${photos}/a.jpg`, await readFile(cli.path("in", "photo.jpg")));
    await writeFile(`${photos}/b.jpg`, "no photo");
    for (const name of ["a_mask.png", "a_seg.png", "b.png"]) await writeFile(`${labels}/${name}`, mugBox());
    const names = ["a_mask.png", "b.png", "a_seg.png", "c.png"].map((name) => `${out}/masks/${name}`);
    const { code, stdout, stderr } = await cli.run(["refine", ...names, "--out", `${out}/done`]);
    expect(code).toBe(1);
    const starts = stdout.split("\n").map((line) => line.split(/:| in /)[0]);
    expect(starts).toEqual([names[0], names[2], "2 masks of 1 photo", ""]);
    expect(stderr).toContain(`${names[3]} cannot be read (no such file)`);
    expect(stderr).toMatch(/b\.jpg is not an image/);
    expect(stderr.trim().split("\n")).toHaveLength(2);
    expect(await filesIn(cli.path(out, "done"))).toEqual(["a_mask.png", "a_seg.png"]);
  });
});

describe("label maps", () => {
  it("are refined region by region; the ignore label is named in a note", async () => {
    const args = [
      "refine",
      sample("labels_coarse.png"),
      "--image",
      sample("photo.jpg"),
      "--out",
      `${out}/l.png`,
    ];
    const { code, stdout, stderr } = await cli.run([...args, "--set", "iterations=1"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/: 4 refined, \+[\d,]+ −[\d,]+ pixels, mean IoU with coarse 0\.\d+, .* → /);
    expect(stderr).toMatch(
      /^note: .*labels_coarse\.png: label 255 is the ignore label and stays as it is\n$/,
    );
    const colourType = (await readFile(cli.path(out, "l.png")))[25];
    expect(colourType, "palette").toBe(3);
  });
});

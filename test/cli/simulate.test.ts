/** `simulate`: coarse masks from ground truth, the same for the same seed, and a manifest that `bench` reads. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { maskIoU, readMask } from "../../src/sdk/mod.ts";
import { Cli, filesIn } from "./cli.ts";
import { boxMask, height, smallPhoto, width } from "./pictures.ts";

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.build("simulate");
  await mkdir(cli.path("images"));
  await mkdir(cli.path("truth"));
  for (const name of ["mug_1", "mug_2"]) {
    await smallPhoto()
      .jpeg({ quality: 95 })
      .toFile(cli.path("images", `${name}.jpg`));
    await writeFile(cli.path("truth", `${name}.png`), boxMask(width, height, [30, 33, 112, 100]));
  }
});
afterAll(() => cli.remove());

const truths = ["truth/mug_1.png", "truth/mug_2.png"];
const iouOf = async (path: string): Promise<number> => {
  const [found, truth] = await Promise.all([readMask(cli.path(path)), readMask(cli.path(truths[0]!))]);
  return maskIoU(found as never, truth as never);
};

describe("simulate", () => {
  it("writes masks in the range under the names of the ground truth, and what bench needs", async () => {
    const args = [...truths, "--image", "images/mug_1.jpg", "--out", "coarse", "--manifest", "bench.json"];
    const { code, stdout, stderr } = await cli.run(["simulate", ...args, "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const { masks } = JSON.parse(stdout) as { masks: { mask: string; output: string; iou: number }[] };
    expect(masks.map(({ mask }) => mask)).toEqual(truths);
    for (const { output, iou } of masks) {
      expect(iou).toBeGreaterThanOrEqual(0.75);
      expect(iou).toBeLessThanOrEqual(0.85);
      expect(await iouOf(output)).toBe(iou);
    }
    expect(await filesIn(cli.path("coarse"))).toEqual(["mug_1.png", "mug_2.png"]);
    expect(JSON.parse(await readFile(cli.path("bench.json"), "utf8"))[1]).toEqual({
      id: "mug_2",
      image: "images/mug_1.jpg",
      coarse: "coarse/mug_2.png",
      gt: "truth/mug_2.png",
      kind: "instance",
    });
    const bench = await cli.run(["bench", "--manifest", "bench.json", "--method", "crf", "--json"]);
    expect(JSON.parse(bench.stdout).groups.all.coarseIoU).toBeCloseTo(
      (masks[0]!.iou + masks[1]!.iou) / 2,
      12,
    );
    expect(JSON.parse(bench.stdout).cost).toMatchObject({ encoderRuns: 0, decoderRuns: 0 });
  });

  it("gives each name defects of its own, the same again for the same seed, others for another", async () => {
    const made = async (out: string, ...more: string[]): Promise<Buffer[]> => {
      const args = ["--image", "images/mug_1.jpg", "--out", out, ...more];
      expect((await cli.run(["simulate", ...truths, ...args])).code).toBe(0);
      return Promise.all(["mug_1.png", "mug_2.png"].map((name) => readFile(cli.path(out, name))));
    };
    const first = await made("first", "--seed", "5");
    expect(await made("again", "--seed", "5")).toEqual(first);
    expect(first[0]).not.toEqual(first[1]);
    expect((await made("other", "--seed", "6"))[0]).not.toEqual(first[0]);
    await made("low", "--range", "0.6,0.7");
    expect(await iouOf("low/mug_1.png")).toBeLessThanOrEqual(0.7);
  });

  it("never writes over a ground truth, and leaves small objects out", async () => {
    await writeFile(cli.path("truth", "speck.png"), boxMask(width, height, [50, 50, 50, 50]));
    const before = await readFile(cli.path("truth", "mug_1.png"));
    const same = await cli.run([
      "simulate",
      truths[0]!,
      "--image",
      "images/mug_1.jpg",
      "--out",
      "truth",
      "--overwrite",
    ]);
    expect(same.code).toBe(1);
    expect(same.stderr).toMatch(/truth\/mug_1\.png is a ground truth and stays as it is/);
    expect(await readFile(cli.path("truth", "mug_1.png"))).toEqual(before);
    const small = await cli.run([
      "simulate",
      "truth/speck.png",
      "--image",
      "images/mug_1.jpg",
      "--out",
      "small",
    ]);
    expect([small.code, await filesIn(cli.path("small"))]).toEqual([1, []]);
    expect(small.stderr).toMatch(
      /speck\.png has no defects that leave an IoU of 0\.75 to 0\.85: it is left out\n$/,
    );
  });

  it.each([
    [["--range", "0.9,0.8"], '--range is "0.9,0.8": expected two IoUs from 0 to 1 as low,high'],
    [["--range", "0.9"], '--range is "0.9": expected two IoUs from 0 to 1 as low,high'],
    [["--seed", "x"], '--seed is "x": expected a whole number from 0 to 4294967295'],
  ])("refuses %j", async (args, sentence) => {
    const { code, stderr } = await cli.run(["simulate", truths[0]!, "--out", "x", ...args]);
    expect([code, stderr]).toEqual([2, `samrefiner: ${sentence}\n`]);
  });

  it("refuses a map of ids", async () => {
    const values = Uint8Array.from({ length: width * height }, (_, i) => i % 3);
    await sharp(values, { raw: { width, height, channels: 1 } })
      .png()
      .toFile(cli.path("ids.png"));
    const { code, stderr } = await cli.run([
      "simulate",
      "ids.png",
      "--image",
      "images/mug_1.jpg",
      "--out",
      "x",
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^samrefiner: ids\.png is a map of ids: expected a mask of one object/);
  });
});

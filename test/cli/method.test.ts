/** `--method`: another method refines, and results, journals and reports say so. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Cli } from "./cli.ts";
import { boxMask, mugBox, smallPhoto } from "./pictures.ts";

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.build("method");
  await mkdir(cli.path("data", "images"), { recursive: true });
  await mkdir(cli.path("data", "masks"));
  await smallPhoto()
    .jpeg({ quality: 95 })
    .toFile(cli.path("data", "images", "mug.jpg"));
  await writeFile(cli.path("data", "masks", "mug.png"), mugBox());
});
afterAll(() => cli.remove());

const mug = ["data/masks/mug.png", "--image", "data/images/mug.jpg"];

interface Refined {
  readonly masks: readonly { readonly regions: readonly { readonly verdict: string }[] }[];
  readonly timings: { readonly encoderRuns: number; readonly decoderRuns: number };
}

async function refine(...args: string[]): Promise<Refined> {
  const { code, stdout } = await cli.run([
    "refine",
    ...mug,
    "--json",
    "--overwrite",
    "--out",
    "x.png",
    ...args,
  ]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Refined;
}

describe("--method", () => {
  it("crf asks no model", async () => {
    const { timings } = await refine("--method", "crf", "--explain", "why.png");
    expect(timings).toMatchObject({ encoderRuns: 0, decoderRuns: 0 });
  });

  it("box is one decode, under any preset; without a gate its mask is taken", async () => {
    for (const preset of ["default", "paper"])
      expect((await refine("--method", "box", "--preset", preset)).timings.decoderRuns).toBe(1);
    const { masks } = await refine("--method", "box", "--set", "gate=none");
    expect(masks[0]!.regions[0]!.verdict).toBe("refined");
  });

  it("wins over --set method", async () => {
    expect((await refine("--set", "method=crf", "--method", "box")).timings.decoderRuns).toBe(1);
  });

  it.each(["grid-max", "grid-merge"])("%s asks for the points of the grid on the mask", async (method) => {
    // 25×19 of 200×150 pixels: 4 of 32 columns and rows.
    await writeFile(cli.path("small.png"), boxMask(200, 150, [50, 61, 74, 79]));
    const args = ["small.png", "--image", "data/images/mug.jpg", "--json", "--out", `${method}.png`];
    const { stdout } = await cli.run(["refine", ...args, "--method", method]);
    expect((JSON.parse(stdout) as Refined).timings.decoderRuns).toBe(16);
  });

  it("is in a run's journal and report; what one has done another does again", async () => {
    expect((await cli.run(["run", "data", "--out", "out", "--method", "crf"])).code).toBe(0);
    const [header] = (await readFile(cli.path("out", "samrefiner-run.jsonl"), "utf8")).split("\n");
    expect(JSON.parse(header!).options.settings.method).toBe("crf");
    const report = await cli.run(["report", "out/samrefiner-run.jsonl", "--html", "report.html"]);
    expect(report.code).toBe(0);
    expect(await readFile(cli.path("report.html"), "utf8")).toMatch(/method<\/\w+>\s*<\w+>crf</);
    const again = await cli.run(["run", "data", "--out", "out", "--method", "crf", "--resume"]);
    const other = await cli.run([
      "run",
      "data",
      "--out",
      "out",
      "--method",
      "box",
      "--resume",
      "--overwrite",
    ]);
    expect(other.stdout).toMatch(/^1 photo in /m);
    expect(again.stdout).toMatch(/^0 photos in .*, 1 done before/);
  });

  it("refuses what is none", async () => {
    const { code, stderr } = await cli.run(["refine", ...mug, "--method", "magic"]);
    expect([code, stderr]).toEqual([
      2,
      'samrefiner: Unknown method "magic": expected samrefiner, crf, grid-max, grid-merge, box\n',
    ]);
  });
});

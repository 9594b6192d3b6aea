/** `bench` on masks whose scores can be worked out by hand. */
import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeLabelPNG } from "../../src/formats/mod.ts";
import { Cli } from "./cli.ts";
import { boxMask, height, plainMask, smallPhoto, width } from "./pictures.ts";

interface Group {
  readonly entries: number;
  readonly coarseIoU: number;
  readonly refinedIoU: number;
  readonly coarseBoundaryIoU: number;
  readonly refinedBoundaryIoU: number;
  readonly worse: number;
}

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.build("bench");
  await smallPhoto().jpeg().toFile(cli.path("photo.jpg"));
  await writeFile(cli.path("full.png"), plainMask(width, height, 1));
  await writeFile(cli.path("left half.png"), boxMask(width, height, [0, 0, width / 2 - 1, height - 1]));
  await writeFile(cli.path("quarter.png"), boxMask(width, height, [0, 0, width / 2 - 1, height / 2 - 1]));
  await writeFile(cli.path("classes.png"), labels(1, 1, 0));
  await writeFile(cli.path("truth.png"), labels(1, 0, 2));
  const entry = (id: string, coarse: string, gt: string, kind: string) => ({
    id,
    image: "photo.jpg",
    coarse,
    gt,
    kind,
  });
  const list = [
    entry("toy_full", "full.png", "left half.png", "instance"),
    entry("other_quarter", "quarter.png", "left half.png", "instance"),
    entry("toy_classes", "classes.png", "truth.png", "semantic"),
  ];
  await writeFile(cli.path("m.json"), JSON.stringify(list));
});
afterAll(() => cli.remove());

/** Three vertical stripes, 100, 50 and 50 pixels wide. */
function labels(...stripes: [number, number, number]): Uint8Array {
  const stripe = (x: number): number => (x < 100 ? 0 : x < 150 ? 1 : 2);
  const data = Uint8Array.from({ length: width * height }, (_, i) => stripes[stripe(i % width)]!);
  return encodeLabelPNG({ width, height, data });
}

describe("bench", () => {
  it("prints one JSON object with entries, groups, mIoU and cost", async () => {
    const { code, stdout, stderr } = await cli.run(["bench", "--manifest", "m.json", "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const report = JSON.parse(stdout) as { groups: Record<string, Group>; cost: Record<string, number> };
    const { all, instance, semantic } = report.groups;
    expect(Object.keys(report).sort()).toEqual(["cost", "entries", "groups", "mIoU", "problems"]);
    expect(Object.keys(report.groups).sort()).toEqual([
      "all",
      "instance",
      "instance/other",
      "instance/toy",
      "semantic",
      "semantic/toy",
    ]);
    // The full mask is never touched: half of it is right before and after.
    expect(report.groups["instance/toy"]).toMatchObject({
      entries: 1,
      coarseIoU: 0.5,
      refinedIoU: 0.5,
      worse: 0,
    });
    expect(report.groups["instance/other"]?.coarseIoU).toBe(0.5);
    expect(instance).toMatchObject({ entries: 2, coarseIoU: 0.5 });
    // Class 1: 100 of 150 columns; class 2 is nowhere.
    expect(semantic?.coarseIoU).toBeCloseTo(2 / 3 / 2, 12);
    expect(all?.coarseIoU).toBeCloseTo((0.5 + 0.5 + 1 / 3) / 3, 12);
    expect(report).toMatchObject({ mIoU: { coarse: semantic?.coarseIoU } });
    expect(report.cost).toMatchObject({
      encoderRuns: 1,
      decoderRuns: expect.any(Number),
      totalMs: expect.any(Number),
    });
    expect(Object.keys(all!).sort()).toEqual([
      "coarseBoundaryIoU",
      "coarseIoU",
      "entries",
      "refinedBoundaryIoU",
      "refinedIoU",
      "worse",
    ]);
  });

  it("prints a table, and progress where lines stay", async () => {
    const args = ["bench", "--manifest", "m.json", "--kinds", "instance", "--limit", "1", "--preset", "fast"];
    const { code, stdout, stderr } = await cli.run(args);
    expect(code).toBe(0);
    expect(stderr).toBe("refining: 1/1 entries\n");
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^group +entries +IoU % +boundary IoU % +worse$/);
    expect(lines[1]).toMatch(/^all +1 +50\.00 → 50\.00 +\d+\.\d\d → \d+\.\d\d +0 \(0\.0 %\)$/);
    expect(lines.slice(1, 4).map((line) => line.trim().split(" ")[0])).toEqual([
      "all",
      "instance",
      "instance/toy",
    ]);
    expect(stdout).toMatch(
      /0 encoder runs, 0 decoder runs, .*\nper entry: encode .*, decode .*, method .*\n$/,
    );
  });

  it("measures a published data set in its own layout, over all pixels too", async () => {
    await mkdir(cli.path("set", "toy"), { recursive: true });
    await smallPhoto()
      .jpeg()
      .toFile(cli.path("set", "toy", "00001.jpg"));
    const [truth, coarse] = ["0_00001.png", "init_sp_0_00001.png"].map((name) =>
      cli.path("set", "toy", name),
    );
    await writeFile(truth!, boxMask(width, height, [0, 0, width / 2 - 1, height - 1]));
    await writeFile(coarse!, boxMask(width, height, [0, 0, width / 2 - 1, height / 2 - 1]));
    const args = ["bench", "--layout", "davis585", "--data", "set", "--method", "crf"];
    const { code, stdout } = await cli.run(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}instance\/toy +1 +50\.00 → /m);
    expect(stdout).toMatch(/^over all pixels: IoU 50\.00 → \d+\.\d\d, boundary IoU /m);
  });

  it.each([
    [
      ["--manifest", "m.json", "--data", "set"],
      "--manifest and --data are given: expected a manifest or a data set",
    ],
    [
      ["--layout", "big"],
      "Neither --manifest nor --layout with --data is given: expected something to measure",
    ],
    [[], "Neither --manifest nor --layout with --data is given: expected something to measure"],
  ])("refuses %j", async (args, sentence) => {
    const { code, stderr } = await cli.run(["bench", ...args]);
    expect([code, stderr]).toEqual([2, `samrefiner: ${sentence}\n`]);
  });

  it("says where a data set is missing", async () => {
    const { code, stderr } = await cli.run([
      "bench",
      "--layout",
      "voc",
      "--data",
      "VOC2012",
      "--coarse",
      "x",
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^samrefiner: VOC2012.JPEGImages cannot be read \(no such folder\): expected VOC 2012/,
    );
  });

  it.each([
    ["a missing manifest", "none.json", /none\.json cannot be read/],
    ["a manifest that is no list", "object.json", /object\.json holds no list: expected a JSON list/],
    ["an entry of an unknown kind", "kind.json", /kind\.json entry 1 is of kind "x": expected instance/],
    ["a file that is missing", "file.json", /nowhere\.png cannot be read/],
  ])("refuses %s", async (_, name, sentence) => {
    const entry = { id: "a", image: "photo.jpg", coarse: "nowhere.png", gt: "full.png", kind: "instance" };
    await writeFile(cli.path("object.json"), "{}");
    await writeFile(cli.path("kind.json"), JSON.stringify([{ ...entry, kind: "x" }]));
    await writeFile(cli.path("file.json"), JSON.stringify([entry]));
    const { code, stdout, stderr } = await cli.run(["bench", "--manifest", name]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^samrefiner: [^\n]+\n$/);
    expect(stderr).toMatch(sentence);
  });
});

/** Wrong usage ends with 2 and one sentence before anything is done; asked-for texts end with 0. */
import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { Cli, filesIn, finish, sample } from "./cli.ts";

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.build("usage");
  await writeFile(cli.path("a.png"), "");
});
afterAll(() => cli.remove());

describe("texts", () => {
  it("prints the version", async () => {
    expect(await cli.run(["--version"])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });

  it("prints a command's help on stdout", async () => {
    const { code, stdout, stderr } = await cli.run(["refine", "--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("--ignore-label <n>");
    expect(stdout).toContain("Examples:");
  });

  it("is quiet when nobody reads on", async () => {
    const child = cli.start(["models", "list"]);
    child.stdout.destroy();
    expect(await finish(child)).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("wrong usage", () => {
  const photo = sample("photo.jpg");
  it.each([
    [["frobnicate"], "unknown command 'frobnicate'"],
    [["refine"], "missing required argument 'mask'"],
    [["refine", "a.png", "--explian", "x"], "unknown option '--explian' (Did you mean --explain?)"],
    [
      ["refine", "a.png", "--preset", "best"],
      'Unknown preset "best": expected default, fast, quality, paper, reference',
    ],
    [["refine", "a.png", "--mode", "x"], 'Unknown mode "x": expected auto, instance, semantic'],
    [
      ["refine", "a.png", "--device", "tpu"],
      'Unknown device "tpu": expected auto, cuda, coreml, dml, webgpu, cpu',
    ],
    [["refine", "a.png", "--set", "gamma"], '--set is "gamma": expected name=value'],
    [["refine", "a.png", "--set", "gamma=x"], 'Setting "gamma" is "x": expected a number from 0.01 to 1000'],
    [["refine", "a.png", "--threads", "0"], '--threads is "0": expected a whole number from 1 to 1024'],
    [
      ["refine", "a.png", "--ignore-label", "x"],
      '--ignore-label is "x": expected a whole number from 0 to 65535',
    ],
    [
      ["refine", "a.png", "--encoder", "e"],
      "--encoder is given without --decoder: expected both files of the model",
    ],
    [
      ["refine", "a.png", "--image", photo, "--out", "b"],
      '--out is "b": expected a name that ends in .png, or a folder (ending in /)',
    ],
    [
      ["refine", "a.png", "b.png", "--image", photo, "--out", "c.png"],
      "--out is the file c.png, but there are 2 masks: expected a folder",
    ],
    [["bench"], "Neither --manifest nor --layout with --data is given: expected something to measure"],
    [
      ["bench", "--layout", "x", "--data", "y"],
      "option '--layout <name>' argument 'x' is invalid. Allowed choices are davis585, coco, voc, big, relabelled-voc.",
    ],
    [["bench", "--manifest", "m", "--kinds", "a"], 'Unknown kind "a": expected instance, highres, semantic'],
    [["models", "burn"], "unknown command 'burn'"],
  ])("%j", async (args, sentence) => {
    expect(await cli.run(args)).toEqual({ code: 2, stdout: "", stderr: `samrefiner: ${sentence}\n` });
    expect(await filesIn(cli.folder)).toEqual(["a.png"]);
  });

  it("names the settings there are", async () => {
    const { code, stderr } = await cli.run(["refine", "a.png", "--set", "speed=9"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^samrefiner: Unknown setting "speed": expected one of method, rules, .*minPart\n$/,
    );
  });

  it.each([[[]], [["models"]]])("shows the help on stderr for %j", async (args) => {
    const { code, stdout, stderr } = await cli.run(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^Usage: samrefiner/);
  });

  it("refuses two masks that would be written to one file", async () => {
    const { code, stderr } = await cli.run(["refine", "a/x.png", "b/x.jpg", "--image", photo, "--out", "o/"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^samrefiner: a\/x\.png and b\/x\.jpg would both be written to o.x\.png: .*\n$/);
    expect(await filesIn(cli.folder)).toEqual(["a.png"]);
  });
});

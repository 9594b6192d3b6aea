/** `run`, `restore` and `report` as their users know them, with the real engine on small photos. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Cli, finish } from "./cli.ts";
import { boxMask, height, mugBox, smallPhoto, width } from "./pictures.ts";

const PHOTOS = 4;
const KILLS = 6;

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.build("run");
  await mkdir(cli.path("data", "images"), { recursive: true });
  await mkdir(cli.path("data", "masks"));
  for (let i = 0; i < PHOTOS; i++) {
    const photo = smallPhoto().jpeg({ quality: 90 - i });
    await photo.toFile(cli.path("data", "images", `p${i}.jpg`));
    await writeFile(cli.path("data", "masks", `p${i}.png`), mugBox());
  }
  await writeFile(cli.path("data", "masks", "p3.png"), boxMask(width, height, [112, 45, 163, 93]));
  await writeFile(cli.path("data", "instances.json"), JSON.stringify(instances()));
  // The one run that is not disturbed; it also fills the cache of embeddings.
  const { code, stderr } = await cli.run(["run", "data", "--out", "whole", "--quiet"]);
  expect([code, stderr]).toEqual([0, ""]);
});
afterAll(() => cli.remove());

/** A rough box around the mug on every photo, as COCO polygons. */
function instances(): object {
  const ids = Array.from({ length: PHOTOS }, (_, i) => i);
  return {
    images: ids.map((i) => ({ id: i, file_name: `images/p${i}.jpg`, width, height })),
    categories: [{ id: 1, name: "mug" }],
    annotations: ids.map((i) => ({
      ...{ id: i + 1, image_id: i, category_id: 1, iscrowd: 0, area: 5628, bbox: [30, 33, 84, 67] },
      segmentation: [[30, 33, 114, 33, 114, 100, 30, 100]],
    })),
  };
}

/** Everything below a folder but the journal. */
async function tree(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(cli.path(folder), { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const pairs = files
    .filter((path) => !path.includes(".jsonl"))
    .map(
      async (path) => [relative(cli.path(folder), path), (await readFile(path)).toString("base64")] as const,
    );
  return Object.fromEntries((await Promise.all(pairs)).sort());
}

async function leftovers(folder: string): Promise<string[]> {
  const names = await readdir(cli.path(folder), { recursive: true });
  return names.filter((name) => name.endsWith(".tmp") || name.endsWith(".lock"));
}

describe("run", () => {
  it("writes a mirror that holds masks and annotations", async () => {
    const files = await tree("whole");
    expect(Object.keys(files)).toEqual([
      "instances.json",
      ...[0, 1, 2, 3].map((i) => join("masks", `p${i}.png`)),
    ]);
    expect(files["instances.json"]).not.toBe((await tree("data"))["instances.json"]);
  });

  it("records how outlines are written, --least-part among it, and refuses what is no size", async () => {
    const said = async (folder: string, ...flags: string[]) => {
      const { code } = await cli.run([
        "run",
        "data/instances.json",
        "--out",
        folder,
        "--preset",
        "fast",
        ...flags,
      ]);
      expect(code).toBe(0);
      const [header] = (await readFile(cli.path(folder, "samrefiner-run.jsonl"), "utf8")).split("\n");
      return JSON.parse(header!).options;
    };
    expect(await said("usual")).toMatchObject({ tolerance: 0.5, leastPart: 32 });
    expect(await said("all", "--least-part", "0")).toMatchObject({ leastPart: 0 });
    const { code, stderr } = await cli.run(["run", "data", "--out", "none", "--least-part", "1e9"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('"leastPart" is 1000000000')]);
  });

  it("lists with --dry-run what it would do, and writes nothing", async () => {
    const { code, stdout } = await cli.run(["run", "data", "--out", "dry", "--dry-run"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/images\/p0\.jpg ← .*masks\/p0\.png \(png mask/);
    expect(stdout).toMatch(/instances\.json \(coco, photo images\/0\)/);
    expect(await readdir(cli.folder)).not.toContain("dry");
  });

  it(`killed at ${KILLS} random moments and resumed, ends as undisturbed`, async () => {
    const moments: number[] = [];
    for (let i = 0; i < KILLS; i++) {
      const child = cli.start(["run", "data", "--out", "killed", "--resume"]);
      const run = finish(child);
      const moment = Math.round(500 + 1500 * Math.random());
      moments.push(moment);
      await Promise.race([delay(moment), run]);
      child.kill("SIGKILL");
      await run;
    }
    const { code, stderr } = await cli.run(["run", "data", "--out", "killed", "--resume", "--quiet"]);
    expect([code, stderr, moments]).toEqual([0, "", moments]);
    expect(await tree("killed")).toEqual(await tree("whole"));
    expect(await leftovers("killed")).toEqual([]);
  });

  it("killed in place and resumed, ends as undisturbed, and restores every original", async () => {
    await mkdir(cli.path("copy"));
    const before = await tree("data");
    for (const [name, content] of Object.entries(before)) {
      await mkdir(join(cli.path("copy", name), ".."), { recursive: true });
      await writeFile(cli.path("copy", name), Buffer.from(content, "base64"));
    }
    for (let i = 0; i < 3; i++) {
      const child = cli.start(["run", "copy", "--in-place", "--resume"]);
      const run = finish(child);
      await Promise.race([delay(900 + 900 * Math.random()), run]);
      child.kill("SIGKILL");
      await run;
    }
    expect((await cli.run(["run", "copy", "--in-place", "--resume"])).code).toBe(0);
    const journal = join("copy", "samrefiner-run.jsonl");
    const results = Object.entries(await tree("copy")).filter(([name]) => !name.startsWith("images"));
    expect(Object.fromEntries(results)).toEqual(await tree("whole"));
    const restored = await cli.run(["restore", journal]);
    expect([restored.code, restored.stdout]).toEqual([
      0,
      "5 files restored, 0 as before the run already, 0 refused\n",
    ]);
    expect(await tree("copy")).toEqual(before);
    expect(await leftovers("copy")).toEqual([]);
  });

  it("stops on Ctrl-C, keeps what is done, and says how to go on", async () => {
    const child = cli.start(["run", "data", "--out", "stopped"]);
    const run = finish(child);
    child.stdout.once("data", () => child.kill("SIGINT"));
    const { code, stderr } = await run;
    expect([code, stderr]).toEqual([
      130,
      "note: what is done is kept: --resume continues from there\nsamrefiner: stopped\n",
    ]);
    const done = Object.keys(await tree("stopped")).length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(5);
    expect(await leftovers("stopped")).toEqual([]);
    const again = await cli.run(["run", "data", "--out", "stopped", "--resume"]);
    expect(again.stdout).toMatch(/\d done before/);
    expect(await tree("stopped")).toEqual(await tree("whole"));
  });

  it("ends with 1 when something failed, and prints JSON", async () => {
    await mkdir(cli.path("bad", "masks"), { recursive: true });
    await mkdir(cli.path("bad", "images"));
    await writeFile(cli.path("bad", "masks", "a.png"), "garbage");
    await smallPhoto()
      .jpeg()
      .toFile(cli.path("bad", "images", "a.jpg"));
    const { code, stdout, stderr } = await cli.run(["run", "bad", "--out", "bad-out", "--json"]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/a\.png/)]);
    const told = await cli.run(["run", "bad", "--out", "bad-told"]);
    expect(told.stderr).toMatch(/note: what failed is not in bad-told: --resume tries it again/);
    expect(JSON.parse(stdout)).toMatchObject({ photos: [{ status: "failed", regions: [] }] });
  });

  it("says so where there is nothing to refine, without opening a model", async () => {
    await mkdir(cli.path("empty"));
    const { code, stderr } = await cli.run(["run", "empty", "--out", "empty-out", "--model", "none"]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/empty holds nothing to refine/)]);
  });

  it("says in which format files are not, and which place is taken", async () => {
    await mkdir(cli.path("mixed"));
    await writeFile(cli.path("mixed", "a.json"), "[]");
    const { stderr } = await cli.run(["run", "mixed", "--format", "coco", "--dry-run"]);
    expect(stderr).toMatch(/1 text file is not in the format coco: a\.json/);
    const taken = await cli.run(["run", "data", "--out", "mixed/a.json"]);
    expect([taken.code, taken.stderr]).toEqual([1, expect.stringMatching(/a\.json is not a folder/)]);
  });

  it.each([
    [["data", "--out", "data"], /data is the dataset itself/],
    [["data"], /--out or --in-place: expected one of them/],
    [["data", "--out", "x", "--in-place"], /--out or --in-place: expected one of them/],
    [["data", "--out", "x", "--overlaps", "best"], /Unknown overlaps rule "best"/],
    [["data", "--out", "x", "--tolerance", "-1"], /"-1": expected a number from 0 on/],
  ])("refuses %j as wrong usage", async (args, expected) => {
    const { code, stderr } = await cli.run(["run", ...args]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(expected)]);
  });
});

describe("report", () => {
  const journal = join("whole", "samrefiner-run.jsonl");

  it("writes a page, a table and JSON, and prints a summary", async () => {
    const args = ["--html", "r.html", "--csv", "r.csv", "--json", "r.json"];
    const { code, stdout, stderr } = await cli.run(["report", journal, ...args]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/4 photos: regions \d refined, .* 0 with failures\n$/);
    const page = await readFile(cli.path("r.html"), "utf8");
    expect(unbalanced(page)).toEqual([]);
    expect(page).not.toMatch(/https?:|src="(?!data:image\/jpeg;base64,)/);
    expect(page.match(/<img /g)?.length).toBeGreaterThan(3);
    const rows = (await readFile(cli.path("r.csv"), "utf8")).trimEnd().split("\r\n");
    expect(rows).toHaveLength(9);
    const report = JSON.parse(await readFile(cli.path("r.json"), "utf8")) as { regions: { doubt: number }[] };
    const doubts = report.regions.map(({ doubt }) => doubt);
    expect(doubts).toEqual([...doubts].sort((a, b) => b - a));
  });

  it("does without pictures when the dataset is gone", async () => {
    await mkdir(cli.path("gone"));
    await writeFile(
      cli.path("gone", "run.jsonl"),
      (await readFile(cli.path(journal), "utf8")).replace(/"root":"[^"]*"/, '"root":"/nowhere"'),
    );
    const { code } = await cli.run(["report", join("gone", "run.jsonl"), "--html", "gone.html"]);
    expect(code).toBe(0);
    expect(await readFile(cli.path("gone.html"), "utf8")).not.toContain("<img ");
    await rm(cli.path("gone"), { recursive: true });
  });

  it("refuses what is no journal with a sentence", async () => {
    const { code, stderr } = await cli.run(["report", join("data", "instances.json")]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/is no journal of this release/)]);
  });
});

/** Tags that are not closed, or closed and not open. */
function unbalanced(html: string): string[] {
  const text = html.replace(/<(script|style)>[\s\S]*?<\/\1>/g, "");
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [tag, slash, name = ""] of text.matchAll(/<(\/?)([a-z0-9]+)(?:\s(?:[^>"]|"[^"]*")*)?>/g)) {
    if (tag.endsWith("/>")) continue;
    if (slash === "") open.push(name);
    else if (open.pop() !== name) wrong.push(tag);
  }
  return [...wrong, ...open];
}

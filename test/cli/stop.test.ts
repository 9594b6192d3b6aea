/** Ctrl-C: what is done stays, nothing half-written is left, and the exit code tells. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMask } from "../../src/sdk/mod.ts";
import { Cli, filesIn, finish } from "./cli.ts";
import { mugBox, smallPhoto, width } from "./pictures.ts";

const PHOTOS = 3;
const MASKS = 8;

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.build("stop");
  for (let photo = 0; photo < PHOTOS; photo++) {
    // Photos that differ, so that none is in the cache.
    await smallPhoto()
      .jpeg({ quality: 90 - photo })
      .toFile(cli.path(`p${photo}.jpg`));
  }
  await writeFile(cli.path("p0.png"), mugBox());
  for (let i = 0; i < MASKS; i++) {
    await mkdir(cli.path(`m${i}`));
    for (let photo = 1; photo < PHOTOS; photo++) {
      await writeFile(cli.path(`m${i}`, `p${photo}_${i}_mask.png`), mugBox());
      await writeFile(cli.path(`m${i}`, `p${photo}_${i}.jpg`), await readFile(cli.path(`p${photo}.jpg`)));
    }
  }
});
afterAll(() => cli.remove());

/** Sends a signal as soon as the first of many masks is written. */
async function stopAfterFirst(signal: NodeJS.Signals, out: string, ...flags: string[]) {
  const many = Array.from({ length: MASKS }, (_, i) => [
    `m${i}/p1_${i}_mask.png`,
    `m${i}/p2_${i}_mask.png`,
  ]).flat();
  const child = cli.start(["refine", "p0.png", ...many, "--out", out, ...flags]);
  const run = finish(child);
  child.stdout.once("data", () => child.kill(signal));
  return run;
}

describe("a second Ctrl-C", () => {
  it("ends at once, with no crash and nothing half-written", async () => {
    const many = Array.from({ length: MASKS }, (_, i) =>
      [1, 2].map((p) => `m${i}/p${p}_${i}_mask.png`),
    ).flat();
    const child = cli.start(["refine", ...many, "--image", "p1.jpg", "--out", "twice/", "--no-cache"]);
    const run = finish(child);
    // Threads decode when the first region of several is done.
    await new Promise((resolve) => child.stderr.on("data", (text) => /refining/.test(text) && resolve(text)));
    child.kill("SIGINT");
    await delay(50);
    child.kill("SIGINT");
    const { stdout, stderr } = await run;
    expect([child.signalCode ?? child.exitCode, stdout]).toEqual([expect.toBeOneOf(["SIGINT", 130]), ""]);
    expect(stderr).not.toMatch(/terminate called|Napi|abort/i);
    expect(await filesIn(cli.path("twice"))).toEqual([]);
  });
});

describe("refine of many masks", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("stops on %s with exit code %i", async (signal, expected) => {
    const out = cli.path(signal);
    const { code, stdout, stderr } = await stopAfterFirst(signal, `${signal}/`);
    expect([code, stderr]).toEqual([expected, "samrefiner: stopped\n"]);
    const lines = stdout.trim().split("\n");
    const files = await filesIn(out);
    expect(files).toHaveLength(lines.length);
    expect(files.length).toBeLessThan(MASKS);
    for (const name of files) expect((await readMask(`${out}/${name}`)).width).toBe(width);
  });
});

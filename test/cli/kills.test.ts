/** A run over real photos, killed at 20 random moments and resumed each time, ends as an undisturbed one. */
import { cpSync, existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Cli, finish } from "./cli.ts";

const KILLS = 20;
const PHOTOS = 6;
const LIMIT_MS = 600_000;

const bench = resolve("../shared/bench");
const present = existsSync(join(bench, "manifest.json"));
if (!present) console.log(`skipped: ${bench} is not there`);

let cli: Cli;
/** Milliseconds of a run that has every embedding in its cache. */
let whole = 0;
beforeAll(async () => {
  if (!present) return;
  cli = await Cli.build("kills");
  await mkdir(cli.path("data", "images"), { recursive: true });
  await mkdir(cli.path("data", "masks"));
  for (const { image, coarse } of photos()) {
    cpSync(join(bench, image), cli.path("data", image));
    // Named as their photos, so that they pair.
    const name = image.replace(/^images\//, "masks/").replace(/\.jpg$/, ".png");
    cpSync(join(bench, coarse), cli.path("data", name));
  }
  // The first fills the cache of embeddings, the second is timed.
  for (let i = 0; i < 2; i++) {
    await rm(cli.path("whole"), { recursive: true, force: true });
    const started = performance.now();
    const { code, stderr } = await cli.run(["run", "data", "--out", "whole", "--quiet"]);
    expect([code, stderr]).toEqual([0, ""]);
    whole = performance.now() - started;
  }
}, LIMIT_MS);
afterAll(() => cli?.remove());

interface Entry {
  readonly image: string;
  readonly coarse: string;
}

/** One mask each of the first photos. */
function photos(): Entry[] {
  const entries = JSON.parse(readFileSync(join(bench, "manifest.json"), "utf8")) as Entry[];
  const first = new Map(entries.map((entry) => [entry.image, entry]));
  return [...first.values()].slice(0, PHOTOS);
}

/** Everything below a folder but the journal. */
async function tree(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(cli.path(folder), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.includes(".jsonl"))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  const contents = await Promise.all(paths.map((path) => readFile(path, "base64")));
  return Object.fromEntries(paths.map((path, i) => [relative(cli.path(folder), path), contents[i]!]));
}

async function leftovers(folder: string): Promise<string[]> {
  const names = await readdir(cli.path(folder), { recursive: true });
  return names.filter((name) => name.endsWith(".tmp") || name.includes(".lock"));
}

/** Kills one process; false when it had ended before. */
async function killed(moment: number): Promise<boolean> {
  const child = cli.start(["run", "data", "--out", "killed", "--resume", "--quiet"]);
  const run = finish(child);
  await Promise.race([delay(moment), run]);
  const alive = child.kill("SIGKILL");
  await run;
  return alive;
}

it.skipIf(!present)(
  `${KILLS} kills lose nothing and leave nothing behind`,
  async () => {
    const moments: number[] = [];
    let done = 0;
    while (moments.length < KILLS) {
      // From before its first line to the middle of its photos.
      const moment = Math.round(whole * 0.6 * Math.random());
      if (await killed(moment)) {
        moments.push(moment);
        continue;
      }
      // It came to its end between two kills: what it made counts, and the next ones have work again.
      expect(await tree("killed"), `after kills at ${moments} ms`).toEqual(await tree("whole"));
      await rm(cli.path("killed"), { recursive: true });
      done++;
    }
    const { code, stderr } = await cli.run(["run", "data", "--out", "killed", "--resume", "--quiet"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(await tree("killed"), `after kills at ${moments} ms`).toEqual(await tree("whole"));
    expect(await leftovers("killed")).toEqual([]);
    console.log(`killed after ${moments.join(", ")} ms; ${done} runs ended in between`);
  },
  LIMIT_MS,
);

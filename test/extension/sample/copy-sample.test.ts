/** The walkthrough's sample is a dataset that pairs, and never takes somebody's work away. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { copySample, FIRST_MASK } from "../../../src/extension/sample/copy-sample.ts";
import { planRun } from "../../../src/sdk/mod.ts";

const shipped = join(import.meta.dirname, "../../../examples/sample");
const folders: string[] = [];

async function copied(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "samrefiner-sample-"));
  folders.push(folder);
  await copySample(shipped, folder);
  return folder;
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

it("lays the masks out so that each finds the photo", async () => {
  const { works, refused } = await planRun(await copied());
  expect(refused).toEqual([]);
  expect(works.map(({ key, targets }) => [key, targets.map(({ relative }) => relative).sort()])).toEqual([
    ["images/still-life.jpg", ["apple/still-life.png", "labels/still-life.png", "mug/still-life.png"]],
  ]);
});

it("leaves files that are there", async () => {
  const folder = await copied();
  await writeFile(join(folder, FIRST_MASK), "refined by somebody");
  expect(await copySample(shipped, folder)).toBe(join(folder, FIRST_MASK));
  expect(await readFile(join(folder, FIRST_MASK), "utf8")).toBe("refined by somebody");
});

import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isPairingFailure } from "../../../src/extension/pairing/is-pairing-failure.ts";
import { pairPhoto, planRun } from "../../../src/sdk/mod.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "samrefiner-pairing-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function messageFor(...files: readonly string[]): Promise<string> {
  for (const file of files) await writeFile(join(folder, file), "not read");
  return pairPhoto(join(folder, files[0] ?? "")).then(String, ({ message }: Error) => message);
}

test("no photo", async () => {
  expect(isPairingFailure(await messageFor("a.png"))).toBe(true);
});

test("two photos", async () => {
  expect(isPairingFailure(await messageFor("a_mask.png", "a.jpg", "a.webp"))).toBe(true);
});

test("a photo that was found", async () => {
  expect(isPairingFailure(await messageFor("a_mask.png", "a.jpg"))).toBe(false);
});

test("the photo that an annotation file links", async () => {
  const file = join(folder, "a.json");
  const shape = {
    label: "x",
    points: [
      [0, 0],
      [5, 0],
      [5, 5],
    ],
    shape_type: "polygon",
    flags: {},
  };
  const labelme = {
    version: "5.5.0",
    shapes: [shape],
    imagePath: "a.jpg",
    imageData: null,
    imageHeight: 9,
    imageWidth: 9,
  };
  await writeFile(file, JSON.stringify(labelme));
  const { refused } = await planRun(file);
  expect(refused.map(({ error }) => isPairingFailure(error.message))).toEqual([true]);
});

test("another failure", async () => {
  await copyFile("package.json", join(folder, "package.json"));
  const { refused } = await planRun(join(folder, "package.json"));
  expect(refused.map(({ error }) => isPairingFailure(error.message))).toEqual([false]);
});

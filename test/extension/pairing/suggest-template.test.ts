import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { suggestTemplate } from "../../../src/extension/pairing/suggest-template.ts";
import { pairPhoto } from "../../../src/sdk/mod.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "samrefiner-template-"));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ["masks/cat_m.png", "pics/cat.jpg", "masks/{name}_m.png -> pics/{name}.{ext}"],
  ["x/cat.png", "x/deep/cat.jpg", "{name}.png -> deep/{name}.{ext}"],
  ["x/frame_0001_v2.png", "x/rgb_0001.png", "frame{name}_v2.png -> rgb{name}.{ext}"],
  ["m/train/left/a.png", "p/train/left/a.jpg", "m/{**}/{name}.png -> p/{**}/{name}.{ext}"],
  ["train/a_m.png", "p/train/a.jpg", "train/{name}_m.png -> p/train/{name}.{ext}"],
])("%s with %s", (mask, photo, template) => {
  expect(suggestTemplate({ mask: `/ws/${mask}`, photo: `/ws/${photo}` })).toBe(template);
});

test.each([
  ["a pair with nothing in common", "/ws/mask.png", "/ws/photo.jpg"],
  ["letters that happen to be shared", "/ws/coat.png", "/ws/boat.jpg"],
  ["names with braces", "/ws/{a}.png", "/ws/p/{a}.jpg"],
])("nothing for %s", (_why, mask, photo) => {
  expect(suggestTemplate({ mask, photo })).toBeUndefined();
});

test("on Windows, too", () => {
  expect(suggestTemplate({ mask: "C:\\ws\\m\\a_x1.png", photo: "C:\\ws\\p\\a_x1.jpg" })).toBe(
    "m/{name}.png -> p/{name}.{ext}",
  );
});

test.each([
  ["masks/cat_m.png", "pics/cat.jpg"],
  ["m/train/left/a1.png", "p/train/left/a1.jpg"],
  ["frame_0001_v2.png", "rgb_0001.png"],
])("the engine finds %s's photo by it", async (mask, photo) => {
  const pair = { mask: join(folder, mask), photo: join(folder, photo) };
  for (const path of Object.values(pair)) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, "not read");
  }
  const template = suggestTemplate(pair) ?? "";
  expect(await pairPhoto(pair.mask, { pairing: [template] })).toBe(pair.photo);
});

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.ts";
import { pairPhoto } from "../../src/dataset/pair-photo.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "samrefiner-pair-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Makes empty files and pairs the first of them. */
async function pair(mask: string, ...others: string[]): Promise<string> {
  for (const name of [mask, ...others]) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), "");
  }
  return pairPhoto(join(folder, mask));
}

async function refusal(mask: string, ...others: string[]): Promise<string> {
  const error = await pair(mask, ...others).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message.replaceAll(folder, "~").replaceAll("\\", "/");
}

describe("pairPhoto", () => {
  it.each([
    ["a.png", "a.jpg"],
    ["a.jpg", "a.jpeg"],
    ["a_mask.png", "a.JPG"],
    ["a_seg.png", "a.png"],
    ["a_segmentation.png", "a.webp"],
    ["a_Coarse.png", "a.tif"],
    ["a_mask.png", "a_mask.avif"],
    ["masks/a.png", "images/a.tiff"],
    ["masks/a.png", "img/a.jpg"],
    ["masks/a_mask.png", "photos/a.png"],
    ["SegmentationClass/2007_1.png", "JPEGImages/2007_1.jpg"],
    ["images/a_mask.png", "images/a.png"],
    ["a b_mask.png", "a b.jpg"],
    ["labels/train/a.png", "images/train/a.jpg"],
    ["masks/a_3.png", "images/a.jpg"],
    ["masks/a/3.png", "images/a.jpg"],
    ["gtFine/val/ulm/ulm_000_gtFine_labelIds.png", "leftImg8bit/val/ulm/ulm_000_leftImg8bit.png"],
    ["cafe\u0301.png", "caf\u00e9.jpg"],
  ])("%s → %s", async (mask, photo) => {
    expect(await pair(mask, photo)).toBe(join(folder, photo));
  });

  it.each([
    ["only the mask itself", ["a.png"]],
    ["a picture of another name", ["a.png", "ab.jpg", "b.jpg"]],
    ["a file that is no photo", ["a.png", "a.bmp", "a.txt"]],
    ["a folder that is no sibling", ["masks/a.png", "other/a.jpg"]],
  ])("refuses %s", async (_, [mask, ...others]) => {
    expect(await refusal(mask!, ...others)).toBe(
      `~/${mask} has no photo: looked for a (jpg, jpeg, png, webp, tif, tiff, avif) in ${dirname(`~/${mask}`)} and in images, image, img, imgs, JPEGImages, photos, leftImg8bit beside that folder`,
    );
  });

  it("never guesses among several, and lists them", async () => {
    expect(await refusal("masks/a_mask.png", "masks/a.jpg", "masks/a.png", "images/a_mask.jpg")).toBe(
      "~/masks/a_mask.png has 2 photos that fit (~/masks/a.jpg, ~/images/a_mask.jpg): expected one",
    );
  });

  it("takes templates, and says what it tried", async () => {
    const pairing = ["{dir}/../rgb/{stem:-_gt}.{ext}"];
    await mkdir(join(folder, "rgb"));
    await mkdir(join(folder, "m"));
    for (const name of ["rgb/a.png", "m/a_gt.png", "m/b_gt.png"]) await writeFile(join(folder, name), "");
    expect(await pairPhoto(join(folder, "m/a_gt.png"), { pairing })).toBe(join(folder, "rgb/a.png"));
    const error = await pairPhoto(join(folder, "m/b_gt.png"), { pairing }).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toContain(`looked for ${join(folder, "rgb/b.*")}; b_gt (jpg`);
  });

  it("writes paths as they were given", async () => {
    await pair("a_mask.png", "a.jpg");
    const found = await pairPhoto(relative(process.cwd(), join(folder, "a_mask.png")));
    expect(found).toBe(relative(process.cwd(), join(folder, "a.jpg")));
  });

  it("says when there is no mask", async () => {
    const error = await pairPhoto(join(folder, "none.png")).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(
      /none\.png cannot be read \(no such file\): expected a mask file$/,
    );
  });
});

import { existsSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError, OptionError } from "../../../src/core/errors.ts";
import { planDataset } from "../../../src/dataset/plan/plan-dataset.ts";
import { gray, lines, refusals, rgb, useTree } from "./tree.ts";

const tree = useTree();
const coloured = rgb(
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  2,
);

async function planned(files: string[], options = {}): Promise<string[]> {
  await tree.touch(...files);
  return lines(await planDataset(tree.root, options));
}

describe("planDataset recognises", () => {
  it.each<[string, string[], string[]]>([
    ["folders beside each other", ["images/a.jpg", "masks/a.png"], ["images/a.jpg: masks/a.png"]],
    [
      "subsets in both",
      ["images/train/a.jpg", "labels/train/a.png"],
      ["images/train/a.jpg: labels/train/a.png"],
    ],
    [
      "ADE20K",
      ["images/training/a.jpg", "annotations/training/a.png"],
      ["images/training/a.jpg: annotations/training/a.png"],
    ],
    [
      "folders in subsets",
      ["train/images/a.jpg", "train/masks/a.png"],
      ["train/images/a.jpg: train/masks/a.png"],
    ],
    [
      "train and train_masks",
      ["train/a.jpg", "train_masks/a_mask.png"],
      ["train/a.jpg: train_masks/a_mask.png"],
    ],
    ["one folder", ["a.jpg", "a.png", "b.jpeg", "b_mask.png"], ["a.jpg: a.png", "b.jpeg: b_mask.png"]],
    [
      "several masks of a photo",
      ["images/a.jpg", "masks/a.png", "masks/a_coarse.png"],
      ["images/a.jpg: masks/a_coarse.png masks/a.png"],
    ],
    [
      "a file per instance",
      ["images/a.jpg", "masks/a_2.png", "masks/a_10.png", "masks/a-cat-1.png"],
      ["images/a.jpg: masks/a_2.png masks/a_10.png masks/a-cat-1.png"],
    ],
    [
      "a folder per photo",
      ["images/a.jpg", "masks/a/1.png", "masks/a/left ear.png"],
      ["images/a.jpg: masks/a/1.png masks/a/left ear.png"],
    ],
    [
      "photo and masks in a folder",
      ["x/images/x.jpg", "x/masks/1.png", "x/masks/2.png"],
      ["x/images/x.jpg: x/masks/1.png x/masks/2.png"],
    ],
    [
      "NumPy",
      ["images/a.jpg", "labels/a.npy", "b.jpg", "b.npy"],
      ["b.jpg: b.npy", "images/a.jpg: labels/a.npy"],
    ],
    [
      "JPEG masks",
      ["images/a.jpg", "masks/a.jpg", "c.jpg", "c_mask.jpg"],
      ["c.jpg: c_mask.jpg", "images/a.jpg: masks/a.jpg"],
    ],
    [
      "a photo whose own name has a number",
      ["images/a_1.jpg", "images/a.jpg", "masks/a_1.png"],
      ["images/a_1.jpg: masks/a_1.png"],
    ],
    ["names of any case and letters", ["Images/CAFE\u0301.JPG", "Masks/CAF\u00c9.PNG"], []],
  ])("%s", async (_, files, expected) => {
    await tree.add(
      Object.fromEntries(files.filter((name) => name.endsWith("PNG")).map((name) => [name, gray([1], 1)])),
    );
    const found = await planned(files);
    if (expected.length > 0) expect(found).toEqual(expected);
    else expect(found).toHaveLength(1);
  });

  it("photos among PNGs by their colours where names say nothing", async () => {
    await tree.add({
      "a.png": coloured,
      "a_mask.png": gray([0, 1], 2),
      "b.png": coloured,
      "c.png": gray([0, 1], 2),
    });
    const plan = await planDataset(tree.root);
    expect(lines(plan)).toEqual(["a.png: a_mask.png"]);
    expect(refusals(plan)).toEqual([expect.stringMatching(/^~\/c\.png has no photo: looked for c \(/)]);
    expect(plan.notes).toEqual(["1 photo has neither mask nor annotations"]);
  });

  it("a gray photo where a mask says that it is one", async () => {
    expect(await planned(["x.png", "x_seg.png"])).toEqual(["x.png: x_seg.png"]);
    await tree.touch("y.png", "y_1.png");
    const plan = await planDataset(tree.root);
    expect([lines(plan), refusals(plan)]).toEqual([["x.png: x_seg.png", "y.png: y_1.png"], []]);
  });

  it("a PNG beside a JPEG of its name as a mask, whatever its colours", async () => {
    await tree.add({ "a.jpg": "photo", "a.png": coloured });
    expect(lines(await planDataset(tree.root))).toEqual(["a.jpg: a.png"]);
  });
});

describe("planDataset", () => {
  it("sorts as people do, whatever the order of the sources", async () => {
    await tree.touch(...[10, 2, 1].flatMap((n) => [`images/${n}.jpg`, `masks/${n}.png`]));
    const expected = [1, 2, 10].map((n) => `images/${n}.jpg: masks/${n}.png`);
    expect(lines(await planDataset(tree.root))).toEqual(expected);
    const sources = [10, 1, 2].map((n) => tree.path(`masks/${n}.png`));
    const plan = await planDataset([...sources, tree.path("masks/1.png")]);
    expect(plan.root).toBe(tree.path("masks"));
    expect(plan.works.map(({ targets }) => targets.map(({ relative }) => relative))).toEqual([
      ["1.png"],
      ["2.png"],
      ["10.png"],
    ]);
    expect(plan.works[0]!.key).toBe(tree.path("images/1.jpg"));
  });

  it("leaves out hidden files, its own results, node_modules and what it is told to", async () => {
    const kept = ["images/a.jpg", "masks/a.png"];
    const left = [
      ".a.png",
      ".backup/masks/a.png",
      "masks/a.refined.png",
      "masks/a.explain.png",
      "node_modules/masks/a.png",
      "out/masks/a.png",
      "images/.samrefiner-1.tmp",
    ];
    expect(await planned([...kept, ...left], { exclude: [tree.path("out")] })).toEqual([
      "images/a.jpg: masks/a.png",
    ]);
  });

  it("walks every folder once, also through links in circles", async () => {
    await tree.touch("images/a.jpg", "masks/a.png");
    await symlink(tree.root, tree.path("masks/loop"));
    await symlink(tree.path("masks"), tree.path("other"));
    await symlink(tree.path("nowhere"), tree.path("masks/broken.png"));
    expect(lines(await planDataset(tree.root))).toEqual(["images/a.jpg: masks/a.png"]);
  });

  it("follows a link to the folder of the photos", async () => {
    await tree.touch("far/a.jpg", "set/masks/a.png");
    await symlink(tree.path("far"), tree.path("set/images"));
    expect(lines(await planDataset(tree.path("set")))).toEqual(["images/a.jpg: masks/a.png"]);
  });

  it("never pairs a file with itself, also under another name", async () => {
    await tree.touch("masks/a.png");
    await mkdir(tree.path("images"));
    await symlink(tree.path("masks/a.png"), tree.path("images/a.png"));
    const plan = await planDataset(tree.root);
    expect([lines(plan), refusals(plan).length]).toEqual([[], 1]);
  });

  it("refuses a mask with two photos and lists both; the others go on", async () => {
    await tree.touch("images/a.jpg", "images/a.webp", "masks/a.png", "images/b.jpg", "masks/b.png");
    const plan = await planDataset(tree.root);
    expect(lines(plan)).toEqual(["images/b.jpg: masks/b.png"]);
    expect(plan.refused.map(({ relative }) => relative)).toEqual(["masks/a.png"]);
    expect(refusals(plan)).toEqual([
      "~/masks/a.png has 2 photos that fit (~/images/a.jpg, ~/images/a.webp): expected one",
    ]);
  });

  it("names Git LFS pointers, of masks and of photos, and empty files", async () => {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\n";
    await tree.add({
      "images/a.jpg": "photo",
      "masks/a.png": pointer,
      "images/b.jpg": pointer,
      "images/c.jpg": "photo",
      "masks/c.png": "",
    });
    await tree.touch("masks/b.png");
    expect(refusals(await planDataset(tree.root))).toEqual([
      "~/masks/a.png: found a Git LFS pointer (its content is not fetched: run `git lfs pull`), expected a mask",
      "~/images/b.jpg: found a Git LFS pointer (its content is not fetched: run `git lfs pull`), expected a photo",
      "~/masks/c.png: found an empty file, expected a mask",
    ]);
  });

  it("looks for photos where it is told to, and nowhere else", async () => {
    await tree.touch(
      "set/images/a.jpg",
      "set/masks/train/a.png",
      "photos/train/a.jpg",
      "photos/deep/down/b.jpg",
      "set/masks/b_mask.png",
      "set/masks/c.png",
    );
    const plan = await planDataset(tree.path("set"), { images: tree.path("photos") });
    expect(plan.works.map(({ photo, targets }) => [photo, targets[0]?.relative])).toEqual([
      [tree.path("photos/deep/down/b.jpg"), "masks/b_mask.png"],
      [tree.path("photos/train/a.jpg"), "masks/train/a.png"],
    ]);
    expect(plan.refused[0]?.error.message).toBe(
      `${tree.path("set/masks/c.png")} has no photo: looked for c (jpg, jpeg, png, webp, tif, tiff, avif) in ${tree.path("photos")}`,
    );
  });

  it("takes one photo for all masks", async () => {
    await tree.touch("p.jpg", "m/1.png", "m/2.png");
    expect(lines(await planDataset(tree.path("m"), { images: tree.path("p.jpg") }))).toEqual([
      `${tree.path("p.jpg")}: 1.png 2.png`,
    ]);
  });

  it("tries templates first", async () => {
    const files = ["images/a.jpg", "rgb/a.jpg", "masks/a__v2.png", "masks/b.png", "images/b.jpg"];
    expect(
      await planned(files, { pairing: ["{stem}.none", "masks/{name}__{v}.png -> rgb/{name}.{ext}"] }),
    ).toEqual(["images/b.jpg: masks/b.png", "rgb/a.jpg: masks/a__v2.png"]);
  });

  it("reports progress and can be stopped", async () => {
    const counts: number[] = [];
    await tree.touch("images/a.jpg", "masks/a.png");
    await planDataset(tree.root, { onProgress: ({ files }) => counts.push(files) });
    expect(counts).toEqual([1, 2]);
    await expect(planDataset(tree.root, { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
  });

  it("refuses sources and options that cannot be", async () => {
    await expect(planDataset(tree.path("none"))).rejects.toThrow(InputError);
    await expect(planDataset([])).rejects.toThrow(InputError);
    await expect(planDataset(tree.root, { images: tree.path("none") })).rejects.toThrow("no such file");
    await expect(planDataset(tree.root, { format: "bmp" })).rejects.toThrow(OptionError);
    await expect(planDataset(tree.root, { pairing: ["{"] })).rejects.toThrow(OptionError);
  });
});

const bench = resolve("../shared/bench");
const present = existsSync(bench);
if (!present) console.log(`skipped: ${bench} is not there`);

describe.runIf(present)("on real folders", () => {
  it("the coarse masks of the bench find their photos by templates", async () => {
    const plan = await planDataset(resolve(bench, "coarse"), {
      images: resolve(bench, "images"),
      pairing: [
        "{name}__{source}.{ext} -> {name}.{ext}",
        "balloon_{n}_{object}_{source}.{ext} -> balloon_{n}.{ext}",
      ],
    });
    expect(plan.works.flatMap(({ targets }) => targets).length + plan.refused.length).toBe(287);
    expect(plan.works.flatMap(({ targets }) => targets).length).toBeGreaterThan(170);
  });
});

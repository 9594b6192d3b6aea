import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { planDataset } from "../../../src/dataset/plan/plan-dataset.ts";
import { lines, refusals, useTree } from "./tree.ts";

const tree = useTree();

/** COCO instances: one object on each photo. */
function instances(...links: string[]): string {
  return JSON.stringify({
    images: links.map((file_name, i) => ({ id: i + 1, file_name, width: 4, height: 4 })),
    annotations: links.map((_, i) => ({
      id: i + 1,
      image_id: i + 1,
      category_id: 1,
      segmentation: [[0, 0, 3, 0, 3, 3]],
      bbox: [0, 0, 3, 3],
      area: 4,
      iscrowd: 0,
    })),
    categories: [{ id: 1, name: "cat" }],
  });
}

const results = (...ids: number[]) =>
  JSON.stringify(
    ids.map((image_id) => ({
      image_id,
      category_id: 1,
      score: 0.5,
      segmentation: { size: [4, 4], counts: [0, 4, 12] },
    })),
  );

describe("annotation files", () => {
  it.each([
    ["beside the photos", "a.json", "a.jpg", "a.jpg"],
    ["above a folder of photos", "a.json", "a.jpg", "images/a.jpg"],
    ["beside a folder of photos", "annotations/a.json", "a.jpg", "images/a.jpg"],
    ["beside the folder of their part", "annotations/instances_val2017.json", "a.jpg", "val2017/a.jpg"],
    [
      "beside a folder of photos of their part",
      "annotations/instances_val2017.json",
      "a.jpg",
      "images/val2017/a.jpg",
    ],
    ["with a folder in the link", "annotations/lvis_v1_val.json", "val2017/a.jpg", "val2017/a.jpg"],
    ["with a link that goes up", "json/a.json", "../photos of mine/a.jpg", "photos of mine/a.jpg"],
  ])("find photos %s", async (_, file, link, photo) => {
    await tree.add({ [file]: instances(link) });
    await tree.touch(photo);
    expect(lines(await planDataset(tree.root))).toEqual([`${photo}: ${file}#images/1`]);
    const alone = await planDataset(tree.path(file));
    expect(alone.works.map((work) => work.photo)).toEqual([tree.path(photo)]);
  });

  it("take the photos where the user says", async () => {
    await tree.add({ "set/a.json": instances("train/a.jpg", "b.jpg", "../../c.jpg", "d.jpg") });
    await tree.touch("p/a.jpg", "p/deep/b.jpg", "p/c.jpg", "p/1/d.jpg", "p/2/d.jpg");
    const plan = await planDataset(tree.path("set"), { images: tree.path("p") });
    expect(plan.works.map(({ photo }) => photo)).toEqual([
      tree.path("p/a.jpg"),
      tree.path("p/c.jpg"),
      tree.path("p/deep/b.jpg"),
    ]);
    expect(plan.refused.map(({ photoId }) => photoId)).toEqual(["images/4"]);
    expect(plan.refused[0]?.error.message).toContain(
      `(${tree.path("p/1/d.jpg")}, ${tree.path("p/2/d.jpg")}): expected one`,
    );
  });

  it("with a missing photo, or two for one link, are refused for that photo only", async () => {
    await tree.add({ "annotations/a.json": instances("a.jpg", "b.jpg", "c.jpg") });
    await tree.touch("images/a.jpg", "images/b.jpg", "photos/b.jpg");
    const plan = await planDataset(tree.root);
    expect(lines(plan)).toEqual(["images/a.jpg: annotations/a.json#images/1"]);
    expect(refusals(plan)).toEqual([
      "~/annotations/a.json: its photo b.jpg has 2 photos that fit (~/images/b.jpg, ~/photos/b.jpg): expected one",
      "~/annotations/a.json: its photo c.jpg is missing: looked for c.jpg in ~/annotations, ~, ~/images, ~/photos",
    ]);
    expect(plan.refused.map(({ photoId, relative }) => [photoId, relative])).toEqual([
      ["images/2", "annotations/a.json"],
      ["images/3", "annotations/a.json"],
    ]);
  });

  it.each(["../a.jpg", "/etc/passwd", "C:/Users/me/a.jpg", "x/../../a.jpg", "//server/a.jpg"])(
    "must not link out of the dataset: %s",
    async (link) => {
      await tree.add({ "set/a.json": instances(link), "a.jpg": "photo" });
      const plan = await planDataset(tree.path("set"));
      expect(plan.works).toEqual([]);
      expect(plan.refused[0]?.error.message).toMatch(
        / links .*, which leaves the dataset .*: expected a photo inside/,
      );
    },
  );

  it("of results are explained by the instances file beside them", async () => {
    await tree.add({ "a/instances.json": instances("1.jpg", "2.jpg"), "a/results.json": results(2, 1) });
    await tree.touch("a/1.jpg", "a/2.jpg");
    expect(lines(await planDataset(tree.path("a/results.json")))).toEqual([
      `1.jpg: results.json#images/1`,
      `2.jpg: results.json#images/2`,
    ]);
    expect(lines(await planDataset(tree.root, { format: "coco-results" }))).toEqual([
      `a/1.jpg: a/results.json#images/1`,
      `a/2.jpg: a/results.json#images/2`,
    ]);
    await tree.add({ "a/more.json": instances("1.jpg", "2.jpg"), "b/results.json": results(9) });
    expect(refusals(await planDataset(tree.root))).toEqual([
      "~/a/results.json has 2 instances files that list its photos (~/a/instances.json, ~/a/more.json): expected one",
      "~/b/results.json names its photos only by id: looked for an instances file that lists them all in ~/a/instances.json, ~/a/more.json",
    ]);
  });

  it("in no known format are named in a note; one that the user names is refused", async () => {
    await tree.add({
      "package.json": "{}",
      "labelmap.txt": "cat:1,2,3",
      "ImageSets/Segmentation/train.txt": "a\nb\n",
      "x/broken.json": '{"images": [',
    });
    const plan = await planDataset(tree.root);
    expect(plan.notes.join()).toContain("text file");
    expect(plan.notes.join()).not.toContain("labelmap");
    expect(plan.notes.join()).not.toContain("train.txt");
    expect(refusals(await planDataset(tree.path("package.json")))).toEqual([
      "~/package.json: found a file in no annotation format that is known, expected annotations",
    ]);
  });

  it("do not make gray photos masks", async () => {
    await tree.add({ "a.json": instances("a.png") });
    await tree.touch("a.png");
    expect(lines(await planDataset(tree.root))).toEqual(["a.png: a.json#images/1"]);
  });

  it("that name no photo are paired as masks are", async () => {
    await tree.add({
      "labels/train/a.txt": "0 0.1 0.1 0.9 0.1 0.9 0.9\n",
      "labels/train/b.txt": "0 0.1 0.1 0.9 0.1 0.9 0.9\n",
    });
    await tree.touch("images/train/a.jpg");
    const plan = await planDataset(tree.root);
    expect(lines(plan)).toEqual(["images/train/a.jpg: labels/train/a.txt#photo"]);
    expect(refusals(plan)).toEqual([
      expect.stringMatching(/^~\/labels\/train\/b\.txt has no photo: looked for b \(/),
    ]);
  });

  it("of one photo whose link is dead are paired by their own name", async () => {
    const shape = {
      label: "cat",
      points: [
        [0, 0],
        [3, 0],
        [3, 3],
      ],
      group_id: null,
      shape_type: "polygon",
      flags: {},
    };
    const content = {
      version: "5.0.0",
      flags: {},
      shapes: [shape],
      imagePath: "renamed.jpg",
      imageData: null,
      imageHeight: 4,
      imageWidth: 4,
    };
    await tree.add({ "a.json": JSON.stringify(content) });
    await tree.touch("a.jpg");
    expect(lines(await planDataset(tree.root))).toEqual(["a.jpg: a.json#photo"]);
  });

  it("and masks on one photo are one work", async () => {
    await tree.add({ "a.json": instances("images/a.jpg") });
    await tree.touch("images/a.jpg", "masks/a.png");
    expect(lines(await planDataset(tree.root))).toEqual(["images/a.jpg: a.json#images/1 masks/a.png"]);
    expect(lines(await planDataset(tree.root, { format: "masks" }))).toEqual(["images/a.jpg: masks/a.png"]);
    expect(lines(await planDataset(tree.root, { format: "coco" }))).toEqual([
      "images/a.jpg: a.json#images/1",
    ]);
  });

  it("need no photo for what has no region", async () => {
    const file = JSON.parse(instances("a.jpg", "b.jpg")) as { annotations: unknown[] };
    file.annotations.pop();
    await tree.add({ "a.json": JSON.stringify(file) });
    await tree.touch("a.jpg");
    await mkdir(tree.path("empty"));
    const plan = await planDataset(tree.root);
    expect([lines(plan), plan.refused]).toEqual([["a.jpg: a.json#images/1"], []]);
  });
});

const bench = resolve("../shared/bench");
const present = existsSync(bench);
if (!present) console.log(`skipped: ${bench} is not there`);

describe.runIf(present)("real annotation files", () => {
  it.each([
    // Its photos do not lie with the bench.
    ["coco", "images", 0],
    ["coco_maskrcnn", "images", 2],
    ["2label_coco1.0", undefined, 1],
    ["2label_cvat1.1", undefined, 1],
    ["2label_labelme", undefined, 4],
    ["labelme_grapes", undefined, 9],
    ["via_balloon", "images", 1],
  ])("%s: every photo is found, or missing and said so", async (folder, images, files) => {
    const source = resolve(bench, "formats", folder);
    const plan = await planDataset(source, images === undefined ? {} : { images: resolve(bench, images) });
    expect(plan.works.length + plan.refused.length).toBeGreaterThan(2);
    const paths = plan.works.flatMap(({ targets }) => targets.map(({ path }) => path));
    expect(new Set(paths).size).toBe(files);
    for (const { photo } of plan.works) expect(existsSync(photo)).toBe(true);
    for (const { error } of plan.refused) {
      const link = /its photo (\S+) is missing/.exec(error.message)?.[1];
      expect(existsSync(resolve(bench, "images", link!))).toBe(false);
    }
  });
});

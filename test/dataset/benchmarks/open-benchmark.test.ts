/** Data sets in the layouts they are published in, rendered small. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { labelOverlaps } from "../../../src/core/metrics/label-overlaps.ts";
import { encodeRuns } from "../../../src/core/run-length.ts";
import type { BenchmarkData } from "../../../src/dataset/benchmarks/benchmark-data.ts";
import { openBenchmark } from "../../../src/dataset/benchmarks/open-benchmark.ts";
import { PooledOverlaps } from "../../../src/dataset/benchmarks/pooled-overlaps.ts";
import { encodeLabelPNG } from "../../../src/formats/mod.ts";
import { labels, rectangle } from "../../helpers/ascii-mask.ts";

const width = 12;
const height = 8;

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "samrefiner-benchmarks-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), content);
}

const photo = (): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: "teal" } })
    .jpeg()
    .toBuffer();

/** An object as data sets hold it: three channels of 0 and 255. */
function object(x0: number, x1: number): Promise<Buffer> {
  const { data } = rectangle(width, height, [x0, 2, x1, 5]);
  const rgb = Uint8Array.from({ length: data.length * 3 }, (_, i) => 255 * data[Math.floor(i / 3)]!);
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Foreground pixels of the masks of an entry. */
async function areas(data: BenchmarkData, index = 0): Promise<[coarse: number, truth: number]> {
  const { items } = await openBenchmark(data);
  const { coarse, truth } = await items[index]!.readMasks(1e6, undefined);
  const area = (values: ArrayLike<number>): number =>
    Array.from(values).filter((value) => value === 1).length;
  return [area(coarse.map.data), area(truth.map.data)];
}

describe("DAVIS-585", () => {
  beforeEach(async () => {
    await write("data/bear/00009.jpg", await photo());
    for (const [name, end] of [
      ["object1_00009", 7],
      ["init_sp_object1_00009", 5],
      ["init_stm_object1_00009", 8],
    ] as const)
      await write(`data/bear/${name}.png`, await object(2, end));
    await write("data/camel/00001.jpg", await photo());
    await write("data/camel/object1_00001.png", await object(3, 4));
    await write("data/camel/init_sp_object1_00001.png", await object(3, 5));
  });

  it("takes simulated masks, or a tracker's, of every object", async () => {
    const data = { layout: "davis585", root } as const;
    const { items, problems, pooled } = await openBenchmark(data);
    expect(items.map(({ id, kind, source, image }) => ({ id, kind, source, image }))).toEqual([
      {
        id: "bear/object1_00009",
        kind: "instance",
        source: "bear",
        image: join(root, "data/bear/00009.jpg"),
      },
      {
        id: "camel/object1_00001",
        kind: "instance",
        source: "camel",
        image: join(root, "data/camel/00001.jpg"),
      },
    ]);
    expect([problems, pooled]).toEqual([[], { background: false }]);
    expect(await areas(data)).toEqual([16, 24]);
    expect(await areas({ ...data, coarse: "stm", root: join(root, "data") })).toEqual([28, 24]);
  });

  it("names objects that lack a photo or a mask", async () => {
    const { items, problems } = await openBenchmark({ layout: "davis585", root, coarse: "stm" });
    expect(items).toHaveLength(1);
    expect(problems).toEqual([
      `${join(root, "data/camel/object1_00001.png")} has no init_stm_object1_00001.png beside it: it is left out`,
    ]);
  });

  it("says what is missing", async () => {
    await expect(openBenchmark({ layout: "davis585", root: join(root, "none") })).rejects.toThrow(
      /none cannot be read \(no such folder\): expected DAVIS-585 as published: <sequence>/,
    );
    await mkdir(join(root, "other/sequence"), { recursive: true });
    await expect(openBenchmark({ layout: "davis585", root: join(root, "other") })).rejects.toThrow(
      /other holds no objects with coarse masks: expected DAVIS-585 as published/,
    );
    await expect(openBenchmark({ layout: "davis585", root, coarse: "x" })).rejects.toThrow(
      'The coarse masks of DAVIS-585 are "x": expected sp or stm',
    );
  });
});

describe("BIG and the relabelled VOC", () => {
  it("take triples from one folder, or coarse masks from another", async () => {
    await write("2007_000033_im.jpg", await photo());
    await write("2007_000033_gt.png", await object(2, 7));
    await write("2007_000033_seg.png", await object(2, 5));
    await write("deeplab/2007_000033_seg.png", await object(2, 8));
    await write("lonely_gt.png", await object(2, 7));
    const data = { layout: "relabelled-voc", root } as const;
    const { items, problems } = await openBenchmark(data);
    expect(items).toMatchObject([{ id: "2007_000033", kind: "instance", source: "relabelled-voc" }]);
    expect(problems).toEqual([
      `${join(root, "lonely_gt.png")} has no lonely_im.jpg beside it: it is left out`,
    ]);
    expect(await areas(data)).toEqual([16, 24]);
    expect(await areas({ layout: "big", root, coarse: join(root, "deeplab") })).toEqual([28, 24]);
    expect((await openBenchmark({ layout: "big", root })).items[0]!.kind).toBe("highres");
  });

  it("say what is missing", async () => {
    await write("a_gt.png", await object(2, 7));
    await expect(openBenchmark({ layout: "big", root })).rejects.toThrow(
      `${root} holds no objects with coarse masks: expected <name>_im.jpg, <name>_gt.png and <name>_seg.png`,
    );
  });
});

describe("VOC 2012", () => {
  const map = (...row: number[]): Uint8Array =>
    encodeLabelPNG({
      width,
      height,
      data: Uint8Array.from({ length: width * height }, (_, i) => row[i % 3]!),
    });

  beforeEach(async () => {
    await write("JPEGImages/2007_1.jpg", await photo());
    await write("SegmentationClass/2007_1.png", map(0, 5, 255));
    await write("pseudo/2007_1.png", map(5, 5, 0));
    await write("pseudo/2007_2.png", map(5, 5, 0));
  });

  it("pairs pseudo masks with photos and ground truth, 255 being void", async () => {
    const { items, problems, pooled } = await openBenchmark({
      layout: "voc",
      root,
      coarse: join(root, "pseudo"),
    });
    expect(items).toMatchObject([{ id: "2007_1", kind: "semantic", source: "voc" }]);
    const { coarse, truth } = await items[0]!.readMasks(1e6, undefined);
    expect([...truth.map.data.subarray(0, 3)]).toEqual([0, 5, 255]);
    expect([...coarse.map.data.subarray(0, 3)]).toEqual([5, 5, 0]);
    expect([truth.ignoreLabel, coarse.ignoreLabel]).toEqual([255, 255]);
    expect(pooled).toEqual({ background: true });
    expect(problems).toEqual([
      `${join(root, "pseudo/2007_2.png")} has no photo in ${join(root, "JPEGImages")}: it is left out`,
    ]);
  });

  it("prefers the augmented ground truth", async () => {
    await write("SegmentationClassAug/2007_1.png", map(7, 7, 7));
    const { items } = await openBenchmark({ layout: "voc", root, coarse: join(root, "pseudo") });
    expect((await items[0]!.readMasks(1e6, undefined)).truth.map.data[0]).toBe(7);
  });

  it("says what is missing", async () => {
    await expect(openBenchmark({ layout: "voc", root })).rejects.toThrow(
      "The coarse masks of VOC are not named: expected a folder of pseudo masks <id>.png",
    );
    await expect(openBenchmark({ layout: "voc", root: join(root, "x"), coarse: root })).rejects.toThrow(
      /x.JPEGImages cannot be read \(no such folder\): expected VOC 2012 as published/,
    );
  });
});

describe("COCO", () => {
  const runs = (x0: number, x1: number) => {
    const { counts } = encodeRuns(rectangle(width, height, [x0, 2, x1, 5]));
    return { size: [height, width], counts: [...counts] };
  };
  const result = (category: number, x0: number, x1: number) => ({
    ...{ image_id: 7, category_id: category, score: 0.5 },
    segmentation: runs(x0, x1),
  });

  beforeEach(async () => {
    const annotation = (id: number, category: number, x0: number, x1: number, crowd = 0) => ({
      ...{ id, image_id: 7, category_id: category, iscrowd: crowd, area: 1 },
      segmentation: runs(x0, x1),
    });
    const truth = {
      images: [{ id: 7, file_name: "000000000007.jpg", width, height }],
      categories: [
        { id: 1, name: "cat" },
        { id: 2, name: "dog" },
      ],
      annotations: [annotation(1, 1, 2, 7), annotation(2, 2, 2, 5), annotation(3, 1, 0, 11, 1)],
    };
    await write("annotations/instances_train2017_5K.json", JSON.stringify(truth));
    await write("train2017/000000000007.jpg", await photo());
    await write("results.json", JSON.stringify([result(1, 2, 5), result(1, 9, 11), result(2, 3, 5)]));
  });

  const data = (): BenchmarkData => ({ layout: "coco", root, coarse: join(root, "results.json") });

  it("judges each result by the object of its class that it overlaps most, crowds apart", async () => {
    const { items, problems } = await openBenchmark(data());
    expect(items.map(({ id, image }) => [id, image])).toEqual([
      ["7/0", join(root, "train2017/000000000007.jpg")],
      ["7/1", join(root, "train2017/000000000007.jpg")],
    ]);
    expect([await areas(data(), 0), await areas(data(), 1)]).toEqual([
      [16, 24],
      [12, 16],
    ]);
    expect(problems).toEqual([
      `${join(root, "results.json")}: 1 of its results overlap no object of their class by half: they are left out`,
    ]);
  });

  it("says what is missing", async () => {
    await expect(openBenchmark({ layout: "coco", root })).rejects.toThrow(
      "The coarse masks of COCO are not named: expected a file of results (*.json)",
    );
    await expect(openBenchmark({ ...data(), truth: join(root, "x.json") })).rejects.toThrow(
      /x\.json cannot be read \(no such file\): expected a COCO annotation file/,
    );
    await write("results.json", JSON.stringify([result(1, 9, 11)]));
    await expect(openBenchmark(data())).rejects.toThrow(
      /results\.json has no result that overlaps an object/,
    );
    await write("results.json", "{}");
    await expect(openBenchmark(data())).rejects.toThrow(/results\.json holds no list: expected COCO results/);
    await write("results.json", "[");
    await expect(openBenchmark(data())).rejects.toThrow(/results\.json is no JSON/);
  });
});

it("refuses layouts that are none", () => {
  expect(() => openBenchmark({ layout: "x" as never, root })).toThrow(
    'Unknown layout "x": expected davis585, coco, voc, big, relabelled-voc',
  );
});

describe("PooledOverlaps", () => {
  it("adds pixels up over photos before it divides, class by class", () => {
    const pooled = new PooledOverlaps();
    pooled.add(labelOverlaps(labels`1111`, labels`11..`));
    pooled.add(labelOverlaps(labels`1122`, labels`1122`));
    // Class 1: 4 of 6 pixels; class 2: all.
    expect(pooled.scores().iou).toBeCloseTo((4 / 6 + 1) / 2, 12);
    expect(new PooledOverlaps().scores()).toEqual({ iou: 0, boundaryIoU: 0 });
  });
});

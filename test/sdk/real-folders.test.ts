/** Real work on real annotation files: each folder of the bench refined, reopened and compared. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Mask } from "../../src/core/mask.ts";
import { maskIoU } from "../../src/core/metrics/mask-iou.ts";
import { runArea } from "../../src/core/run-length.ts";
import { detectAnnotations } from "../../src/formats/annotations/registry.ts";
import { expandCounts } from "../../src/formats/compressed-counts.ts";
import { createRefiner, type PhotoResult, type Refiner } from "../../src/sdk/mod.ts";

const bench = resolve("../shared/bench");
const present = existsSync(join(bench, "formats"));
if (!present) console.log(`skipped: ${bench} is not there`);

let home = "";
let refiner: Refiner;
beforeAll(async () => {
  if (!present) return;
  home = mkdtempSync(join(tmpdir(), "samrefiner-real-"));
  refiner = await createRefiner({ cacheDir: join(home, "cache"), device: "cpu" });
});
afterAll(async () => {
  await refiner?.close();
  if (home !== "") rmSync(home, { recursive: true, force: true });
});

/** A dataset of only these files of a folder. */
function part(folder: string, files: readonly string[]): string {
  const root = join(home, folder);
  for (const file of files)
    cpSync(join(bench, "formats", folder, file), join(root, file), { recursive: true });
  return root;
}

async function run(root: string): Promise<{ out: string; results: PhotoResult[] }> {
  const out = `${root}-out`;
  const results: PhotoResult[] = [];
  const options = { out, preset: "fast", images: join(bench, "images") } as const;
  const own = !/coco_maskrcnn|via_balloon/.test(root);
  for await (const result of refiner.refineDataset(root, own ? { out, preset: "fast" } : options))
    results.push(result);
  expect(results.flatMap(({ failures }) => failures)).toEqual([]);
  return { out, results };
}

interface Opened {
  readonly id: string;
  readonly label: string;
  readonly mask: Mask;
}

/** The regions of an annotation file that can be refined, with their pixels. */
function open(path: string, sizes: (photo: string) => { width: number; height: number }): Opened[] {
  const bytes = readFileSync(path);
  const file = detectAnnotations(path, bytes)!.read(path, bytes);
  return file.photos.flatMap((photo) =>
    photo.regions
      .filter(({ skip }) => skip === undefined)
      .map((region) => ({
        id: region.id,
        label: region.label,
        mask: region.mask(photo.size ?? sizes(photo.id)),
      })),
  );
}

const noSize = (photo: string): never => {
  throw new Error(`${photo} states no size`);
};

/** Every refined region changed on disk as reported, every other region kept its pixels. */
function compare(before: readonly Opened[], after: readonly Opened[], results: readonly PhotoResult[]): void {
  const reports = new Map(results.flatMap(({ regions }) => regions.map((region) => [region.id, region])));
  // Ids are places in the file: a region that became several shapes moves those behind it.
  expect(after.map(({ label }) => label)).toEqual(before.map(({ label }) => label));
  expect([...reports.values()].some(({ verdict }) => verdict === "refined")).toBe(true);
  for (const [i, { mask }] of after.entries()) {
    const { id } = before[i]!;
    const report = reports.get(id)!;
    const same = maskIoU(mask, before[i]!.mask);
    if (report.verdict !== "refined") {
      expect(same, id).toBe(1);
      continue;
    }
    // Outlines are written to half a pixel: what was written is what was refined, but for its rim.
    expect(Math.abs(same - report.coarseIoU), `${id} against its coarse mask`).toBeLessThan(0.03);
    const area = mask.data.reduce((sum, v) => sum + v, 0);
    expect(Math.abs(area - report.refinedArea) / report.refinedArea, `area of ${id}`).toBeLessThan(0.05);
  }
}

/** The first photos of a COCO file with as many of their annotations, as a dataset of its own. */
function cocoPart(name: string, photos: number): { root: string; path: string } {
  const root = join(home, `coco_maskrcnn-${name}`);
  const instances = JSON.parse(
    readFileSync(join(bench, "formats/coco_maskrcnn/instances_polygons.json"), "utf8"),
  );
  instances.images = instances.images.slice(0, photos);
  const kept = new Set(instances.images.map(({ id }: { id: number }) => id));
  const few = <T extends { image_id: number }>(list: T[]): T[] =>
    list.filter(({ image_id }) => kept.has(image_id)).slice(0, 6);
  instances.annotations = few(instances.annotations);
  mkdirSync(root, { recursive: true });
  const path = join(root, "instances.json");
  writeFileSync(path, JSON.stringify(instances));
  if (name === "results") {
    const results = JSON.parse(readFileSync(join(bench, "formats/coco_maskrcnn/results_rle.json"), "utf8"));
    writeFileSync(join(root, "results.json"), JSON.stringify(few(results)));
  }
  return { root, path };
}

describe.runIf(present)("real annotation files, refined and reopened", () => {
  it("COCO polygons: areas and boxes are those of the polygons written", async () => {
    const { root, path } = cocoPart("instances", 2);
    const { out, results } = await run(root);
    const before = open(path, noSize);
    const written = join(out, "instances.json");
    const after = open(written, noSize);
    compare(before, after, results);
    const { annotations } = JSON.parse(readFileSync(written, "utf8"));
    for (const [i, { area, bbox }] of annotations.entries()) {
      if (maskIoU(after[i]!.mask, before[i]!.mask) === 1) continue;
      expect(area).toBe(after[i]!.mask.data.reduce((sum, v) => sum + v, 0));
      const columns = after[i]!.mask.data.reduce(
        (seen, v, at) => (v === 1 ? seen.add(at % after[i]!.mask.width) : seen),
        new Set<number>(),
      );
      expect([bbox[0], bbox[2]]).toEqual([
        Math.min(...columns),
        Math.max(...columns) - Math.min(...columns) + 1,
      ]);
    }
  });

  it("COCO results: runs are what was refined, scores stay", async () => {
    const { root } = cocoPart("results", 1);
    const { out, results } = await run(root);
    const source = JSON.parse(readFileSync(join(root, "results.json"), "utf8"));
    const written = JSON.parse(readFileSync(join(out, "results.json"), "utf8"));
    expect(written.map(({ score }: { score: number }) => score)).toEqual(
      source.map(({ score }: { score: number }) => score),
    );
    const areas = new Set(results.flatMap(({ regions }) => regions.map(({ refinedArea }) => refinedArea)));
    for (const { segmentation } of written) {
      const [height, width] = segmentation.size;
      expect(areas).toContain(runArea({ width, height, counts: expandCounts(segmentation.counts) }));
    }
  });

  it("VIA regions: two photos of the balloons", async () => {
    const root = part("via_balloon", ["via_region_data.json"]);
    const path = join(root, "via_region_data.json");
    const project = JSON.parse(readFileSync(path, "utf8"));
    // One photo keeps all its regions, the other is refined at once: the only ones with few regions.
    const few = Object.entries<{ filename: string; regions: object }>(project)
      .sort(([, a], [, b]) => Object.keys(a.regions).length - Object.keys(b.regions).length)
      .slice(0, 3);
    writeFileSync(path, JSON.stringify(Object.fromEntries(few), null, 1));
    const { out, results } = await run(root);
    const sizes = new Map<string, { width: number; height: number }>();
    for (const [key, { filename }] of few) {
      const { width, height } = await sharp(join(bench, "images", filename)).metadata();
      sizes.set(key, { width, height });
    }
    const sizeOf = (photo: string) => sizes.get(photo)!;
    compare(open(path, sizeOf), open(join(out, "via_region_data.json"), sizeOf), results);
    const written = JSON.parse(readFileSync(join(out, "via_region_data.json"), "utf8"));
    for (const [key, { regions, ...rest }] of few) expect(written[key]).toMatchObject(rest);
  });

  it("VOC in colours: instances are refined, their classes follow, colours and all else stay", async () => {
    const tree = ["JPEGImages", "SegmentationObject", "SegmentationClass", "ImageSets", "labelmap.txt"];
    const root = part("2label_voc1.1", tree);
    const { out, results } = await run(root);
    expect(results.flatMap(({ written }) => written.map((path) => relative(out, path))).sort()).toEqual([
      "SegmentationClass/shapes.png",
      "SegmentationObject/shapes.png",
    ]);
    const read = async (folder: string, kind: string) =>
      (
        await sharp(join(folder, kind, "shapes.png"))
          .raw()
          .toBuffer()
      )
        .toString("hex")
        .match(/.{6}/g)!;
    const [objects, classes] = [
      await read(root, "SegmentationObject"),
      await read(root, "SegmentationClass"),
    ];
    const [newObjects, newClasses] = [
      await read(out, "SegmentationObject"),
      await read(out, "SegmentationClass"),
    ];
    const changed = newObjects.filter((colour, i) => colour !== objects[i]).length;
    expect(changed).toBeGreaterThan(0);
    expect(new Set(newObjects)).toEqual(new Set(objects));
    const classOf = new Map(objects.map((colour, i) => [colour, classes[i]]));
    expect(newClasses.findIndex((colour, i) => colour !== classOf.get(newObjects[i]!))).toBe(-1);
    const areas = results.flatMap(({ regions }) => regions.map(({ refinedArea }) => refinedArea));
    const counts = new Map<string, number>();
    for (const colour of newObjects) counts.set(colour, (counts.get(colour) ?? 0) + 1);
    for (const area of areas) expect([...counts.values()]).toContain(area);
  });

  it.each([
    ["labelme_grapes", ["5.json", "5.jpeg"], "5.json"],
    ["2label_labelme", ["shapes.json", "shapes.jpg"], "shapes.json"],
    ["2label_coco1.0", ["annotations", "images"], "annotations/instances_default.json"],
    ["2label_cvat1.1", ["annotations.xml", "images"], "annotations.xml"],
  ])("%s", async (folder, files, annotations) => {
    const root = part(folder, files);
    const { out, results } = await run(root);
    compare(open(join(root, annotations), noSize), open(join(out, annotations), noSize), results);
  });
});

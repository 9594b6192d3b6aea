/** COCO files that other tools wrote, in place. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { createMask } from "../../../../src/core/mask.ts";
import { encodeRuns, runArea } from "../../../../src/core/run-length.ts";
import type { AnnotatedPhoto } from "../../../../src/formats/annotations/annotation-file.ts";
import { coco } from "../../../../src/formats/annotations/coco/coco.ts";
import { runBox } from "../../../../src/formats/annotations/coco/run-box.ts";
import { detectAnnotations } from "../../../../src/formats/annotations/registry.ts";
import { compressCounts } from "../../../../src/formats/compressed-counts.ts";
import { JsonLists } from "../../../../src/formats/json-text/json-lists.ts";
import { decode, encode } from "../corpus.ts";

const bench = resolve("../shared/bench/formats");
const present = existsSync(bench);
if (!present) console.log(`skipped: ${bench} is not there`);

interface Annotation {
  segmentation: number[][] | { counts: number[] | string };
  area: number;
  bbox: [number, number, number, number];
}

/** Sums over a file's masks as pycocotools 2.0 gives them: masks, pixels, and each number of their boxes. */
const files = [
  ["coco/instances.json", "coco", 86, 1960049, [25055, 15483, 13927, 10693]],
  ["coco_maskrcnn/instances_polygons.json", "coco", 82, 3874156, [23139, 16341, 14967, 16463]],
  ["2label_coco1.0/annotations/instances_default.json", "coco", 5, 219623, [1519, 684, 1155, 1476]],
  ["coco_maskrcnn/results_rle.json", "coco-results", 129, 3927140, [37451, 27945, 17408, 18807]],
] as const;

const open = (path: string) => {
  const bytes = readFileSync(resolve(bench, path));
  const format = detectAnnotations(path, bytes)!;
  return { bytes, text: decode(bytes), file: format.read(path, bytes), format };
};

const annotationsOf = (text: string): Annotation[] => {
  const whole = JSON.parse(text);
  return Array.isArray(whole) ? whole : whole.annotations;
};

const read = new Map<string, ReturnType<typeof open> & { masks: ReturnType<typeof masksOf> }>();

/** A file and its masks, read once for all tests. */
function fileOf(path: string) {
  let file = read.get(path);
  if (file === undefined) {
    const fresh = open(path);
    file = { ...fresh, masks: masksOf(fresh) };
    read.set(path, file);
  }
  return file;
}

/** Masks of all regions that have any, by photo, and their annotations. */
function masksOf({ text, file }: ReturnType<typeof open>) {
  const annotations = annotationsOf(text);
  const places = file.photos.flatMap(({ regions }) => regions.map((region) => placeOf(region)));
  const regions = file.photos.flatMap((photo) => photo.regions.map((region) => ({ photo, region })));
  return regions
    .map(({ photo, region }, k) => ({ photo, region, annotation: annotations[order(places, k)]! }))
    .filter(({ region }) => region.skip === undefined || region.skip === "crowd")
    .map((entry) => ({ ...entry, mask: encodeRuns(entry.region.mask(sizeOf(entry.photo))) }));
}

const placeOf = (region: AnnotatedPhoto["regions"][number]) => (region as unknown as { entry: number }).entry;
const order = (places: readonly number[], k: number) => places.filter((place) => place < places[k]!).length;
const sizeOf = ({ size }: AnnotatedPhoto) => size!;

describe.runIf(present)("real COCO files", () => {
  it.each(files)("%s has the pixels and boxes that pycocotools sees", (path, name, count, area, box) => {
    const opened = fileOf(path);
    expect(opened.format.name).toBe(name);
    expect(opened.file.notes).toEqual([]);
    const masks = opened.masks.map(({ mask }) => mask);
    expect(masks.length).toBe(count);
    expect(masks.reduce((sum, mask) => sum + runArea(mask), 0)).toBe(area);
    const boxes = masks.map(runBox);
    expect([0, 1, 2, 3].map((k) => boxes.reduce((sum, one) => sum + one[k]!, 0))).toEqual(box);
  });

  it.each(files)("%s comes back byte for byte, with all its masks put in again", (path) => {
    const opened = fileOf(path);
    expect(opened.file.write([]).bytes).toBe(opened.bytes);
    const same = opened.masks
      .filter(({ region }) => region.skip === undefined)
      .map(({ region, mask }) => ({ region: region.id, mask }));
    expect(Buffer.compare(opened.file.write(same).bytes, opened.bytes)).toBe(0);
  });

  it.each(files)("%s changes in one region and nowhere else", (path) => {
    const opened = fileOf(path);
    const { photo, region } = opened.masks.findLast((entry) => entry.region.skip === undefined)!;
    const size = sizeOf(photo);
    const block = createMask(size.width, size.height);
    for (let y = 10; y < 30; y++) block.data.fill(1, y * size.width + 20, y * size.width + 60);
    const written = decode(opened.file.write([{ region: region.id, mask: encodeRuns(block) }]).bytes);
    const [before, after] = [annotationsOf(opened.text), annotationsOf(written)];
    const changed = after.filter((annotation, k) => JSON.stringify(annotation) !== JSON.stringify(before[k]));
    expect(changed.length).toBe(1);
    expect(changed[0]!.bbox).toEqual([20, 10, 40, 20]);
    if ("area" in changed[0]!) expect(changed[0].area).toBe(800);
    const json = new JsonLists(path, opened.bytes);
    const around = [
      opened.bytes.subarray(0, json.start(placeOf(region))),
      opened.bytes.subarray(json.end(placeOf(region))),
    ];
    expect(written.startsWith(decode(around[0]!))).toBe(true);
    expect(written.endsWith(decode(around[1]!))).toBe(true);
  });

  it("boxes and areas computed anew agree with those in the files", () => {
    for (const [path] of files.slice(0, 3)) {
      const deviations = fileOf(path).masks.map(({ mask, annotation }) => ({
        area: Math.abs(runArea(mask) / annotation.area - 1),
        box: Math.max(...runBox(mask).map((side, k) => Math.abs(side - annotation.bbox[k]!))),
      }));
      // Files round in their own ways: outlines of drawn polygons, not their pixels.
      expect(Math.max(...deviations.map(({ box }) => box))).toBeLessThanOrEqual(4);
      expect(Math.max(...deviations.map(({ area }) => area))).toBeLessThan(0.2);
      const closest = deviations.map(({ area }) => area).sort((a, b) => a - b);
      expect(closest[Math.floor(closest.length * 0.9)]).toBeLessThan(0.02);
    }
  });

  it("compressed run lengths are the very strings of the file", () => {
    for (const { mask, annotation } of fileOf("coco_maskrcnn/results_rle.json").masks) {
      expect(compressCounts(mask.counts)).toBe((annotation.segmentation as { counts: string }).counts);
    }
  });

  it("all masks written anew are read back: exactly as run lengths and, on request, as polygons", () => {
    // Results as polygons say no size any more.
    for (const [path] of files.slice(0, 3)) {
      const opened = fileOf(path);
      const turned = opened.masks
        .filter(({ region }) => region.skip === undefined)
        .map(({ region, photo, mask }) => {
          const data = region.mask(sizeOf(photo)).data.reverse();
          return { region: region.id, mask: encodeRuns({ width: mask.width, height: mask.height, data }) };
        });
      for (const geometry of ["mask", "polygon"] as const) {
        const { bytes } = opened.file.write(turned, { geometry, tolerance: 0, leastPart: 0 });
        const again = masksOf({ ...opened, file: opened.format.read(path, bytes), text: decode(bytes) });
        const byId = new Map(again.map(({ region, mask, annotation }) => [region.id, { mask, annotation }]));
        for (const { region, mask } of turned) {
          const { mask: seen, annotation } = byId.get(region)!;
          expect(
            Buffer.compare(Buffer.from(seen.counts.buffer), Buffer.from(mask.counts.buffer)),
            region,
          ).toBe(0);
          expect(annotation.bbox).toEqual(runBox(mask));
        }
      }
    }
  });

  it("refuses a file that breaks off, wherever it does", () => {
    const { text } = open("2label_coco1.0/annotations/instances_default.json");
    for (let end = 0; end < text.length - 1; end += 97) {
      expect(() => coco.read("cut", encode(text.slice(0, end)))).toThrow(/^cut: found .*, expected JSON$/);
    }
  });
});

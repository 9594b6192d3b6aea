/** Annotation files of several photos: assembled from the journal, whatever happens to single photos. */
import { rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { maskArea } from "../../../src/core/mask.ts";
import { decideReview } from "../../../src/dataset/review/decide-review.ts";
import { openReview } from "../../../src/dataset/review/open-review.ts";
import { restoreRun } from "../../../src/dataset/run/restore-run.ts";
import { detectAnnotations } from "../../../src/formats/annotations/registry.ts";
import { height, Place, photoBytes, StubEngine, width } from "./stub.ts";

let place: Place;
let stub: StubEngine;
beforeEach(async () => {
  place = await Place.make();
  stub = new StubEngine();
});
afterEach(() => place.remove());

const file = "data/annotations/instances.json";

interface Annotation {
  readonly id: number;
  readonly image_id: number;
  readonly box: readonly [x0: number, y0: number, x1: number, y1: number];
  readonly iscrowd?: 1;
}

/** Rectangles on photos `images/<n>.png`, as COCO polygons. */
async function coco(photos: number, annotations: readonly Annotation[]): Promise<void> {
  for (let i = 1; i <= photos; i++) await place.write(`data/images/${i}.png`, await photoBytes(i));
  const list = annotations.map(({ id, image_id, box: [x0, y0, x1, y1], iscrowd = 0 }) => ({
    ...{ id, image_id, category_id: 3, iscrowd, note: "stays" },
    segmentation: [[x0, y0, x1, y0, x1, y1, x0, y1]],
    area: (x1 - x0) * (y1 - y0),
    bbox: [x0, y0, x1 - x0, y1 - y0],
  }));
  await place.write(
    file,
    JSON.stringify({
      info: { year: 2026 },
      images: Array.from({ length: photos }, (_, i) => ({
        id: i + 1,
        file_name: `${i + 1}.png`,
        width,
        height,
      })),
      categories: [{ id: 3, name: "box" }],
      annotations: list,
    }),
  );
}

/** Region id → area of its mask, photo by photo. */
async function areas(path: string): Promise<Record<string, number>> {
  const bytes = await place.read(path);
  const { photos } = detectAnnotations(path, bytes)!.read(path, bytes);
  const regions = photos.flatMap((photo) => photo.regions);
  return Object.fromEntries(
    regions.map((region) => [region.id.split("/").at(-1), maskArea(region.mask({ width, height }))]),
  );
}

interface CocoFile {
  readonly annotations: readonly { readonly id: number; readonly bbox: readonly number[] }[];
}

async function boxes(path: string): Promise<Record<number, readonly number[]>> {
  const { annotations } = JSON.parse(String(await place.read(path))) as CocoFile;
  return Object.fromEntries(annotations.map(({ id, bbox }) => [id, bbox]));
}

const three: readonly Annotation[] = [
  { id: 11, image_id: 1, box: [4, 4, 14, 14] },
  { id: 12, image_id: 2, box: [6, 6, 16, 16] },
  { id: 13, image_id: 3, box: [8, 8, 18, 18] },
];

describe("a COCO file", () => {
  it("is read as what the user says it is, in the run and in its review too", async () => {
    await coco(3, three);
    // By its name it would be nothing.
    await place.write("data/annotations/instances.txt", await place.read(file));
    await rm(place.path(file));
    const source = "data/annotations/instances.txt";
    const options = { format: "coco", images: place.path("data/images") };
    const results = await place.run(stub, options, source);
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
    expect(await boxes("out/instances.txt")).toMatchObject({ 11: [5, 4, 10, 10] });
    const key = openReview(place.path("out/samrefiner-run.jsonl")).regions.find(({ id }) =>
      id.endsWith("11"),
    )!;
    await decideReview(place.path("out/samrefiner-run.jsonl"), [{ ...key, decision: "rejected" }]);
    expect(await boxes("out/instances.txt")).toMatchObject({ 11: [4, 4, 10, 10], 12: [7, 6, 10, 10] });
  });

  it("is written once, when its last photo is done, with every other field as it was", async () => {
    await coco(3, three);
    const results = await place.run(stub);
    expect(results.map(({ written }) => written.length)).toEqual([0, 0, 1]);
    expect(await boxes(`out/annotations/instances.json`)).toEqual({
      11: [5, 4, 10, 10],
      12: [7, 6, 10, 10],
      13: [9, 8, 10, 10],
    });
    expect(String(await place.read("out/annotations/instances.json"))).toContain('"note":"stays"');
  });

  it("keeps the regions of photos that failed, and takes them in later", async () => {
    await coco(3, three);
    const good = await place.read("data/images/2.png");
    await place.write("data/images/2.png", "garbage");
    const results = await place.run(stub);
    expect(results.map(({ status }) => status)).toEqual(["done", "failed", "done"]);
    expect(await boxes("out/annotations/instances.json")).toMatchObject({
      11: [5, 4, 10, 10],
      12: [6, 6, 10, 10],
    });
    await place.write("data/images/2.png", good);
    const again = await place.run(stub, { resume: true });
    expect(again.map(({ status }) => status)).toEqual(["known", "done", "known"]);
    expect(await boxes("out/annotations/instances.json")).toMatchObject({
      11: [5, 4, 10, 10],
      12: [7, 6, 10, 10],
      13: [9, 8, 10, 10],
    });
  });

  it("is assembled again from the journal alone when it is gone", async () => {
    await coco(3, three);
    await place.run(stub);
    const whole = await place.tree("out");
    await rm(place.path("out/annotations/instances.json"));
    const again = await place.run(stub, { resume: true });
    expect([again.map(({ status }) => status), stub.encoded]).toEqual([["known", "known", "known"], 3]);
    expect(await place.tree("out")).toEqual(whole);
  });

  it("ends as undisturbed after an abort half-way, also in place, and can be restored", async () => {
    await coco(3, three);
    const before = await place.read(file);
    await place.run(stub);
    const whole = await place.read("out/annotations/instances.json");
    const controller = new AbortController();
    stub.onEncode = (nth) => {
      if (nth === 5) controller.abort(new Error("enough"));
    };
    const inPlace = { inPlace: true, exclude: [place.path("out")] };
    await expect(place.run(stub, { ...inPlace, signal: controller.signal })).rejects.toThrow("enough");
    expect(await place.read(file)).toEqual(before);
    await place.run(stub, { ...inPlace, resume: true });
    expect(await place.read(file)).toEqual(whole);
    // One photo changes: the others must not be moved twice.
    await place.write("data/images/1.png", await photoBytes(77));
    await place.run(stub, { ...inPlace, resume: true });
    expect(await place.read(file)).toEqual(whole);
    await restoreRun(place.path("data/samrefiner-run.jsonl"));
    expect(await place.read(file)).toEqual(before);
  });

  it("leaves crowds alone, and fails on broken regions alone", async () => {
    await coco(1, [
      { id: 1, image_id: 1, box: [4, 4, 14, 14] },
      { id: 2, image_id: 1, box: [20, 4, 30, 14], iscrowd: 1 },
    ]);
    const [result] = await place.run(stub);
    expect(result?.regions.map(({ verdict }) => verdict).sort()).toEqual(["refined", "unchanged"]);
    expect(await boxes("out/annotations/instances.json")).toEqual({ 1: [5, 4, 10, 10], 2: [20, 4, 10, 10] });
  });

  it("is copied byte for byte where nothing changed", async () => {
    await coco(1, [{ id: 1, image_id: 1, box: [30, 0, 40, 9] }]);
    const [result] = await place.run(stub);
    expect(result?.regions).toMatchObject([{ verdict: "kept" }]);
    expect(await place.read("out/annotations/instances.json")).toEqual(await place.read(file));
  });
});

describe("overlapping regions", () => {
  const two: readonly Annotation[] = [
    { id: 1, image_id: 1, box: [4, 4, 14, 14] },
    { id: 2, image_id: 1, box: [10, 4, 30, 14] },
  ];

  it.each([
    ["keep", { 1: 100, 2: 200 }],
    ["order", { 1: 60, 2: 200 }],
    ["area", { 1: 100, 2: 160 }],
    ["predicted-iou", { 1: 60, 2: 200 }],
  ] as const)("share their pixels by the rule %s", async (overlaps, expected) => {
    await coco(1, two);
    const [result] = await place.run(stub, { overlaps });
    expect(await areas("out/annotations/instances.json")).toEqual(expected);
    const lost = result?.regions.map((region) => region.lost ?? 0);
    expect(lost?.reduce((a, b) => a + b)).toBe(overlaps === "keep" ? 0 : 40);
  });
});

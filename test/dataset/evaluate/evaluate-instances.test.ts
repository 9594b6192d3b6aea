import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluateFiles } from "../../../src/dataset/evaluate/evaluate.ts";
import type { InstanceEvaluation } from "../../../src/dataset/evaluate/evaluation.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "samrefiner-evaluate-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (...names: string[]): string => join(folder, ...names);

/** A COCO file of one photo, 20 × 20, with rectangles `[id, category, x0, y0, x1, y1, iscrowd]`. */
async function put(path: string, ...boxes: number[][]): Promise<void> {
  const annotations = boxes.map(([id, category_id, x0, y0, x1, y1, iscrowd = 0]) => ({
    id,
    image_id: 1,
    category_id,
    iscrowd,
    area: 1,
    bbox: [0, 0, 1, 1],
    segmentation: [[x0, y0, x1, y0, x1, y1, x0, y1]],
  }));
  const file = {
    images: [{ id: 1, width: 20, height: 20, file_name: "1.jpg" }],
    categories: [
      { id: 1, name: "cat" },
      { id: 2, name: "dog" },
    ],
    annotations,
  };
  await mkdir(dirname(at(path)), { recursive: true });
  await writeFile(at(path), JSON.stringify(file));
}

async function evaluate(pred: string, gt: string): Promise<InstanceEvaluation> {
  return (await evaluateFiles(at(pred), at(gt), {}, 1e9)) as InstanceEvaluation;
}

describe("evaluate, annotation files", () => {
  it("compares objects of one id, class by class; crowds do not count", async () => {
    await put(
      "gt.json",
      [11, 1, 0, 0, 10, 10],
      [12, 1, 10, 10, 20, 20],
      [13, 2, 5, 5, 9, 9],
      [14, 1, 0, 0, 9, 9, 1],
    );
    await put(
      "pred.json",
      [11, 1, 0, 0, 10, 5],
      [12, 1, 10, 10, 20, 20],
      [13, 2, 5, 5, 9, 9],
      [14, 1, 0, 0, 5, 5, 1],
    );
    const { kind, overall, classes, instances, problems } = await evaluate("pred.json", "gt.json");
    expect([kind, problems]).toEqual(["instances", []]);
    expect(instances.map(({ label, iou }) => [label, iou])).toEqual([
      ["cat", 0.5],
      ["cat", 1],
      ["dog", 1],
    ]);
    // Rings of 36 and 26 pixels, d is 1; in common are the top row and four pixels of each side below it.
    expect(instances[0]!.boundaryIoU).toBe(18 / (36 + 26 - 18));
    expect(classes.map(({ label, instances: count, iou }) => [label, count, iou])).toEqual([
      ["cat", 2, 0.75],
      ["dog", 1, 1],
    ]);
    expect(overall.instances).toBe(3);
    expect(overall.iou).toBeCloseTo(2.5 / 3, 12);
  });

  it("names objects that only one file has", async () => {
    await put("some/gt.json", [1, 1, 0, 0, 9, 9], [2, 1, 0, 0, 9, 9]);
    await put("some/pred.json", [2, 1, 0, 0, 9, 9], [3, 1, 0, 0, 9, 9]);
    const { problems, overall } = await evaluate("some/pred.json", "some/gt.json");
    expect(overall).toEqual({ instances: 1, iou: 1, boundaryIoU: 1 });
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain(`${at("some/pred.json")} has no `);
    expect(problems[1]).toContain("it is left out");
  });

  it("pairs the files of two folders", async () => {
    await put("many-gt/a.json", [1, 1, 0, 0, 9, 9]);
    await put("many-gt/b.json", [1, 1, 0, 0, 9, 9]);
    await put("many-pred/a.json", [1, 1, 0, 0, 9, 9]);
    await put("many-pred/b.json", [1, 1, 0, 0, 9, 9]);
    await writeFile(at("many-pred/b.json"), "{ broken");
    const { problems, overall } = await evaluate("many-pred", "many-gt");
    expect(overall.instances).toBe(1);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(at("many-pred/b.json"));
  });

  it("refuses what it cannot compare with one sentence", async () => {
    await put("one.json", [1, 1, 0, 0, 9, 9]);
    await writeFile(at("none.json"), '{"hello": 1}');
    await writeFile(at("list.json"), "[]");
    await expect(evaluate("none.json", "one.json")).rejects.toThrow(
      `${at("none.json")} is of no known annotation format`,
    );
    await expect(evaluate("list.json", "none.json")).rejects.toThrow("is no COCO file");
    await put("other.json", [2, 1, 0, 0, 9, 9]);
    await expect(evaluate("other.json", "one.json")).rejects.toThrow("it is left out");
  });
});

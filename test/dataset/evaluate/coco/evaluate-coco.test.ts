import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../../src/core/errors.ts";
import { cocoScoreNames } from "../../../../src/core/metrics/average-precision/coco-scores.ts";
import { encodeRuns } from "../../../../src/core/run-length.ts";
import { readCocoResults } from "../../../../src/dataset/evaluate/coco/coco-results.ts";
import { readCocoTruth } from "../../../../src/dataset/evaluate/coco/coco-truth.ts";
import { evaluateCoco } from "../../../../src/dataset/evaluate/coco/evaluate-coco.ts";
import type { CocoEvaluation } from "../../../../src/dataset/evaluate/evaluation.ts";
import { compressCounts } from "../../../../src/formats/compressed-counts.ts";
import { oracleScores } from "../../../core/metrics/average-precision/coco-oracle.ts";
import { ascii } from "../../../helpers/ascii-mask.ts";

const left = ascii`
  ##....
  ##....
`;
const right = ascii`
  ....##
  ....##
`;

/** `left` and `right` in every way that COCO knows. */
const leftPolygon = [[0, 0, 2, 0, 2, 2, 0, 2]];
const leftRuns = { size: [2, 6], counts: [...encodeRuns(left).counts] };
const rightText = { size: [2, 6], counts: compressCounts(encodeRuns(right).counts) };

const truth = {
  images: [
    { id: 7, width: 6, height: 2, file_name: "7.jpg" },
    { id: 3, width: 6, height: 2, file_name: "3.jpg" },
  ],
  categories: [
    { id: 2, name: "dog" },
    { id: 1, name: "cat" },
  ],
  annotations: [
    { id: 1, image_id: 7, category_id: 1, segmentation: leftPolygon, area: 4, iscrowd: 0 },
    { id: 2, image_id: 7, category_id: 2, segmentation: rightText, area: 2000, iscrowd: 0 },
    { id: 3, image_id: 3, category_id: 1, segmentation: leftRuns, area: 4, iscrowd: 1 },
  ],
};
const result = (image: number, category: number, segmentation: unknown, score: number, more = {}) => ({
  image_id: image,
  category_id: category,
  segmentation,
  score,
  ...more,
});

function evaluate(results: unknown, json: unknown = truth): Promise<CocoEvaluation> {
  return evaluateCoco({ name: "r.json", json: results }, { name: "t.json", json }, {});
}

describe("evaluateCoco", () => {
  it("reads polygons, run lengths and compressed ones; a crowd counts nowhere", async () => {
    const { overall, classes, problems, notes } = await evaluate([
      result(7, 1, leftRuns, 0.9),
      result(7, 2, rightText, 0.8),
      result(3, 1, leftPolygon, 0.95),
    ]);
    expect(overall).toMatchObject({ photos: 2, objects: 3, detections: 3 });
    expect(overall.mask).toMatchObject({ AP: 1, APs: 1, APm: 1, APl: -1, AR1: 1 });
    expect(overall.boundary).toEqual(overall.mask);
    expect(classes.map(({ id, label, objects, detections }) => [id, label, objects, detections])).toEqual([
      [1, "cat", 2, 2],
      [2, "dog", 1, 1],
    ]);
    expect([problems, notes]).toEqual([[], []]);
  });

  it("takes the area of boxes as pycocotools does, and says so", async () => {
    const wrong = (more: object) => [result(7, 2, leftRuns, 0.9, more), result(7, 2, rightText, 0.8, more)];
    // A wrong detection of 4 pixels is no medium object; its box of 2000 is one.
    expect((await evaluate(wrong({}))).overall.mask.APm).toBe(1);
    const boxed = await evaluate(wrong({ bbox: [0, 0, 40, 50] }));
    expect(boxed.overall.mask.APm).toBe(0.5);
    expect(boxed.notes).toEqual([
      "r.json has boxes: as in pycocotools, their areas decide which detections are small, medium or large",
    ]);
  });

  it("takes no notice of `ignore`, as pycocotools, and counts objects beside the photo as missed", async () => {
    const cat = { image_id: 7, category_id: 1, area: 4, iscrowd: 0 };
    const two = (more: object) => ({
      ...truth,
      annotations: [
        { id: 1, ...cat, segmentation: leftPolygon },
        { id: 2, ...cat, segmentation: rightText, ...more },
      ],
    });
    const found = [result(7, 1, leftRuns, 0.9)];
    const half = await evaluate(found, two({}));
    expect(half.overall.mask).toMatchObject({ AR100: 0.5 });
    expect((await evaluate(found, two({ ignore: 1 }))).overall).toEqual(half.overall);
    expect((await evaluate(found, two({ iscrowd: 1 }))).overall.mask.AR100).toBe(1);
    const beside = await evaluate(found, two({ segmentation: [[60, 0, 70, 0, 70, 9]] }));
    expect([beside.overall.mask.AR100, beside.problems]).toEqual([0.5, []]);
  });

  it("names results it cannot use, and scores the others", async () => {
    const { overall, problems } = await evaluate([
      result(7, 1, leftRuns, 0.9),
      result(7, 2, { size: [2, 6], counts: [1, 2] }, 0.9),
      result(7, 2, { size: [6, 2], counts: [12] }, 0.9),
      result(7, 2, { size: [2, 6], counts: "~" }, 0.9),
      result(7, 2, null, 0.9),
      result(99, 1, leftRuns, 0.9),
      result(99, 1, leftRuns, 0.9),
      result(7, 5, leftRuns, 0.9),
    ]);
    expect(overall.mask.AP).toBe(0.5);
    expect(problems).toHaveLength(6);
    for (const [i, text] of [
      "r.json has 2 results with image_id 99, which the ground truth does not have: left out",
      "r.json has 1 result with category_id 5, which the ground truth does not have: left out",
      "r.json, result 2",
      "r.json, result 3",
      "r.json, result 4",
      "r.json, result 5",
    ].entries()) {
      expect(problems[i]).toContain(text);
    }
  });

  it("refuses results without score, class or photo, and a ground truth that is none", async () => {
    await expect(evaluate([{ ...result(7, 1, leftRuns, 0.9), score: "high" }])).rejects.toThrow(
      'r.json, result 1: found the score "high", expected a number',
    );
    await expect(evaluate([{ score: 1 }])).rejects.toThrow("r.json, result 1: found category_id undefined");
    const without = (field: string) => ({ ...truth, [field]: undefined });
    for (const field of ["images", "annotations", "categories"])
      await expect(evaluate([], without(field))).rejects.toThrow(`t.json: found no list of ${field}`);
    const [first] = truth.annotations;
    const stray = (more: object) => ({ ...truth, annotations: [{ ...first, ...more }] });
    await expect(evaluate([], stray({ image_id: 1 }))).rejects.toThrow(
      "t.json, annotation 1: found image_id 1",
    );
    await expect(evaluate([], stray({ category_id: 9 }))).rejects.toThrow(
      "t.json, annotation 1: found category_id 9",
    );
    await expect(evaluate([], { ...truth, images: [{ id: 1, width: 0, height: 2 }] })).rejects.toThrow(
      "a size of 0×2",
    );
  });

  it("says that LVIS is scored as COCO", async () => {
    const images = truth.images.map((image) => ({ ...image, neg_category_ids: [] }));
    expect((await evaluate([], { ...truth, images })).notes[0]).toMatch(
      /^t\.json is LVIS: it is scored as COCO/,
    );
  });

  it("ends with scores or one sentence, whatever the file holds", async () => {
    const entry = fc.record(
      {
        image_id: fc.constantFrom(7, 3, "x", null, Number.NaN),
        category_id: fc.constantFrom(1, 2, {}, undefined),
        score: fc.constantFrom(0.5, Number.NaN, "1", -1),
        segmentation: fc.oneof(fc.constantFrom(leftRuns, rightText, leftPolygon), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 3 }), fc.boolean(), async (list, asTruth) => {
        const annotations = list.map((one) => ({ ...one, iscrowd: 0 }));
        try {
          const { overall } = await (asTruth ? evaluate([], { ...truth, annotations }) : evaluate(list));
          for (const name of cocoScoreNames) expect(Number.isFinite(overall.mask[name])).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 150 },
    );
  });
});

const real = fileURLToPath(new URL("../../../../../shared/bench/formats/coco_maskrcnn/", import.meta.url));
const missing = !existsSync(`${real}results_rle.json`);
if (missing) console.info(`evaluate-coco.test.ts: ${real} is not here, so real results are not scored`);

describe.skipIf(missing)("evaluateCoco, Mask R-CNN on its photos", () => {
  const read = (name: string) => ({ name, json: JSON.parse(readFileSync(real + name, "utf8")) });

  it("agrees with a plain implementation", async () => {
    const [found, wanted] = [read("results_rle.json"), read("instances_polygons.json")];
    const { overall, classes, problems } = await evaluateCoco(found, wanted, {});
    expect([problems, overall.objects, overall.detections]).toEqual([[], 82, 129]);
    const { results } = readCocoResults(found.name, found.json);
    const photos = readCocoTruth(wanted.name, wanted.json).photos.map(({ id, size, annotations }) => ({
      objects: annotations.map((annotation) => annotation.readObject()),
      detections: results.filter(({ photo }) => photo === id).map((one) => one.readDetection(size)),
    }));
    for (const measure of ["mask", "boundary"] as const) {
      const expected = oracleScores(photos, measure === "boundary");
      cocoScoreNames.forEach((name, i) => {
        expect(overall[measure][name]).toBeCloseTo(expected[i]!, 12);
      });
    }
    expect(classes).toHaveLength(11);
  });

  it("is perfect against itself", async () => {
    const { json, ...found } = read("results_rle.json");
    const annotations = json.map((one: object, id: number) => ({ ...one, id, iscrowd: 0 }));
    const own = { ...read("instances_polygons.json").json, annotations };
    const { overall } = await evaluateCoco({ ...found, json }, { name: "own", json: own }, {});
    expect([overall.mask.AP, overall.boundary.AP, overall.mask.AR100]).toEqual([1, 1, 1]);
  });
});

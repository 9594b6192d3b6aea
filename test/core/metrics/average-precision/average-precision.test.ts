import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Mask } from "../../../../src/core/mask.ts";
import {
  AveragePrecision,
  type CocoMeasure,
} from "../../../../src/core/metrics/average-precision/average-precision.ts";
import type {
  CocoDetection,
  CocoObject,
} from "../../../../src/core/metrics/average-precision/coco-objects.ts";
import { iouThresholds } from "../../../../src/core/metrics/average-precision/coco-parameters.ts";
import {
  type CocoScores,
  cocoScoreNames,
} from "../../../../src/core/metrics/average-precision/coco-scores.ts";
import { encodeRuns } from "../../../../src/core/run-length.ts";
import { ascii, rectangle } from "../../../helpers/ascii-mask.ts";
import { type OraclePhoto, oracleScores } from "./coco-oracle.ts";

const A = ascii`
  ##....
  ##....
  ......
`;
const B = ascii`
  ....##
  ....##
  ......
`;
/** 3 of the 4 pixels of A, nothing else: IoU 0.75. */
const almostA = ascii`
  ##....
  #.....
  ......
`;
const elsewhere = ascii`
  ......
  ......
  .###..
`;
const everywhere = ascii`
  ######
  ######
  ######
`;

const object = (mask: Mask, more: Partial<CocoObject> = {}): CocoObject => ({
  category: 1,
  mask: encodeRuns(mask),
  area: 100,
  crowd: false,
  ...more,
});
const detection = (mask: Mask, score: number, more: Partial<CocoDetection> = {}): CocoDetection => ({
  category: 1,
  mask: encodeRuns(mask),
  area: 100,
  score,
  ...more,
});

function evaluate(photos: readonly OraclePhoto[], measure: CocoMeasure = "mask"): CocoScores {
  const evaluation = new AveragePrecision(measure);
  for (const { objects, detections } of photos) evaluation.add(objects, detections);
  return evaluation.scores();
}
const evaluateOne = (objects: CocoObject[], detections: CocoDetection[]): CocoScores =>
  evaluate([{ objects, detections }]);

describe("AveragePrecision, by hand", () => {
  it("is 1 for perfect detections, -1 for ranges without objects", () => {
    expect(evaluateOne([object(A), object(B)], [detection(A, 0.9), detection(B, 0.8)])).toEqual({
      AP: 1,
      AP50: 1,
      AP75: 1,
      APs: 1,
      APm: -1,
      APl: -1,
      AR1: 0.5,
      AR10: 1,
      AR100: 1,
      ARs: 1,
      ARm: -1,
      ARl: -1,
    });
  });

  it("reads precision at 101 recalls: one of two objects found reaches 51 of them", () => {
    const { AP, AP50, AR100 } = evaluateOne([object(A), object(B)], [detection(A, 0.9)]);
    expect([AP50, AR100]).toEqual([51 / 101, 0.5]);
    expect(AP).toBeCloseTo(51 / 101, 12);
  });

  it("counts a second detection of one object as wrong", () => {
    const scores = evaluateOne(
      [object(A), object(B)],
      [detection(A, 0.9), detection(A, 0.8), detection(B, 0.7)],
    );
    // Precision 1 up to recall 0.5, then 2 of 3.
    expect(scores.AP50).toBeCloseTo((51 + (50 * 2) / 3) / 101, 12);
    // Behind all right ones it costs nothing.
    const last = [detection(A, 0.9), detection(B, 0.8), detection(A, 0.7)];
    expect(evaluateOne([object(A), object(B)], last).AP50).toBe(1);
  });

  it("asks for more IoU at every threshold: 0.75 passes six of ten", () => {
    const { AP, AP50, AP75, AR100 } = evaluateOne([object(A)], [detection(almostA, 0.9)]);
    expect([AP50, AP75]).toEqual([1, 1]);
    expect([AP, AR100]).toEqual([0.6, 0.6]);
  });

  it("neither rewards nor punishes detections in a crowd, however many", () => {
    const crowd = object(everywhere, { crowd: true });
    const inside = [detection(A, 0.9), detection(A, 0.8), detection(elsewhere, 0.7)];
    expect(evaluateOne([object(B), crowd], [...inside, detection(B, 0.1)]).AP).toBe(1);
    // A detection prefers an object that counts, even where it lies deeper in the crowd.
    expect(evaluateOne([crowd, object(A)], [detection(almostA, 0.9)]).AP50).toBe(1);
    expect(evaluateOne([crowd], inside).AP).toBe(-1);
  });

  it("uses up an ignored object that is no crowd", () => {
    const ignored = object(A, { ignore: true });
    const twice = [detection(A, 0.9), detection(A, 0.8), detection(B, 0.7)];
    // The first is ignored, the second wrong: B is found at precision 1/2.
    expect(evaluateOne([ignored, object(B)], twice).AP50).toBe(0.5);
  });

  it("sorts objects into ranges by their area, both ends inclusive", () => {
    const objects = [object(A, { area: 1024 }), object(B, { area: 9216.5 })];
    const scores = evaluateOne(objects, [detection(A, 0.9, { area: 1024 }), detection(B, 0.8)]);
    expect(scores).toMatchObject({ APs: 1, APm: 1, APl: 1, ARs: 1, ARm: 1, ARl: 1 });
    const missed = evaluateOne(objects, [detection(B, 0.8)]);
    expect(missed).toMatchObject({ APs: 0, APm: 0, APl: 1 });
  });

  it("leaves misses of another size out of a range", () => {
    const objects = [object(A, { area: 500 })];
    const wrong = (area: number) => [detection(elsewhere, 0.9, { area }), detection(A, 0.8)];
    expect(evaluateOne(objects, wrong(5000))).toMatchObject({ APs: 1, AP50: 0.5 });
    expect(evaluateOne(objects, wrong(500))).toMatchObject({ APs: 0.5, AP50: 0.5 });
  });

  it("takes equal scores in the order of the file, and of the photos", () => {
    expect(evaluateOne([object(A)], [detection(A, 0.5), detection(B, 0.5)]).AP50).toBe(1);
    expect(evaluateOne([object(A)], [detection(B, 0.5), detection(A, 0.5)]).AP50).toBe(0.5);
    const right = { objects: [object(A)], detections: [detection(A, 0.5)] };
    const wrong = { objects: [], detections: [detection(B, 0.5)] };
    expect(evaluate([right, wrong]).AP50).toBe(1);
    expect(evaluate([wrong, right]).AP50).toBe(0.5);
  });

  it("averages over classes that have objects, and looks at a hundred detections of each", () => {
    const classes = [object(A, { category: "a" }), object(B, { category: "b" })];
    const found = [detection(A, 0.9, { category: "a" }), detection(A, 0.9, { category: "c" })];
    const evaluation = new AveragePrecision();
    evaluation.add(classes, found);
    expect(evaluation.scores().AP).toBe(0.5);
    expect([...evaluation.categories()].map(([name, { AP }]) => [name, AP])).toEqual([
      ["a", 1],
      ["b", 0],
      ["c", -1],
    ]);
    const noise = Array.from({ length: 100 }, () => detection(elsewhere, 0.9));
    expect(evaluateOne([object(A)], [...noise, detection(A, 0.1)]).AR100).toBe(0);
    expect(evaluateOne([object(A)], [...noise.slice(1), detection(A, 0.1)]).AR100).toBe(1);
  });

  it("looks at the best one, ten and hundred detections of a class in each photo", () => {
    const noise = (count: number) => Array.from({ length: count }, () => detection(elsewhere, 0.9));
    const recalls = (before: number) => {
      const { AR1, AR10, AR100 } = evaluateOne([object(A)], [...noise(before), detection(A, 0.1)]);
      return [AR1, AR10, AR100];
    };
    expect([0, 1, 9, 10, 99, 100].map(recalls)).toEqual([
      [1, 1, 1],
      [0, 1, 1],
      [0, 1, 1],
      [0, 0, 1],
      [0, 0, 1],
      [0, 0, 0],
    ]);
    // Each photo and each class has its own ten.
    const photos = [1, 2].map(() => ({
      objects: [object(A), object(A, { category: 2 })],
      detections: [...noise(9), detection(A, 0.1), detection(A, 0.1, { category: 2 })],
    }));
    expect(evaluate(photos).AR10).toBe(1);
  });

  it("is -1 everywhere without any photo", () => {
    expect(Object.values(evaluate([]))).toEqual(cocoScoreNames.map(() => -1));
  });

  it("with boundaries, takes the lower of both IoUs, and the mask's for crowds", () => {
    // d is 0.57, so 1. Without its top row the square keeps 110 of 121 pixels: 0.91. The rings have 40 and 38 pixels;
    // 29 are common: both sides below the top row and the bottom between them. 29 / 49 = 0.59 passes two thresholds.
    const square = rectangle(20, 20, [4, 4, 14, 14]);
    const shorter = rectangle(20, 20, [4, 5, 14, 14]);
    const photo = { objects: [object(square)], detections: [detection(shorter, 0.9)] };
    expect(evaluate([photo], "mask").AP).toBe(0.9);
    expect(evaluate([photo], "boundary").AP).toBe(0.2);
    const crowd = object(rectangle(20, 20, [0, 0, 19, 19]), { crowd: true });
    const corner = rectangle(20, 20, [0, 0, 1, 1]);
    const inCrowd = {
      objects: [crowd, object(corner)],
      detections: [detection(square, 0.9), detection(corner, 0.8)],
    };
    expect(evaluate([inCrowd], "boundary").AP).toBe(1);
  });
});

/** Photos of 7 × 6 pixels with few rectangles, areas at the edges of the ranges, scores that tie. */
function anyPhotos(): fc.Arbitrary<OraclePhoto[]> {
  const mask = fc
    .tuple(
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 0, max: 2 }),
    )
    .map(([x, y, w, h]) => encodeRuns(rectangle(7, 6, [x, y, x + w, y + h])));
  const area = fc.constantFrom(0, 500, 1024, 1025, 9216, 9217, 50_000);
  const category = fc.constantFrom(1, 2);
  const rarely = fc.integer({ min: 0, max: 4 }).map((n) => n === 0);
  const objects = fc.array(fc.record({ category, mask, area, crowd: rarely, ignore: rarely }), {
    maxLength: 5,
  });
  const detections = fc.array(
    fc.record({ category, mask, area, score: fc.constantFrom(0.1, 0.5, 0.5, 0.9) }),
    { maxLength: 7 },
  );
  // Most detections are near misses of objects; a third are the object itself.
  const photo = fc.tuple(objects, detections).map(([o, d]) => ({
    objects: o,
    detections: d.map((one, i) => (i % 3 === 0 && i < o.length ? { ...one, mask: o[i]!.mask } : one)),
  }));
  return fc.array(photo, { minLength: 1, maxLength: 3 });
}

const inOrder = (scores: CocoScores): number[] => cocoScoreNames.map((name) => scores[name]);

describe("AveragePrecision, on random photos", () => {
  it.each(["mask", "boundary"] as const)("agrees with a plain implementation: %s", (measure) => {
    fc.assert(
      fc.property(anyPhotos(), (photos) => {
        const wanted = oracleScores(photos, measure === "boundary");
        inOrder(evaluate(photos, measure)).forEach((score, i) => {
          expect(score).toBeCloseTo(wanted[i]!, 12);
        });
      }),
      { numRuns: 150 },
    );
  });

  it("agrees with it where more detections are found than count", () => {
    fc.assert(
      fc.property(anyPhotos(), fc.integer({ min: 2, max: 18 }), (photos, times) => {
        const crowded = photos.map(({ objects, detections }) => ({
          objects,
          detections: Array.from({ length: times }, (_, k) =>
            detections.map((one) => ({ ...one, score: one.score + k / 100 })),
          ).flat(),
        }));
        const wanted = oracleScores(crowded, false);
        inOrder(evaluate(crowded)).forEach((score, i) => {
          expect(score).toBeCloseTo(wanted[i]!, 12);
        });
      }),
      { numRuns: 40 },
    );
  });

  it("lies in 0..1 or is -1; a boundary never helps", () => {
    fc.assert(
      fc.property(anyPhotos(), (photos) => {
        const masks = inOrder(evaluate(photos));
        for (const score of masks) expect(score === -1 || (score >= 0 && score <= 1)).toBe(true);
        // Recall at IoU 0.5 of one object and one detection cannot rise; greedy matching of many may differ.
        if (photos.every((p) => p.objects.length <= 1 && p.detections.length <= 1)) {
          const boundary = inOrder(evaluate(photos, "boundary"));
          boundary.forEach((score, i) => {
            expect(score).toBeLessThanOrEqual(masks[i]!);
          });
        }
      }),
    );
  });

  it("does not depend on the order of results where no scores tie", () => {
    fc.assert(
      fc.property(anyPhotos(), fc.infiniteStream(fc.nat()), (photos, keys) => {
        const distinct = photos.map((photo, p) => ({
          objects: photo.objects,
          detections: photo.detections.map((one, i) => ({ ...one, score: one.score + p / 100 + i / 1000 })),
        }));
        const shuffled = distinct.map((photo) => ({
          objects: photo.objects,
          detections: photo.detections
            .map((one) => ({ one, key: keys.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one),
        }));
        expect(evaluate(shuffled)).toEqual(evaluate(distinct));
      }),
    );
  });

  it("is 1 when every object is detected exactly", () => {
    fc.assert(
      fc.property(anyPhotos(), (photos) => {
        // One object of a class in a photo: equal masks of one class could not be told apart.
        const perfect = photos.map(({ objects }) => {
          const alone = objects.filter((o, i) => objects.findIndex((p) => p.category === o.category) === i);
          const counted = alone.map((o) => ({ ...o, crowd: false, ignore: false }));
          return { objects: counted, detections: counted.map((o) => ({ ...o, score: 0.5 })) };
        });
        for (const measure of ["mask", "boundary"] as const) {
          for (const score of inOrder(evaluate(perfect, measure))) expect([1, -1]).toContain(score);
        }
      }),
    );
  });
});

describe("iouThresholds", () => {
  it("are 0.50, 0.55 … 0.95, as NumPy has them", () => {
    // numpy.linspace(.5, .95, 10).tolist()
    expect(iouThresholds).toEqual([0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.8999999999999999, 0.95]);
  });
});

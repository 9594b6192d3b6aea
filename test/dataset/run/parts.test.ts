/** Parts of a run that can be told apart: overlaps, runs, doubt, reading ahead. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Mask } from "../../../src/core/mask.ts";
import { decodeRuns, encodeRuns, runArea } from "../../../src/core/run-length.ts";
import { doubtOf } from "../../../src/dataset/run/doubt.ts";
import { prefetch } from "../../../src/dataset/run/prefetch.ts";
import { runsInBox } from "../../../src/dataset/run/refine-pieces.ts";
import { resolveOverlaps } from "../../../src/dataset/run/resolve-overlaps.ts";
import type { Region } from "../../../src/engine/refine-photo.ts";

const W = 7;
const H = 5;
const masks: fc.Arbitrary<Mask> = fc
  .array(fc.nat(1), { minLength: W * H, maxLength: W * H })
  .map((cells) => ({ width: W, height: H, data: Uint8Array.from(cells) }));

describe("runsInBox", () => {
  it("says what the plain encoder says", () => {
    fc.assert(
      fc.property(masks, (mask) => {
        expect(runsInBox(mask)).toEqual(encodeRuns(mask));
      }),
    );
  });

  it.each([0, 1])("knows a mask of nothing but %i", (value) => {
    const mask = { width: W, height: H, data: new Uint8Array(W * H).fill(value) };
    expect(runsInBox(mask)).toEqual(encodeRuns(mask));
  });
});

describe("resolveOverlaps", () => {
  it("gives every pixel to one region, adds none, and empties none", () => {
    const rules = fc.constantFrom("order", "area", "predicted-iou" as const);
    fc.assert(
      fc.property(fc.array(masks, { maxLength: 5 }), rules, (list, rule) => {
        const regions = list.map((mask, i) => ({
          runs: encodeRuns(mask),
          order: i % 2,
          predictedIoU: i / 5,
        }));
        const settled = resolveOverlaps(regions, rule);
        const owners = new Uint8Array(W * H);
        settled.forEach(({ runs, lost }, i) => {
          const before = list[i]!.data;
          const { data } = decodeRuns(runs);
          for (let p = 0; p < data.length; p++) expect(data[p]! <= before[p]!).toBe(true);
          expect(runArea(runs) + lost).toBe(runArea(regions[i]!.runs));
          if (runArea(regions[i]!.runs) > 0) expect(runArea(runs)).toBeGreaterThan(0);
          if (lost > 0) for (let p = 0; p < data.length; p++) owners[p]! += data[p]!;
        });
        // Those that lost pixels share none with each other.
        expect(Math.max(0, ...owners)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("doubtOf", () => {
  const iteration = (accepted: boolean, contrast: number, scores: object) => ({
    source: "coarse" as const,
    prompts: { tightBox: [0, 0, 1, 1] as const },
    candidates: [{ token: 1, predictedIoU: 0.9, stability: 0.9, coarseIoU: 0.9, chosen: true, ...scores }],
    contrast,
    accepted,
  });
  const region = (
    verdict: Region["verdict"],
    coarseIoU: number,
    contrast: number,
    scores: object = {},
  ): Region =>
    ({
      ...{ maskIndex: 0, label: 1, box: [0, 0, 1, 1], area: 1, refinedArea: 1, verdict, coarseIoU },
      ...{ coarseContrast: 10, iterations: [iteration(verdict === "refined", contrast, scores)] },
    }) as Region;

  it("rises with the change, an unsure model, a loose outline and a small gain", () => {
    const calm = doubtOf(region("refined", 0.95, 20));
    expect(calm).toBeCloseTo(1 - (0.95 * 0.9 * 0.9 * 1) ** 0.25, 10);
    for (const doubtful of [
      region("refined", 0.4, 20),
      region("refined", 0.95, 11),
      region("refined", 0.95, 20, { predictedIoU: 0.3 }),
      region("refined", 0.95, 20, { stability: 0.3 }),
    ])
      expect(doubtOf(doubtful)).toBeGreaterThan(calm);
  });

  it("of a kept region is high where a sure candidate differs much", () => {
    expect(doubtOf(region("kept", 1, 9, { coarseIoU: 0.2 }))).toBeCloseTo(0.8 * 0.81, 10);
    expect(doubtOf(region("kept", 1, 9, { coarseIoU: 1 }))).toBe(0);
    expect(doubtOf(region("unchanged", 1, 9))).toBe(0);
  });

  it("lies within 0 and 1 whatever the scores", () => {
    const score = fc.double({ min: -2, max: 3, noNaN: true });
    fc.assert(
      fc.property(score, score, score, fc.constantFrom("refined", "kept" as const), (a, b, c, verdict) => {
        const doubt = doubtOf(region(verdict, a, 10 * c, { predictedIoU: b, stability: c, coarseIoU: a }));
        expect(doubt >= 0 && doubt <= 1).toBe(true);
      }),
    );
  });
});

describe("prefetch", () => {
  it("makes items before they are asked for, so many and no more, and throws in turn", async () => {
    const made: number[] = [];
    async function* source(): AsyncGenerator<number> {
      for (let i = 0; i < 9; i++) {
        if (i === 6) throw new Error("six");
        made.push(i);
        yield i;
      }
    }
    const items = prefetch(source(), 2);
    expect(await items.next()).toEqual({ done: false, value: 0 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(made).toEqual([0, 1, 2]);
    for (let i = 1; i < 6; i++) expect((await items.next()).value).toBe(i);
    await expect(items.next()).rejects.toThrow("six");
  });

  it("ends its source when it is left", async () => {
    let ended = false;
    async function* source(): AsyncGenerator<number> {
      try {
        for (let i = 0; ; i++) yield i;
      } finally {
        ended = true;
      }
    }
    for await (const item of prefetch(source(), 3)) if (item === 4) break;
    expect(ended).toBe(true);
  });
});

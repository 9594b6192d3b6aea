/** The review's tree without VS Code. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  countRegions,
  groupByPhoto,
  isOpen,
  NO_FILTER,
  regionId,
  shownRegions,
  stepFrom,
  verdicts,
  withDecisions,
} from "../../../src/extension/review/review-model.ts";
import {
  countsText,
  filterText,
  regionDescription,
  regionLabel,
  regionTooltip,
  runDescription,
} from "../../../src/extension/review/review-texts.ts";
import type { ReviewRegion, ReviewView } from "../../../src/protocol/engine.ts";
import { english as t } from "../english.ts";

function region(key: string, id: string, doubt: number, more: Partial<ReviewRegion> = {}): ReviewRegion {
  return { key, target: 0, id, label: id, verdict: "refined", doubt, coarseIoU: 0.9, ...more };
}

const regions = [
  region("a.jpg", "1", 0.2, { label: "cat" }),
  region("a.jpg", "2", 0.8, { label: "Catfish", verdict: "kept" }),
  region("b.jpg", "1", 0.5, { label: "dog", decision: "accepted" }),
  region("b.jpg", "2", 1, { label: "dog", verdict: "failed" }),
];
const view = { regions } as unknown as ReviewView;
const ids = (list: readonly ReviewRegion[]): string[] => list.map(({ key, id }) => `${key} ${id}`);

describe("regions that are shown", () => {
  it("come by doubt", () => {
    expect(ids(shownRegions(view, NO_FILTER))).toEqual(["b.jpg 2", "a.jpg 2", "b.jpg 1", "a.jpg 1"]);
  });

  it.each([
    [{ verdicts: ["kept", "failed"] as const }, ["b.jpg 2", "a.jpg 2"]],
    [{ undecided: true }, ["b.jpg 2", "a.jpg 2", "a.jpg 1"]],
    [{ label: "CAT" }, ["a.jpg 2", "a.jpg 1"]],
    [{ verdicts: ["refined"] as const, label: "dog", undecided: true }, []],
  ])("%j", (filter, expected) => {
    expect(ids(shownRegions(view, { ...NO_FILTER, ...filter }))).toEqual(expected);
    expect(isOpen({ ...NO_FILTER, ...filter })).toBe(false);
  });

  it("stand below their photos, the photo with the most doubtful one first", () => {
    const groups = groupByPhoto(shownRegions(view, NO_FILTER));
    expect(groups.map(({ key, doubt, regions: own }) => [key, doubt, own.length])).toEqual([
      ["b.jpg", 1, 2],
      ["a.jpg", 0.8, 2],
    ]);
  });
});

describe("counts", () => {
  it("tell verdicts, decisions and what is left to review", () => {
    const counts = countRegions(view);
    expect(counts).toEqual({
      verdicts: { refined: 2, kept: 1, unchanged: 0, failed: 1 },
      accepted: 1,
      rejected: 0,
      open: 1,
    });
    expect(countsText(counts, t)).toBe("4 regions: 2 refined, 1 kept, 1 failed · 1 accepted, 0 rejected");
  });
});

describe("decisions", () => {
  it("are taken in, and back", () => {
    const once = withDecisions(view, [
      { key: "a.jpg", target: 0, id: "1", decision: "rejected" },
      { key: "b.jpg", target: 0, id: "1", decision: null },
    ]);
    expect(once.regions.map(({ decision }) => decision)).toEqual([
      "rejected",
      undefined,
      undefined,
      undefined,
    ]);
    expect(view.regions[2]?.decision).toBe("accepted");
  });
});

describe("walking", () => {
  it("visits every region once and comes back, both ways", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.constantFrom(1 as const, -1 as const), (count, by) => {
        const list = Array.from({ length: count }, (_, i) => region("p", String(i), i / count));
        const first = stepFrom(list, undefined, by)!;
        const seen = [first];
        for (
          let at = stepFrom(list, regionId(first), by)!;
          at !== first;
          at = stepFrom(list, regionId(at), by)!
        )
          seen.push(at);
        expect(new Set(seen).size).toBe(count);
      }),
    );
    expect(stepFrom([], undefined, 1)).toBeUndefined();
    // One that the filter has let go.
    expect(stepFrom(regions, "gone", 1)).toBe(regions[0]);
  });
});

describe("texts", () => {
  it.each([
    ["17", "17", "17"],
    ["3/2", "3", "3 (2)"],
    ["annotations/17", "cat", "cat (annotations/17)"],
  ])("region %s of class %s is %s", (id, label, text) => expect(regionLabel({ id, label })).toBe(text));

  it("describe regions and runs", () => {
    const one = region("a.jpg", "1", 0.421, { predictedIoU: 0.876, reason: "why", label: "cat" });
    expect(regionDescription(one, t)).toBe("refined · doubt 0.42 · coarse IoU 0.90 · predicted IoU 0.88");
    expect(regionTooltip(one, "/d/a.png", t).split("\n")).toEqual([
      "a.jpg: cat (1)",
      "refined · doubt 0.42 · coarse IoU 0.90 · predicted IoU 0.88",
      "/d/a.png",
      "why",
      "not decided",
    ]);
    expect(runDescription({ out: null }, String, t)).toBe("in place, not finished");
    expect(runDescription({ out: "/r", ended: "2026" }, String, t)).toBe("→ /r");
    expect(filterText({ verdicts: [verdicts[3]!], undecided: true, label: "cat" }, 7, t)).toBe(
      'Filter: failed, not decided, "cat" (7 shown)',
    );
  });
});

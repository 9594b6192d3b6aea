import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Box } from "../../src/core/mask.ts";
import { iterationPanels } from "../../src/render/explain-panels.ts";
import { explainSheet } from "../../src/render/explain-sheet.ts";
import {
  bestMasks,
  type ExplainedIteration,
  type ExplainedRegion,
  regionMask,
} from "../../src/render/explained-region.ts";
import { createPicture, type Picture } from "../../src/render/picture.ts";
import { MUTED, NEGATIVE, POSITIVE } from "../../src/render/theme.ts";
import { fitView, viewPicture } from "../../src/render/view.ts";
import { labelsOf, mapOf } from "./helpers.ts";

function expectBounded(sheet: Picture): void {
  expect(sheet.width).toBeLessThanOrEqual(2400);
  expect(sheet.height).toBeLessThanOrEqual(4000);
}

function candidates(
  count: number,
  mask?: ExplainedIteration["candidates"][number]["mask"],
): ExplainedIteration["candidates"] {
  return Array.from({ length: count }, (_, token) => {
    const figures = { token, predictedIoU: 0.9, stability: 0.8, coarseIoU: 0.7, chosen: token === 1 };
    return mask ? { ...figures, mask } : figures;
  });
}

function regionOf(box: Box, iterations: readonly ExplainedIteration[], area = 1): ExplainedRegion {
  return { label: 1, box, area, refinedArea: 2, verdict: "refined", coarseIoU: 0.5, iterations };
}

describe("explainSheet", () => {
  it("takes no region at all", () => {
    const map = labelsOf("1");
    expectBounded(explainSheet({ photo: createPicture(1, 1), coarse: map, refined: map, regions: [] }));
  });

  it("stays bounded with 32 regions of 9 iterations and nothing kept", () => {
    const prompts = { tightBox: [1, 1, 5, 5], box: [0, 0, 7, 7] } as const;
    const iteration = {
      source: "coarse",
      prompts,
      candidates: candidates(4),
      accepted: true,
      contrast: 3,
    } as const;
    const box = [1, 1, 5, 5] as const;
    const regions = Array.from({ length: 32 }, (_, i) => regionOf(box, Array(9).fill(iteration), i));
    const map = mapOf(40, 60, () => 1);
    expectBounded(
      explainSheet({ photo: createPicture(40, 60), coarse: map, refined: map, regions, title: "many" }),
    );
  });

  it("takes any size, box, point and number of candidates", () => {
    const side = fc.integer({ min: 1, max: 50 });
    const far = fc.integer({ min: -20, max: 70 });
    fc.assert(
      fc.property(
        side,
        side,
        far,
        far,
        fc.nat(5),
        fc.nat(3),
        fc.boolean(),
        (w, h, x, y, count, rounds, explained) => {
          const map = mapOf(w, h, (px, py) => Number(px >= x && py >= y));
          const tightBox = [x, y, x + count, y + rounds] as const;
          const box = [x - 0.35, y + 0.5, x + count + 0.35, y + rounds + 1.25] as const;
          const prompts = { tightBox, box, positive: { x, y }, negative: { x: y, y: x } };
          const kept = explained ? { maskLogits: new Float32Array(65_536).fill(x) } : {};
          const iteration: ExplainedIteration = {
            source: rounds > 2 ? "grown" : "best",
            prompts: { ...prompts, ...kept },
            candidates: explained ? candidates(count, map) : candidates(count),
            accepted: rounds > 1,
          };
          const regions = [regionOf(tightBox, Array(rounds).fill(iteration))];
          expectBounded(
            explainSheet({ photo: createPicture(w, h, [9, 9, 9]), coarse: map, refined: map, regions }),
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each([
    [4000, 20],
    [20, 4000],
  ])("takes a photo of %i × %i", (width, height) => {
    const map = mapOf(width, height, () => 1);
    const tightBox = [0, 0, width - 1, height - 1] as const;
    const prompts = { tightBox, maskLogits: new Float32Array(65_536) };
    const regions = [
      regionOf(tightBox, [{ source: "coarse", prompts, candidates: candidates(3, map), accepted: false }]),
    ];
    expectBounded(explainSheet({ photo: createPicture(width, height), coarse: map, refined: map, regions }));
  });

  it("names both sizes where a map does not fit the photo", () => {
    const input = {
      photo: createPicture(2, 2),
      coarse: labelsOf("111"),
      refined: labelsOf("111"),
      regions: [],
    };
    expect(() => explainSheet(input)).toThrow(/coarse mask is 3 × 1.*photo is 2 × 2/);
  });
});

describe("regionMask", () => {
  it("takes the pixels of the label, or all foreground where the map does not hold it", () => {
    expect([...regionMask(labelsOf("0122"), 2).data]).toEqual([0, 0, 1, 1]);
    expect([...regionMask(labelsOf("0110"), 255).data]).toEqual([0, 1, 1, 0]);
  });
});

describe("iterationPanels", () => {
  const [coarse, grown] = [labelsOf("100", "000"), labelsOf("110", "110")];
  const photo = createPicture(3, 2);
  const view = fitView([0, 0, 2, 1], { width: 30, height: 20 });
  const scene = { photo, view, shown: viewPicture(photo, view), coarse, cell: { width: 30, height: 20 } };
  const prompts = { tightBox: [0, 0, 0, 0] } as const;
  const panelsOf = (source: ExplainedIteration["source"], accepted = false, sourceMask = coarse) =>
    iterationPanels(scene, { source, sourceMask, prompts, candidates: candidates(2), accepted }, coarse);

  it.each([
    ["coarse", "prompts from coarse"],
    ["best", "prompts from best"],
    ["grown", "prompts from grown mask"],
    ["previous", "prompts from step before"],
  ] as const)("names where prompts from %s came from", (source, heading) => {
    expect(panelsOf(source)[0]?.heading).toBe(heading);
  });

  it("outlines the mask the prompts came from, not the best one", () => {
    const [fromCoarse] = panelsOf("grown");
    const [fromGrown] = panelsOf("grown", false, grown);
    expect(fromGrown?.picture.data).not.toEqual(fromCoarse?.picture.data);
  });

  it("does not call a step rejected that only leads to the next", () => {
    const chosen = (panels: ReturnType<typeof panelsOf>) => panels.find(({ tag }) => tag)?.frame;
    expect(chosen(panelsOf("grown"))).toEqual(MUTED);
    expect(chosen(panelsOf("previous"))).toEqual(NEGATIVE);
    expect(chosen(panelsOf("previous", true))).toEqual(POSITIVE);
  });
});

describe("bestMasks", () => {
  it("follows what was accepted", () => {
    const [coarse, better] = [labelsOf("10"), labelsOf("11")];
    const prompts = { tightBox: [0, 0, 0, 0] } as const;
    const rejected = { source: "best", prompts, candidates: candidates(2, better), accepted: false } as const;
    const accepted = { ...rejected, accepted: true };
    expect(bestMasks(coarse, [rejected, accepted, rejected])).toEqual([coarse, coarse, better, better]);
  });
});

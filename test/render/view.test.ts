import { describe, expect, it } from "vitest";
import { regionBox } from "../../src/render/region-box.ts";
import { fitView, viewEdges, viewLabels, viewPlace } from "../../src/render/view.ts";
import { labelsOf } from "./helpers.ts";

describe("fitView", () => {
  it("keeps proportions, and whole pixels where asked", () => {
    const box = [0, 0, 99, 49] as const;
    expect(fitView(box, { width: 250, height: 250 })).toEqual({ box, width: 250, height: 125 });
    expect(fitView(box, { width: 250, height: 250 }, true)).toEqual({ box, width: 200, height: 100 });
    expect(fitView(box, { width: 50, height: 50 }, true)).toEqual({ box, width: 50, height: 25 });
  });

  it("never shrinks a side to nothing", () => {
    expect(fitView([0, 0, 3999, 0], { width: 640, height: 640 })).toMatchObject({ width: 640, height: 1 });
  });
});

it("viewPlace and viewEdges follow the box", () => {
  const view = { box: [10, 20, 19, 29], width: 100, height: 50 } as const;
  expect(viewPlace({ x: 10, y: 20 }, view)).toEqual({ x: 5, y: 2.5 });
  expect(viewEdges([10, 20, 19, 29], view)).toEqual([0, 0, 100, 50]);
});

it("viewLabels crops and enlarges", () => {
  const { data } = viewLabels(labelsOf("123", "456"), { box: [1, 0, 2, 1], width: 4, height: 2 });
  expect([...data]).toEqual([2, 2, 3, 3, 5, 5, 6, 6]);
});

describe("regionBox", () => {
  const region = {
    label: 1,
    area: 1,
    refinedArea: 1,
    verdict: "kept",
    coarseIoU: 1,
    iterations: [],
  } as const;

  it("pads by 40 % and takes the cell's shape", () => {
    const box = regionBox(
      { ...region, box: [100, 100, 199, 119] },
      { width: 400, height: 300 },
      { width: 2, height: 1 },
    );
    expect(box).toEqual([60, 65, 239, 154]);
  });

  it("stays within the photo", () => {
    const cell = { width: 3, height: 2 };
    expect(regionBox({ ...region, box: [0, 0, 0, 0] }, { width: 1, height: 1 }, cell)).toEqual([0, 0, 0, 0]);
    expect(regionBox({ ...region, box: [90, 0, 99, 9] }, { width: 100, height: 10 }, cell)).toEqual([
      67, 0, 99, 9,
    ]);
  });
});

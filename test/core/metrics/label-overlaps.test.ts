import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LabelMap, Mask } from "../../../src/core/mask.ts";
import { boundaryIoU } from "../../../src/core/metrics/boundary-iou.ts";
import { labelOverlaps, meanOverLabels } from "../../../src/core/metrics/label-overlaps.ts";
import { maskIoU } from "../../../src/core/metrics/mask-iou.ts";
import { overlapIoU } from "../../../src/core/metrics/overlap.ts";
import { labels } from "../../helpers/ascii-mask.ts";

const truth = labels`
  11122
  11122
  11X22
  .....
  .....
`;
const found = labels`
  11222
  11222
  11122
  333..
  .....
`;

describe("labelOverlaps", () => {
  it("counts the pixels of each class, but none where the ground truth is ignored", () => {
    const masks = labelOverlaps(found, truth, { ignoreLabel: 255 }).map(({ label, inTruth, mask }) => ({
      label,
      inTruth,
      ...mask,
    }));
    expect(masks).toEqual([
      // Column 2 of the first two rows went to class 2; the pixel on X does not count.
      { label: 1, inTruth: true, both: 6, either: 8 },
      { label: 2, inTruth: true, both: 6, either: 8 },
      { label: 3, inTruth: false, both: 0, either: 3 },
    ]);
  });

  it("counts the ignore label as a class where none is ignored, and 0 where asked to", () => {
    const labelsOf = (rules: object) => labelOverlaps(found, truth, rules).map(({ label }) => label);
    expect(labelsOf({})).toEqual([1, 2, 3, 255]);
    expect(labelsOf({ ignoreLabel: 255, background: true })).toEqual([0, 1, 2, 3]);
    const background = labelOverlaps(found, truth, { ignoreLabel: 255, background: true })[0]!;
    expect(background.mask).toEqual({ both: 7, either: 10 });
  });

  it("gives each class the IoU and boundary IoU of its own masks", () => {
    const side = 7;
    const map = fc
      .array(fc.constantFrom(0, 1, 2, 300), { minLength: side * side, maxLength: side * side })
      .map((cells): LabelMap => ({ width: side, height: side, data: Uint16Array.from(cells) }));
    fc.assert(
      fc.property(map, map, (a, b) => {
        for (const { label, mask, boundary } of labelOverlaps(a, b)) {
          const only = ({ width, height, data }: LabelMap): Mask => ({
            width,
            height,
            data: Uint8Array.from(data, (v) => Number(v === label)),
          });
          expect(overlapIoU(mask)).toBe(maskIoU(only(a), only(b)));
          expect(overlapIoU(boundary)).toBe(boundaryIoU(only(a), only(b)));
        }
      }),
    );
  });
});

describe("meanOverLabels", () => {
  it("averages over the classes of the ground truth only", () => {
    expect(meanOverLabels(labelOverlaps(found, truth, { ignoreLabel: 255 })).iou).toBe(6 / 8);
  });

  it("is 1 where there is nothing and nothing was found, 0 where something was found", () => {
    const empty = labels`...`;
    expect(meanOverLabels(labelOverlaps(empty, empty))).toEqual({ iou: 1, boundary: 1 });
    expect(meanOverLabels(labelOverlaps(labels`.1.`, empty))).toEqual({ iou: 0, boundary: 0 });
    expect(meanOverLabels(labelOverlaps(empty, labels`.1.`))).toEqual({ iou: 0, boundary: 0 });
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../../src/protocol/mask-runs.ts";
import { changesOf } from "../../../src/webview/masks/changes.ts";
import { countChanges } from "../../../src/webview/masks/count-changes.ts";
import { anyMask, drawn } from "../samples.ts";

describe("counts of changes", () => {
  it("tell added and removed pixels", () => {
    const changes = changesOf(drawn`##..`, drawn`.###`);
    expect(countChanges([changes], { width: 4, height: 1 })).toEqual({ added: 2, removed: 1, relabelled: 0 });
  });

  it("count a pixel that went from one region to another once", () => {
    const first = changesOf(drawn`###.`, drawn`##..`);
    const second = changesOf(drawn`...#`, drawn`..##`);
    expect(countChanges([first, second], { width: 4, height: 1 })).toEqual({
      added: 0,
      removed: 0,
      relabelled: 1,
    });
  });

  it("add up to what differs in any mask", () => {
    const size = { width: 13, height: 11 };
    fc.assert(
      fc.property(anyMask(size), anyMask(size), (before, after) => {
        const { added, removed, relabelled } = countChanges([changesOf(runsOf(before), runsOf(after))], size);
        const differs = (from: 0 | 1): number =>
          before.data.filter((value, i) => value === from && after.data[i] !== from).length;
        expect([added, removed, relabelled]).toEqual([differs(0), differs(1), 0]);
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { t } from "../../../src/webview/dom/t.ts";
import { share } from "../../../src/webview/panels/figures.ts";
import { rowWords } from "../../../src/webview/panels/row-words.ts";
import { keyMove } from "../../../src/webview/stage/divider.ts";
import { stageWords } from "../../../src/webview/stage/stage-labels.ts";
import { region } from "../samples.ts";

describe("the divider", () => {
  it("moves with the keys of a slider", () => {
    const move = (key: string, shiftKey = false): number | undefined => keyMove({ key, shiftKey }, 0.5);
    expect(move("ArrowLeft")).toBeCloseTo(0.48);
    expect(move("ArrowRight", true)).toBeCloseTo(0.6);
    expect([move("Home"), move("End"), move("x")]).toEqual([0, 1, undefined]);
  });
});

describe("words over the stage", () => {
  const all = { mode: "swipe", holdCoarse: false, blinkCoarse: false, showMasks: true } as const;

  it("say which mask is where", () => {
    expect(stageWords(all)).toEqual(["Coarse", "Refined"]);
    expect(stageWords({ ...all, holdCoarse: true })).toEqual(["Coarse", ""]);
    expect(stageWords({ ...all, mode: "blink", blinkCoarse: true })).toEqual(["Coarse", ""]);
    expect(stageWords({ ...all, showMasks: false })).toEqual(["Masks hidden", ""]);
  });
});

describe("a region", () => {
  it("is told in one sentence", () => {
    const cup = region({ id: 3, predictedIoU: 0.912, coarseIoU: 0.8, doubt: 0.25 });
    expect(rowWords(cup, false)).toBe(
      "cup 3, refined, coarse IoU 0.80, predicted IoU 0.91, doubt 0.25, rejected",
    );
  });

  it("has figures of two digits, in their range", () => {
    expect([share(0.999), share(1.02), share(undefined)]).toEqual(["1.00", "1.00", "–"]);
  });
});

describe("texts", () => {
  it("are filled in", () => {
    expect(t("{0} of {1}", 3, 4)).toBe("3 of 4");
    expect(t("{0} {1}", "a")).toBe("a {1}");
  });
});

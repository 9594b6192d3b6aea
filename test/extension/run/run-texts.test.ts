/** What runs say, in English. */
import { describe, expect, it } from "vitest";
import { RunPace } from "../../../src/extension/run/run-pace.ts";
import { inPlace, mirrored } from "../../../src/extension/run/run-places.ts";
import {
  durationText,
  planText,
  refusedText,
  runProgressText,
  summaryText,
} from "../../../src/extension/run/run-texts.ts";
import { english as t } from "../english.ts";

const photo = { key: "p.jpg", photo: "/d/p.jpg", files: ["/d/p.png"] };

describe("before a run", () => {
  it.each([
    [1, "1 photo: 2 mask files, 1 COCO"],
    [3, "3 photos: 2 mask files, 1 COCO"],
  ])("counts %i photos", (count, text) => {
    const formats = [
      { format: "mask files", files: 2 },
      { format: "COCO", files: 1 },
    ];
    expect(planText({ photos: Array(count).fill(photo), formats }, t)).toBe(text);
  });

  it("lists what cannot be refined", () => {
    const refused = [
      { path: "/d/a.png", message: "a.png has no photo" },
      { path: "/d/b.png", message: "b.png is broken" },
    ];
    expect(refusedText({ root: "/d", refused }, t)).toBe(
      "2 files in d cannot be refined:\n\n- a.png has no photo\n- b.png is broken\n",
    );
  });

  it("puts results and journal where the command line does", () => {
    expect(inPlace("/d")).toEqual({ out: undefined, journal: "/d/samrefiner-run.jsonl" });
    expect(mirrored("refined", "/w")).toEqual({
      out: "/w/refined",
      journal: "/w/refined/samrefiner-run.jsonl",
    });
    expect(mirrored("/else", "/w").out).toBe("/else");
  });
});

describe("during a run", () => {
  it("says what it begins with, then how far it is", () => {
    const pace = new RunPace();
    expect(runProgressText({ stage: "load", done: 0, total: 0 }, pace, t)).toBe("loading the model");
    pace.add(0, 1000);
    expect(runProgressText({ stage: "encode", done: 0, total: 40 }, pace, t)).toBe("0 of 40 photos");
    pace.add(10, 6000);
    expect(runProgressText({ stage: "refine", done: 10, total: 40 }, pace, t)).toBe(
      "10 of 40 photos, 2.0 a second, 15 s left",
    );
  });

  it("measures the last photos, and slow ones by the minute", () => {
    const pace = new RunPace();
    // The first took a minute, while the model was loaded.
    pace.add(0, 0);
    for (let i = 1; i <= 40; i++) pace.add(i, 60_000 + 5000 * i);
    pace.add(40, 10_000_000);
    expect(pace.rate).toBeCloseTo(0.2);
    expect(pace.left(100)).toBeCloseTo(300);
    expect(runProgressText({ stage: "refine", done: 40, total: 100 }, pace, t)).toBe(
      "40 of 100 photos, 12.0 a minute, 5 min left",
    );
  });

  it.each([
    [0, "1 s"],
    [45, "45 s"],
    [59.6, "1 min"],
    [3599, "1 h 0 min"],
    [7800, "2 h 10 min"],
  ])("%d seconds are %s", (seconds, text) => expect(durationText(seconds, t)).toBe(text));
});

describe("after a run", () => {
  const summary = {
    journal: "/d/j.jsonl",
    photos: 24,
    failed: 0,
    regions: { refined: 52, kept: 5, unchanged: 3, failed: 0 },
    failures: [],
    stopped: false,
  };

  it("sums up", () => {
    expect(summaryText(summary, t)).toBe(
      "24 photos done: 52 regions refined, 5 kept, 3 unchanged, 0 failed.",
    );
  });

  it("says that it was stopped, and what failed", () => {
    const failures = [{ path: "a.png", message: "a.png is broken" }];
    expect(summaryText({ ...summary, failed: 1, failures, stopped: true }, t)).toBe(
      "Stopped after 24 photos: 52 regions refined, 5 kept, 3 unchanged, 0 failed. 1 file failed: the report tells why.",
    );
  });
});

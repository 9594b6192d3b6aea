import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluateFiles } from "../../../src/dataset/evaluate/evaluate.ts";
import type { EvaluateOptions, LabelEvaluation } from "../../../src/dataset/evaluate/evaluation.ts";
import { encodeBinaryPNG, encodeLabelPNG } from "../../../src/formats/mod.ts";
import { ascii, labels } from "../../helpers/ascii-mask.ts";
import { rgb } from "../plan/tree.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "samrefiner-evaluate-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (...names: string[]): string => join(folder, ...names);

async function put(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(at(path)), { recursive: true });
  await writeFile(at(path), bytes);
}

async function evaluate(pred: string, gt: string, options: EvaluateOptions = {}): Promise<LabelEvaluation> {
  return (await evaluateFiles(at(pred), at(gt), options, 1e9)) as LabelEvaluation;
}

const square = ascii`
  .....
  .###.
  .###.
  .###.
  .....
`;
const corner = ascii`
  .....
  .##..
  .##..
  .....
  .....
`;
const classes = labels`
  1122
  1122
  ..XX
`;
const foundClasses = labels`
  1222
  1122
  33..
`;

describe("evaluate, two mask files", () => {
  it("reads colours by the ground truth's labelmap.txt, also where the prediction has none", async () => {
    const [black, red, green] = [
      [0, 0, 0],
      [128, 0, 0],
      [0, 128, 0],
    ] as const;
    await put("colours/labelmap.txt", "cat:128,0,0::\ndog:0,128,0::\n");
    await put("colours/truth.png", rgb([black, red, red, green], 2));
    await put("elsewhere/below/found.png", rgb([black, red, green, green], 2));
    const { classes: rows } = await evaluate("elsewhere/below/found.png", "colours/truth.png");
    expect(rows.map(({ label, iou }) => [label, iou])).toEqual([
      [1, 0.5],
      [2, 0.5],
    ]);
  });

  it("scores a binary mask, whatever its foreground is stored as", async () => {
    await put("one/truth.png", encodeBinaryPNG(square));
    await put("one/found.png", encodeLabelPNG(corner));
    const {
      overall,
      classes: rows,
      photos,
      problems,
      notes,
    } = await evaluate("one/found.png", "one/truth.png");
    // Boundary: the truth's ring of 8 pixels, of which the corner, all ring, covers 3, and its own fourth pixel.
    const scores = { iou: 4 / 9, boundaryIoU: 3 / 9 };
    // Near the contour lie 8 + 12 pixels; 5 of the square's ring are missed.
    expect(photos).toEqual([{ name: at("one/truth.png"), ...scores, mBA: 15 / 20 }]);
    expect(rows).toEqual([{ label: 1, photos: 1, ...scores }]);
    expect(overall).toEqual({ photos: 1, ...scores, mIoU: 4 / 9, mBoundaryIoU: 3 / 9, mBA: 15 / 20 });
    expect([problems, notes]).toEqual([[], []]);
  });

  it("scores a label map by class; the ignore label counts nowhere", async () => {
    await put("two/truth.png", encodeLabelPNG(classes));
    await put("two/found.png", encodeLabelPNG(foundClasses));
    const { overall, classes: rows, notes } = await evaluate("two/found.png", "two/truth.png");
    expect(rows.map(({ label, photos, iou }) => [label, photos, iou])).toEqual([
      [1, 1, 3 / 4],
      [2, 1, 4 / 5],
      [3, 0, 0],
    ]);
    expect(overall.mIoU).toBeCloseTo((3 / 4 + 4 / 5) / 2, 12);
    expect(notes).toEqual(["label 255 is the ignore label: where the ground truth has it, nothing counts"]);
  });

  it("counts the background and other ignore labels where asked to", async () => {
    await put("three/truth.png", encodeLabelPNG(classes));
    await put("three/found.png", encodeLabelPNG(foundClasses));
    const run = (options: EvaluateOptions) => evaluate("three/found.png", "three/truth.png", options);
    const background = (await run({ background: true })).classes[0];
    expect(background).toMatchObject({ label: 0, photos: 1, iou: 0 });
    expect((await run({ ignoreLabel: null })).classes.map(({ label }) => label)).toEqual([1, 2, 3, 255]);
    expect((await run({ ignoreLabel: 2 })).classes.map(({ label }) => label)).toEqual([1, 3, 255]);
    // As one object: 8 pixels in both, 2 wrong ones beside; void counts nowhere only as a label.
    expect((await run({ encoding: "binary" })).overall.iou).toBe(8 / 10);
  });

  it("says which sizes differ, which file is none and what is missing", async () => {
    await put("bad/truth.png", encodeBinaryPNG(square));
    await put("bad/small.png", encodeBinaryPNG(ascii`.#`));
    await put("bad/text.png", "no picture");
    await expect(evaluate("bad/small.png", "bad/truth.png")).rejects.toThrow(
      `${at("bad/small.png")} is 2×1 pixels: expected 5×5 as ${at("bad/truth.png")}`,
    );
    await expect(evaluate("bad/text.png", "bad/truth.png")).rejects.toThrow(/text\.png: found .*expected/);
    await expect(evaluate("bad/none.png", "bad/truth.png")).rejects.toThrow(
      `${at("bad/none.png")} cannot be read (no such file or folder): expected the predictions`,
    );
    await expect(evaluate("bad", "bad/truth.png")).rejects.toThrow("expected two folders or two files");
  });
});

describe("evaluate, two folders", () => {
  it("pairs by path, then by name, then without _mask; the rest is named and the others are scored", async () => {
    for (const name of ["a/1.png", "a/2.png", "b/1.png", "lost.png"])
      await put(`gt/${name}`, encodeBinaryPNG(square));
    for (const name of ["a/1.png", "2_mask.png", "b/1.png", "more.png"])
      await put(`pred/${name}`, encodeBinaryPNG(name === "b/1.png" ? corner : square));
    const { photos, problems, overall } = await evaluate("pred", "gt");
    expect(photos.map(({ name, iou }) => [name, iou])).toEqual([
      ["a/1.png", 1],
      ["a/2.png", 1],
      ["b/1.png", 4 / 9],
    ]);
    expect(problems).toEqual([
      `${at("gt/lost.png")} has no prediction in ${at("pred")}: it is left out`,
      `${at("pred/more.png")} has no ground truth: it is left out`,
    ]);
    expect(overall.iou).toBeCloseTo((1 + 1 + 4 / 9) / 3, 12);
    // All pixels of the class together: 22 of 27.
    expect(overall.mIoU).toBe(22 / 27);
  });

  it("keeps classes apart where a photo has only one, and whites binary beside label maps", async () => {
    await put("mixed-gt/plain.png", encodeLabelPNG(labels`77`));
    await put("mixed-gt/white.png", encodeBinaryPNG(square));
    await put("mixed-gt/map.png", encodeLabelPNG(classes));
    await put("mixed-pred/plain.png", encodeLabelPNG(labels`75`));
    await put("mixed-pred/white.png", encodeBinaryPNG(corner));
    await put("mixed-pred/map.png", encodeLabelPNG(classes));
    const { photos } = await evaluate("mixed-pred", "mixed-gt");
    expect(photos.map(({ name, iou }) => [name, iou])).toEqual([
      ["map.png", 1],
      ["plain.png", 1 / 2],
      ["white.png", 4 / 9],
    ]);
  });

  it("names files that cannot be used and scores the others; photos without contour have no mBA", async () => {
    await put("some-gt/1.png", encodeBinaryPNG(square));
    await put("some-gt/2.png", encodeBinaryPNG(square));
    await put("some-gt/3.png", encodeLabelPNG(labels`...`));
    await put("some-pred/1.png", "garbage");
    await put("some-pred/2.png", encodeBinaryPNG(square));
    await put("some-pred/3.png", encodeLabelPNG(labels`...`));
    const { photos, problems, overall } = await evaluate("some-pred", "some-gt");
    expect(photos).toEqual([
      { name: "2.png", iou: 1, boundaryIoU: 1, mBA: 1 },
      { name: "3.png", iou: 1, boundaryIoU: 1 },
    ]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(at("some-pred/1.png"));
    expect(overall.mBA).toBe(1);
  });

  it("refuses folders that have no file in common, or none at all", async () => {
    await put("x/1.png", encodeBinaryPNG(square));
    await put("y/2.png", encodeBinaryPNG(square));
    await put("empty/readme.md", "");
    await expect(evaluate("x", "y")).rejects.toThrow(
      `No file of ${at("x")} has the name of a ground truth: found 1.png, expected 2.png`,
    );
    await expect(evaluate("x", "empty")).rejects.toThrow(`${at("empty")} holds no masks`);
  });

  it("stops when asked to, and says how far it is", async () => {
    const seen: string[] = [];
    await evaluate("some-pred", "some-gt", { onPhoto: (done, total) => seen.push(`${done}/${total}`) });
    expect(seen).toEqual(["1/3", "2/3", "3/3"]);
    await expect(
      evaluate("some-pred", "some-gt", { signal: AbortSignal.abort(new Error("stop")) }),
    ).rejects.toThrow("stop");
  });
});

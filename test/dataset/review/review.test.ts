/** Reviews of small runs with a stub engine: what decisions write, note, survive and refuse. */
import { execFileSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LabelMap } from "../../../src/core/mask.ts";
import { loadMask } from "../../../src/dataset/load-mask.ts";
import { decideReview } from "../../../src/dataset/review/decide-review.ts";
import { openReview } from "../../../src/dataset/review/open-review.ts";
import type { RegionDecision } from "../../../src/dataset/review/review.ts";
import { readJournal } from "../../../src/dataset/run/journal/read-journal.ts";
import { reportCSV, reportJournal } from "../../../src/dataset/run/report-run.ts";
import { restoreRun } from "../../../src/dataset/run/restore-run.ts";
import { encodeLabelPNG } from "../../../src/formats/mod.ts";
import { height, maskBytes, Place, photoBytes, StubEngine, width } from "../run/stub.ts";

let place: Place;
let stub: StubEngine;
beforeEach(async () => {
  place = await Place.make();
  stub = new StubEngine();
});
afterEach(() => place.remove());

const journal = (): string => place.path("out", "samrefiner-run.jsonl");
const log = (): string => place.path("data", "samrefiner-run.jsonl");

const reject = (key: string, id: string, target = 0): RegionDecision => ({
  key,
  target,
  id,
  decision: "rejected",
});
const accept = (key: string, id: string, target = 0): RegionDecision => ({
  key,
  target,
  id,
  decision: "accepted",
});

function all(path: string, decision: RegionDecision["decision"]): RegionDecision[] {
  return openReview(path).regions.map(({ key, target, id }) => ({ key, target, id, decision }));
}

async function valuesOf(name: string): Promise<LabelMap> {
  return (await loadMask(place.path(name), { encoding: "labels" }, 1e6)).map;
}

/** Rectangles drawn one after another; both ends of a box inclusive. */
function scene(
  ...boxes: readonly (readonly [value: number, x0: number, y0: number, x1: number, y1: number])[]
): LabelMap {
  const data = new Uint8Array(width * height);
  for (const [value, x0, y0, x1, y1] of boxes)
    for (let y = y0; y <= y1; y++) data.fill(value, y * width + x0, y * width + x1 + 1);
  return { width, height, data };
}

/** The engine moves each by one pixel to the right: 1 goes over 2, and 2 over nothing. */
const neighbours = scene([1, 5, 5, 14, 14], [2, 15, 5, 24, 14], [7, 2, 20, 10, 25]);

async function labelRun(options = {}): Promise<void> {
  await place.write("data/images/p.png", await photoBytes(1));
  await place.write("data/masks/p.png", encodeLabelPNG(neighbours));
  await place.run(stub, { mode: "instance", ...options });
}

describe("a review of masks", () => {
  it("gives a rejected region its coarse bytes back, and an accepted one its refined bytes", async () => {
    await place.photos(2);
    await place.run(stub);
    const refined = await place.read("out/masks/p0.png");
    const key = "images/p0.png";
    expect(await decideReview(journal(), [reject(key, "1")])).toEqual({
      written: [place.path("out/masks/p0.png")],
      failures: [],
    });
    expect(await place.read("out/masks/p0.png")).toEqual(await place.read("data/masks/p0.png"));
    expect(openReview(journal()).regions.map((region) => [region.key, region.decision])).toEqual([
      ["images/p0.png", "rejected"],
      ["images/p1.png", undefined],
    ]);
    await decideReview(journal(), [accept(key, "1")]);
    expect(await place.read("out/masks/p0.png")).toEqual(refined);
    expect((await decideReview(journal(), [{ ...accept(key, "1"), decision: null }])).written).toEqual([]);
    expect(openReview(journal()).regions.every(({ decision }) => decision === undefined)).toBe(true);
  });

  it("opens with absolute paths, the most doubtful first", async () => {
    await place.photos(2);
    await place.write("data/masks/p0.png", maskBytes(20, 0, 39, 9));
    await place.write("data/masks/p1.png", "garbage");
    await place.run(stub, { settings: { iterations: 1 } });
    const review = openReview(journal());
    expect(review).toMatchObject({
      root: place.path("data"),
      out: place.path("out"),
      ended: expect.any(String),
    });
    expect(review.photos[0]).toEqual({
      key: "images/p0.png",
      photo: place.path("data/images/p0.png"),
      files: [place.path("data/masks/p0.png")],
      originals: [place.path("data/masks/p0.png")],
    });
    expect(review.method).toEqual({ preset: "default", mode: "auto", settings: { iterations: 1 } });
    expect(review.regions).toMatchObject([
      { key: "images/p0.png", target: 0, id: "1", verdict: "kept", doubt: 0 },
    ]);
    expect(review.failures).toMatchObject([{ path: "masks/p1.png" }]);
  });
});

describe("a review of a label map", () => {
  it("is the run's bytes when everything is accepted and the source's when everything is rejected", async () => {
    await labelRun();
    const [source, refined] = [await place.read("data/masks/p.png"), await place.read("out/masks/p.png")];
    expect(refined).not.toEqual(source);
    await decideReview(journal(), all(journal(), "rejected"));
    expect(await place.read("out/masks/p.png")).toEqual(source);
    await decideReview(journal(), all(journal(), "accepted"));
    expect(await place.read("out/masks/p.png")).toEqual(refined);
  });

  it("leaves a pixel coarse if the region that had it or the one that won it is rejected", async () => {
    await labelRun();
    const [before, after] = [neighbours.data, (await valuesOf("out/masks/p.png")).data];
    // Column 15 went from 2 to 1; column 5 from 1 to nothing; column 25 from nothing to 2.
    const at = (data: LabelMap["data"]): number[] => [5, 15, 25].map((x) => data[10 * width + x]!);
    expect([at(before), at(after)]).toEqual([
      [1, 2, 0],
      [0, 1, 2],
    ]);
    await decideReview(journal(), [reject("images/p.png", "1")]);
    expect(at((await valuesOf("out/masks/p.png")).data)).toEqual([1, 2, 2]);
    await decideReview(journal(), [accept("images/p.png", "1"), reject("images/p.png", "2")]);
    expect(at((await valuesOf("out/masks/p.png")).data)).toEqual([0, 2, 0]);
    const third = (data: LabelMap["data"]): LabelMap["data"] => data.map((v) => (v === 7 ? 7 : 0));
    expect(third((await valuesOf("out/masks/p.png")).data)).toEqual(third(after));
  });

  it("knows the parts of a class", async () => {
    const map = scene([3, 2, 2, 8, 8], [3, 25, 15, 33, 25]);
    await place.write("data/images/p.png", await photoBytes(1));
    await place.write("data/masks/p.png", encodeLabelPNG(map));
    await place.run(stub, { mode: "semantic", preset: "paper" });
    const ids = openReview(journal()).regions.map(({ id }) => id);
    expect(ids.sort()).toEqual(["3/1", "3/2"]);
    await decideReview(journal(), [reject("images/p.png", "3/2")]);
    const { data } = await valuesOf("out/masks/p.png");
    expect([data[5 * width + 2], data[5 * width + 9]]).toEqual([0, 3]);
    expect([data[20 * width + 25], data[20 * width + 34]]).toEqual([3, 0]);
  });

  it("keeps Cityscapes' siblings in agreement", async () => {
    const box = scene([1, 5, 5, 14, 14]);
    const ids = { ...box, data: Uint16Array.from(box.data, (v) => (v === 0 ? 7 : 26001)) };
    const classes = { ...box, data: box.data.map((v) => (v === 0 ? 7 : 26)) };
    await place.write("data/leftImg8bit/val/c/c_1_leftImg8bit.png", await photoBytes(1));
    const folder = "gtFine/val/c/c_1_gtFine";
    await place.write(`data/${folder}_instanceIds.png`, encodeLabelPNG(ids));
    await place.write(`data/${folder}_labelIds.png`, encodeLabelPNG(classes));
    await place.run(stub);
    const refined = await place.tree("out");
    expect((await valuesOf(`out/${folder}_labelIds.png`)).data).not.toEqual(classes.data);
    await decideReview(journal(), all(journal(), "rejected"));
    for (const kind of ["instanceIds", "labelIds"])
      expect(await place.read(`out/${folder}_${kind}.png`)).toEqual(
        await place.read(`data/${folder}_${kind}.png`),
      );
    await decideReview(journal(), all(journal(), null));
    expect(await place.tree("out")).toEqual(refined);
  });
});

describe("a review of annotations", () => {
  /** Two overlapping rectangles on the first photo, one on the second. */
  async function coco(): Promise<void> {
    for (const i of [1, 2]) await place.write(`data/images/${i}.png`, await photoBytes(i));
    const boxes = [
      [11, 1, 4, 4, 14, 14],
      [12, 1, 10, 4, 20, 14],
      [13, 2, 8, 8, 18, 18],
    ] as const;
    const annotations = boxes.map(([id, image_id, x0, y0, x1, y1]) => ({
      ...{ id, image_id, category_id: 3, iscrowd: 0, area: 100, bbox: [x0, y0, 10, 10] },
      segmentation: [[x0, y0, x1, y0, x1, y1, x0, y1]],
    }));
    const images = [1, 2].map((id) => ({ id, file_name: `${id}.png`, width, height }));
    const categories = [{ id: 3, name: "box" }];
    await place.write("data/annotations/a.json", JSON.stringify({ images, categories, annotations }));
  }

  const file = "annotations/a.json";

  async function left(): Promise<Record<number, number>> {
    const { annotations } = JSON.parse(String(await place.read(`out/${file}`))) as {
      annotations: { id: number; bbox: number[] }[];
    };
    return Object.fromEntries(annotations.map(({ id, bbox }) => [id, bbox[0]!]));
  }

  it.each(["keep", "order"] as const)("changes only what was decided, overlaps %s", async (overlaps) => {
    await coco();
    await place.run(stub, { overlaps });
    const [source, refined] = [await place.read(`data/${file}`), await place.read(`out/${file}`)];
    expect(await left()).toEqual({ 11: 5, 12: 11, 13: 9 });
    const ids = openReview(journal()).regions.map(({ key, id }) => [key, id] as const);
    const [second] = ids.filter(([, id]) => id.endsWith("12"));
    expect((await decideReview(journal(), [reject(...second!)])).written).toEqual([place.path("out", file)]);
    expect(await left()).toEqual({ 11: 5, 12: 10, 13: 9 });
    await decideReview(journal(), all(journal(), "rejected"));
    expect(await place.read(`out/${file}`)).toEqual(source);
    await decideReview(journal(), all(journal(), null));
    expect(await place.read(`out/${file}`)).toEqual(refined);
  });

  it("keeps decisions when the file is gone and a run assembles it again", async () => {
    await coco();
    await place.run(stub);
    await decideReview(journal(), [reject("images/1.png", "annotations/11")]);
    const reviewed = await place.read(`out/${file}`);
    await rm(place.path("out", file));
    const encoded = stub.encoded;
    await place.run(stub, { resume: true });
    expect([await place.read(`out/${file}`), stub.encoded]).toEqual([reviewed, encoded]);
  });

  it("works in place, and a run knows its results", async () => {
    await coco();
    const source = await place.read(`data/${file}`);
    await place.run(stub, { inPlace: true });
    await decideReview(log(), [reject("images/1.png", "annotations/11")]);
    const reviewed = await place.read(`data/${file}`);
    expect(reviewed).not.toEqual(source);
    const results = await place.run(stub, { inPlace: true, resume: true });
    expect(results.map(({ status }) => status)).toEqual(["known", "known"]);
    expect(await place.read(`data/${file}`)).toEqual(reviewed);
    await decideReview(log(), all(log(), "rejected"));
    expect(await place.read(`data/${file}`)).toEqual(source);
  });

  it("is refused while the file waits for photos", async () => {
    await coco();
    const run = await place.start(stub);
    await run.next();
    await run.return();
    const { failures } = await decideReview(journal(), [reject("images/1.png", "annotations/11")]);
    expect(failures[0]?.message).toMatch(/has not been written yet/);
  });
});

describe("a mask that lies as its rotated photo is stored", () => {
  it("gets its coarse bytes back", async () => {
    const photo = await sharp({ create: { width: 30, height: 40, channels: 3, background: "#456" } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    await place.write("data/images/p.jpg", photo);
    // Stored 30×40, displayed 40×30.
    const stored = { width: 30, height: 40, data: new Uint8Array(1200) };
    for (let y = 5; y < 20; y++) stored.data.fill(4, y * 30 + 3, y * 30 + 9);
    for (let y = 22; y < 30; y++) stored.data.fill(6, y * 30 + 3, y * 30 + 9);
    await place.write("data/masks/p.png", encodeLabelPNG(stored));
    await place.run(stub, { mode: "instance" });
    const refined = await place.read("out/masks/p.png");
    await decideReview(journal(), [reject("images/p.jpg", "4")]);
    const { data } = await valuesOf("out/masks/p.png");
    expect([...data].map((v, i) => (v === 4) === (stored.data[i] === 4)).every(Boolean)).toBe(true);
    expect([...data].some((v, i) => (v === 6) !== (stored.data[i] === 6))).toBe(true);
    await decideReview(journal(), all(journal(), "rejected"));
    expect(await place.read("out/masks/p.png")).toEqual(await place.read("data/masks/p.png"));
    await decideReview(journal(), all(journal(), "accepted"));
    expect(await place.read("out/masks/p.png")).toEqual(refined);
  });
});

describe("a review in place", () => {
  it("puts coarse pixels back from the originals, which restore still brings back", async () => {
    await labelRun({ inPlace: true });
    const refined = await place.read("data/masks/p.png");
    const [original] = openReview(log()).photos[0]!.originals;
    expect(await readFile(original!)).toEqual(Buffer.from(encodeLabelPNG(neighbours)));
    await decideReview(log(), [reject("images/p.png", "1")]);
    const reviewed = await place.read("data/masks/p.png");
    expect(reviewed).not.toEqual(refined);
    await decideReview(log(), all(log(), "rejected"));
    expect(await place.read("data/masks/p.png")).toEqual(Buffer.from(encodeLabelPNG(neighbours)));
    await decideReview(log(), [accept("images/p.png", "7"), accept("images/p.png", "2")]);
    expect(await place.read("data/masks/p.png")).toEqual(reviewed);
    expect((await restoreRun(log())).map(({ outcome }) => outcome)).toEqual(["restored"]);
    expect(await place.read("data/masks/p.png")).toEqual(Buffer.from(encodeLabelPNG(neighbours)));
  });

  it("is refused without the original, or after a restore, and writes nothing", async () => {
    await labelRun({ inPlace: true });
    const refined = await place.read("data/masks/p.png");
    const store = place.path("data/samrefiner-run.jsonl.originals");
    await rm(store, { recursive: true });
    const { failures } = await decideReview(log(), [reject("images/p.png", "1")]);
    expect(failures[0]?.message).toMatch(/expected the stored original/);
    expect(await place.read("data/masks/p.png")).toEqual(refined);
    expect(openReview(log()).regions.every(({ decision }) => decision === undefined)).toBe(true);
    await place.write("data/masks/p.png", encodeLabelPNG(neighbours));
    const after = await decideReview(log(), [reject("images/p.png", "1")]);
    expect(after.failures[0]?.message).toMatch(/was changed since the run wrote it/);
    expect(await place.read("data/masks/p.png")).toEqual(Buffer.from(encodeLabelPNG(neighbours)));
  });
});

describe("what is refused", () => {
  it("is a source or a result that was changed since; the other files are written", async () => {
    await place.photos(3);
    await place.run(stub);
    await place.write("data/masks/p0.png", maskBytes(1, 1, 9, 9));
    await place.write("out/masks/p1.png", "edited by hand");
    const { written, failures } = await decideReview(journal(), all(journal(), "rejected"));
    expect(failures.map(({ path, message }) => [path, message.replaceAll(place.root, "")])).toEqual([
      ["masks/p0.png", "/data/masks/p0.png was changed since the run read it: expected it as it was"],
      [
        "masks/p1.png",
        "/out/masks/p1.png was changed since the run wrote it: expected it as the run left it",
      ],
    ]);
    expect(written).toEqual([place.path("out/masks/p2.png")]);
    expect(String(await place.read("out/masks/p1.png"))).toBe("edited by hand");
    expect(openReview(journal()).regions.filter(({ decision }) => decision === "rejected")).toMatchObject([
      { key: "images/p2.png" },
    ]);
  });

  it("is a region that the run does not have, before anything is written", async () => {
    await place.photos(1);
    await place.run(stub);
    const before = await readFile(journal());
    const decide = (decision: RegionDecision): Promise<unknown> =>
      decideReview(journal(), [reject("images/p0.png", "1"), decision]);
    await expect(decide(reject("images/p0.png", "9"))).rejects.toThrow(/has no region 9 of file 0/);
    await expect(decide(reject("images/p0.png", "1", 4))).rejects.toThrow(/has no region 1 of file 4/);
    await expect(decide(reject("elsewhere.png", "1"))).rejects.toThrow(/has no photo elsewhere.png/);
    expect(await readFile(journal())).toEqual(before);
    await expect(decideReview(place.path("none.jsonl"), [])).rejects.toThrow(/no such file/);
    expect(Object.keys(await place.tree("."))).not.toContain("none.jsonl.lock");
  });

  it("is a journal that a run works with, and one that kept no changes of masks", async () => {
    await place.photos(2);
    const run = await place.start(stub);
    await run.next();
    await expect(decideReview(journal(), [reject("images/p0.png", "1")])).rejects.toThrow(
      /is in use by process/,
    );
    await run.return();
    await place.run(stub, { resume: true });
    const lines = String(await readFile(journal())).split("\n");
    const old = lines.map((line) =>
      line
        .replace('"version":2', '"version":1')
        .replace(/"changes":\[[^\]]*\]([^\]]*\])*?,"written"/, '"changes":[],"written"'),
    );
    await writeFile(journal(), old.join("\n"));
    const { failures } = await decideReview(journal(), [reject("images/p0.png", "1")]);
    expect(failures[0]?.message).toMatch(/cannot be put together from/);
  });
});

describe("decisions", () => {
  it("survive a resumed run, also one that writes a lost result again", async () => {
    await place.photos(2);
    await place.run(stub);
    await decideReview(journal(), [reject("images/p0.png", "1"), reject("images/p1.png", "1")]);
    const reviewed = await place.tree("out");
    const known = await place.run(stub, { resume: true });
    expect(known.map(({ status }) => status)).toEqual(["known", "known"]);
    await rm(place.path("out/masks/p0.png"));
    const again = await place.run(stub, { resume: true });
    expect(again.map(({ status }) => status)).toEqual(["done", "known"]);
    expect(await place.tree("out")).toEqual(reviewed);
    expect(reportJournal(journal()).decisions).toEqual({ accepted: 0, rejected: 2 });
    await decideReview(journal(), all(journal(), "accepted"));
    expect(await place.tree("out")).not.toEqual(reviewed);
  });

  it("do not count for what was refined from something else since, and the run says so", async () => {
    await place.photos(2);
    await place.run(stub);
    await decideReview(journal(), all(journal(), "rejected"));
    await place.write("data/masks/p0.png", maskBytes(2, 2, 9, 9));
    const [first] = await place.run(stub, { resume: true });
    expect(first?.notes).toEqual([
      "images/p0.png was refined again from other content: 1 decisions of its review no longer count",
    ]);
    expect(openReview(journal()).regions.map(({ key, decision }) => [key, decision])).toEqual([
      ["images/p0.png", undefined],
      ["images/p1.png", "rejected"],
    ]);
    expect(await place.read("out/masks/p0.png")).not.toEqual(await place.read("data/masks/p0.png"));
  });

  it("are in the report", async () => {
    await place.photos(2);
    await place.run(stub);
    await decideReview(journal(), [reject("images/p0.png", "1"), accept("images/p1.png", "1")]);
    const report = reportJournal(journal());
    expect(report.decisions).toEqual({ accepted: 1, rejected: 1 });
    const rows = reportCSV(report).trim().split("\r\n");
    expect(rows.map((row) => row.split(",").at(-1)).sort()).toEqual(["accepted", "decision", "rejected"]);
  });

  it("made at once wait for one another", async () => {
    await place.photos(4);
    await place.run(stub);
    const keys = [0, 1, 2, 3].map((i) => `images/p${i}.png`);
    await Promise.all(keys.map((key) => decideReview(journal(), [reject(key, "1")])));
    expect(reportJournal(journal()).decisions.rejected).toBe(4);
    for (const i of [0, 1, 2, 3])
      expect(await place.read(`out/masks/p${i}.png`)).toEqual(await place.read(`data/masks/p${i}.png`));
  });

  it("that a killed process noted but did not write are written with the next", async () => {
    await place.photos(2);
    await place.run(stub);
    const refined = await place.read("out/masks/p0.png");
    await decideReview(journal(), [reject("images/p0.png", "1")]);
    await place.write("out/masks/p0.png", refined);
    expect((await decideReview(journal(), [])).written).toEqual([place.path("out/masks/p0.png")]);
    expect(await place.read("out/masks/p0.png")).toEqual(await place.read("data/masks/p0.png"));
    // Or by a resumed run.
    await place.write("out/masks/p0.png", refined);
    await place.run(stub, { resume: true });
    expect(await place.read("out/masks/p0.png")).toEqual(await place.read("data/masks/p0.png"));
  });

  it("are not taken where the disk does not take the result", async ({ skip }) => {
    await place.photos(2);
    const disk = place.path("disk");
    await mkdir(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], { stdio: "ignore" });
    } catch {
      skip("no permission to mount a small disk");
    }
    try {
      const path = place.path("journal.jsonl");
      await place.run(stub, { out: place.path("disk/out"), journal: path });
      const before = await place.tree("disk/out");
      try {
        appendFileSync(place.path("disk/filler"), Buffer.alloc(64 * 1024));
      } catch {
        // Full now.
      }
      const { failures } = await decideReview(path, [reject("images/p0.png", "1")]);
      expect(failures[0]?.message).toMatch(/no space left/);
      expect(await place.tree("disk/out")).toEqual(before);
      expect(reportJournal(path).decisions.rejected).toBe(0);
      await rm(place.path("disk/filler"));
      expect((await decideReview(path, [reject("images/p0.png", "1")])).failures).toEqual([]);
      expect(await place.read("disk/out/masks/p0.png")).toEqual(await place.read("data/masks/p0.png"));
    } finally {
      execFileSync("umount", [disk]);
    }
  });

  it("take one line each, small beside the masks", async () => {
    await place.photos(1);
    await place.run(stub);
    await decideReview(journal(), [reject("images/p0.png", "1")]);
    const lines = [...readJournal(journal())];
    expect(lines.at(-1)?.record).toMatchObject({ type: "review", files: [{ path: "masks/p0.png" }] });
  });
});

/** Runs over small datasets with a stub engine: what is written, recorded, resumed and refused. */
import { execFileSync } from "node:child_process";
import { appendFileSync, truncateSync, writeFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, symlink } from "node:fs/promises";
import { hostname } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadMask } from "../../../src/dataset/load-mask.ts";
import { readJournal } from "../../../src/dataset/run/journal/read-journal.ts";
import type { JournalRecord } from "../../../src/dataset/run/journal/records.ts";
import type { PhotoResult } from "../../../src/dataset/run/photo-result.ts";
import { restoreRun } from "../../../src/dataset/run/restore-run.ts";
import { maskBytes, movedBytes, Place, photoBytes, StubEngine } from "./stub.ts";

let place: Place;
let stub: StubEngine;
beforeEach(async () => {
  place = await Place.make();
  stub = new StubEngine();
});
afterEach(() => place.remove());

const journal = (): string => place.path("out", "samrefiner-run.jsonl");

function records(path = journal()): JournalRecord[] {
  return [...readJournal(path)].map(({ record }) => record);
}

const statuses = (results: readonly PhotoResult[]): string[] => results.map(({ status }) => status);

async function temporaryFiles(): Promise<string[]> {
  const names = await readdir(place.root, { recursive: true });
  return names.filter((name) => /\.tmp$|\.lock/.test(name));
}

describe("a run into a folder", () => {
  it("writes every mask, copies what stays, and records everything", async () => {
    await place.photos(2);
    // The engine keeps what touches the right edge.
    await place.write("data/masks/p1.png", maskBytes(20, 0, 39, 9));
    const results = await place.run(stub);
    expect(statuses(results)).toEqual(["done", "done"]);
    expect(results[0]?.regions).toMatchObject([{ id: "1", verdict: "refined", area: 176 }]);
    expect(results[1]?.regions).toMatchObject([{ verdict: "kept", reason: "it touches the edge", doubt: 0 }]);
    const written = await loadMask(place.path("out/masks/p0.png"), {}, 1e6);
    expect(written.map.data).toEqual(movedBytes().data);
    expect(await place.read("out/masks/p1.png")).toEqual(await place.read("data/masks/p1.png"));
    expect(records().map(({ type }) => type)).toEqual([
      "header",
      "writing",
      "photo",
      "writing",
      "photo",
      "end",
    ]);
    expect(records().at(-1)).toMatchObject({
      totals: { photos: 2, failed: 0, regions: { refined: 1, kept: 1, unchanged: 0, failed: 0 } },
    });
    expect(await temporaryFiles()).toEqual([]);
  });

  it("takes class names and lists along, once", async () => {
    await place.photos(1);
    await place.write("data/labelmap.txt", "cat:1,2,3::\n");
    await place.write("data/ImageSets/Segmentation/train.txt", "p0\n");
    await place.write("data/notes.txt", "not a side file");
    await place.run(stub);
    const files = ["ImageSets/Segmentation/train.txt", "labelmap.txt", "masks/p0.png"];
    expect(Object.keys(await place.tree("out")).sort()).toEqual(files);
    const lines = records().length;
    await place.run(stub, { resume: true });
    expect(
      records()
        .slice(lines)
        .map(({ type }) => type),
    ).toEqual(["resumed", "end"]);
  });

  it.each([
    [undefined, "unchanged"],
    ["auto", "unchanged"],
    ["binary", "refined"],
  ] as const)("reads masks as their layout says unless told otherwise: %s", async (encoding, verdict) => {
    // In VOC's folders 255 is void; elsewhere a mask of 0 and 255 is one object.
    await place.write("data/JPEGImages/p.png", await photoBytes(1));
    await place.write("data/SegmentationClass/p.png", maskBytes());
    const [result] = await place.run(stub, {
      encoding,
      ignoreLabel: encoding === "binary" ? null : undefined,
    });
    expect(result?.regions[0]?.verdict).toBe(verdict);
  });

  it("encodes a photo once however many masks lie on it", async () => {
    await place.photos(1);
    for (let i = 0; i < 7; i++) await place.write(`data/masks/p0_${i}_mask.png`, maskBytes(3 + i));
    for (let i = 0; i < 7; i++) await place.write(`data/images/p0_${i}.png`, await photoBytes(0));
    await place.run(stub);
    expect(stub.encoded).toBe(8);
  });

  it("fails alone on a broken mask, a broken photo, and an output in the way", async () => {
    await place.photos(4);
    await place.write("data/masks/p0.png", "garbage");
    await place.write("data/images/p1.png", "\x89PNG\r\n\x1a\ngarbage");
    await place.write("out/masks/p2.png", "something else");
    const results = await place.run(stub);
    expect(statuses(results)).toEqual(["failed", "failed", "failed", "done"]);
    expect(results.flatMap(({ failures }) => failures.map(({ path }) => path))).toEqual([
      "masks/p0.png",
      "images/p1.png",
      "masks/p2.png",
    ]);
    expect(results[2]?.failures[0]?.message).toMatch(/exists with other content and overwriting is off/);
    expect(Object.keys(await place.tree("out"))).toEqual(["masks/p2.png", "masks/p3.png"]);
    await place.run(stub, { overwrite: true });
    expect(Object.keys(await place.tree("out"))).toContain("masks/p2.png");
    expect(String(await place.read("out/masks/p2.png"))).not.toBe("something else");
  });

  it("fails alone on an input that is replaced by garbage during the run", async () => {
    await place.photos(8);
    stub.onEncode = async (nth) => {
      if (nth === 2) await place.write("data/masks/p7.png", "garbage");
    };
    const results = await place.run(stub);
    expect(statuses(results)).toEqual([...Array(7).fill("done"), "failed"]);
    expect(results[7]?.failures).toMatchObject([
      { path: "masks/p7.png", message: expect.stringMatching(/text file/) },
    ]);
  });

  it("never writes through a link back to the dataset", async () => {
    await place.photos(1);
    await mkdir(place.path("out"));
    await symlink(place.path("data/masks"), place.path("out/masks"));
    const before = await place.read("data/masks/p0.png");
    const [result] = await place.run(stub, { overwrite: true });
    expect(result?.failures[0]?.message).toMatch(/it is the source itself/);
    expect(await place.read("data/masks/p0.png")).toEqual(before);
  });

  it("refuses the dataset's own folder, no place, and words it does not know", async () => {
    await place.photos(1);
    const at = (options: object): Promise<unknown> => place.run(stub, options);
    await expect(at({ out: place.path("data") })).rejects.toThrow(/the dataset itself/);
    await expect(at({ out: undefined })).rejects.toThrow(/expected a place for the results/);
    await expect(at({ overlaps: "best" })).rejects.toThrow(
      /expected one of keep, order, area, predicted-iou/,
    );
    await expect(at({ tolerance: -1 })).rejects.toThrow(/pixels from 0 to 1000/);
    expect(await place.tree("out")).toEqual({});
  });
});

describe("photos at once", () => {
  beforeEach(async () => {
    stub.photosAtOnce = 3;
    await place.photos(6);
  });

  it("are as many as the engine says, and end in their order whichever is done first", async () => {
    const waiting: (() => void)[] = [];
    let most = 0;
    stub.onEncode = (nth) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        most = Math.max(most, waiting.length);
        // The last of three goes first, and when it has made room for another, all of them.
        if (nth === 3) waiting.pop()!();
        if (nth > 3) for (const release of waiting.splice(0)) release();
      });
    const results = await place.run(stub);
    expect(most).toBe(3);
    expect(statuses(results)).toEqual(Array(6).fill("done"));
    expect(results.map(({ key }) => key)).toEqual([...results.map(({ key }) => key)].sort());
    const keys = records().flatMap((record) => (record.type === "photo" ? [record.key] : []));
    expect(keys).toEqual(results.map(({ key }) => key));
  });

  it("stop together, and a resumed run does the rest", async () => {
    const controller = new AbortController();
    stub.onEncode = (nth) => {
      if (nth === 4) controller.abort();
    };
    await expect(place.run(stub, { signal: controller.signal })).rejects.toThrow(/abort/i);
    expect(await temporaryFiles()).toEqual([]);
    const done = records().filter(({ type }) => type === "photo").length;
    expect(done).toBeLessThan(6);
    stub.onEncode = () => {};
    const results = await place.run(stub, { resume: true });
    expect(statuses(results).filter((status) => status === "known")).toHaveLength(done);
    expect(Object.keys(await place.tree("out"))).toHaveLength(6);
  });
});

describe("resuming", () => {
  it("does nothing again when nothing changed", async () => {
    await place.photos(3);
    await place.run(stub);
    const before = await place.tree("out");
    const results = await place.run(stub, { resume: true });
    expect([statuses(results), stub.encoded]).toEqual([["known", "known", "known"], 3]);
    expect(await place.tree("out")).toEqual(before);
    await expect(place.run(stub)).rejects.toThrow(/is there from an earlier run/);
  });

  it("does again what changed: a mask, a photo, an output, what failed", async () => {
    await place.photos(5);
    await place.write("data/masks/p4.png", "garbage");
    await place.run(stub);
    await place.write("data/masks/p0.png", maskBytes(2, 2, 9, 9));
    await place.write("data/images/p1.png", await photoBytes(99));
    await rm(place.path("out/masks/p2.png"));
    await place.write("data/masks/p4.png", maskBytes());
    const results = await place.run(stub, { resume: true });
    expect(statuses(results)).toEqual(["done", "done", "done", "known", "done"]);
    expect((await loadMask(place.path("out/masks/p0.png"), {}, 1e6)).map.data).toEqual(
      movedBytes(2, 2, 9, 9).data,
    );
    expect(Object.keys(await place.tree("out"))).toHaveLength(5);
  });

  it("does everything again with other options, and nothing when they come back unchanged", async () => {
    await place.photos(2);
    await place.run(stub);
    expect(statuses(await place.run(stub, { resume: true, settings: { iterations: 1 } }))).toEqual([
      "done",
      "done",
    ]);
    expect(statuses(await place.run(stub, { resume: true, settings: { iterations: 1 } }))).toEqual([
      "known",
      "known",
    ]);
  });

  it("does not replace an output that somebody else has changed", async () => {
    await place.photos(1);
    await place.run(stub);
    await place.write("out/masks/p0.png", "edited by hand");
    const [result] = await place.run(stub, { resume: true });
    expect(result?.failures[0]?.message).toMatch(/exists with other content/);
    expect(String(await place.read("out/masks/p0.png"))).toBe("edited by hand");
  });

  it.each([1, 30, 400])(
    "cuts a torn last line of %i bytes less, and does that photo again",
    async (bytes) => {
      await place.photos(2);
      await place.run(stub);
      const whole = await place.tree("out");
      const { length } = await readFile(journal());
      truncateSync(journal(), length - bytes);
      await place.run(stub, { resume: true });
      expect(await place.tree("out")).toEqual(whole);
      expect(records().at(-1)?.type).toBe("end");
    },
  );

  it("starts over where a killed run had not even its first line", async () => {
    await place.photos(1);
    await place.write("out/samrefiner-run.jsonl", '{"type":"hea');
    expect(statuses(await place.run(stub))).toEqual(["done"]);
  });

  it("continues after an abort, and after a consumer that left", async () => {
    await place.photos(6);
    const controller = new AbortController();
    stub.onEncode = (nth) => {
      if (nth === 3) controller.abort(new Error("enough"));
    };
    await expect(place.run(stub, { signal: controller.signal })).rejects.toThrow("enough");
    expect(Object.keys(await place.tree("out")).length).toBeLessThan(4);
    for await (const { status } of await place.start(stub, { resume: true })) if (status === "done") break;
    await place.run(stub, { resume: true });
    expect(Object.keys(await place.tree("out"))).toHaveLength(6);
    expect(await temporaryFiles()).toEqual([]);
  });

  it("removes temporary files that a killed run has left", async () => {
    await place.photos(1);
    await place.run(stub);
    const left = ".samrefiner-01234567-89ab-cdef-0123-456789abcdef.tmp";
    await place.write(`out/masks/${left}`, "half");
    await place.write(`out/${left}`, "half");
    await place.run(stub, { resume: true });
    expect(await temporaryFiles()).toEqual([]);
  });

  it("refuses journals of another version, dataset or place, and damaged ones", async () => {
    await place.photos(1);
    await place.run(stub);
    const text = String(await readFile(journal()));
    const resume = (): Promise<unknown> => place.run(stub, { resume: true });
    writeFileSync(journal(), text.replace('"version":2', '"version":7'));
    await expect(resume()).rejects.toThrow(/has version 7 .*expected a run's journal of version 2/);
    writeFileSync(journal(), text.replace(place.path("data"), "/elsewhere"));
    await expect(resume()).rejects.toThrow(/of a run over \/elsewhere/);
    writeFileSync(journal(), text.replace(place.path("out"), "/elsewhere"));
    await expect(resume()).rejects.toThrow(/of a run into \/elsewhere/);
    writeFileSync(journal(), text.replace('{"type":"writing"', "{"));
    await expect(resume()).rejects.toThrow(/is damaged \(line 2/);
  });
});

describe("two runs on one journal", () => {
  it("are refused while one works, and the lock goes with it", async () => {
    await place.photos(3);
    const first = await place.start(stub);
    await first.next();
    await expect(place.run(stub, { resume: true })).rejects.toThrow(/is in use by process \d+/);
    await first.return();
    expect(statuses(await place.run(stub, { resume: true }))).toHaveLength(3);
    expect(await temporaryFiles()).toEqual([]);
  });

  it.each([
    ["ended", { pid: 2 ** 22 + 1, host: hostname() }],
    ["got its number later", { pid: process.pid, host: hostname(), began: "1" }],
  ])("a lock of a process that %s counts for nothing", async (_, owner) => {
    await place.photos(1);
    await place.write("out/samrefiner-run.jsonl.lock", JSON.stringify(owner));
    expect(statuses(await place.run(stub))).toEqual(["done"]);
  });

  it("a lock of another machine counts", async () => {
    await place.photos(1);
    await place.write("out/samrefiner-run.jsonl.lock", JSON.stringify({ pid: 1, host: "elsewhere" }));
    await expect(place.run(stub)).rejects.toThrow(/in use by process 1 on elsewhere/);
  });
});

describe("a run in place", () => {
  const inPlace = { inPlace: true };
  const log = (): string => place.path("data", "samrefiner-run.jsonl");

  it("replaces masks, knows them when resumed, and restores every original", async () => {
    await place.photos(3);
    const before = await place.tree("data");
    await place.run(stub, inPlace);
    const after = await place.tree("data");
    expect(after).not.toEqual(before);
    expect(statuses(await place.run(stub, { ...inPlace, resume: true }))).toEqual(Array(3).fill("known"));
    const outcomes = await restoreRun(log());
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array(3).fill("restored"));
    expect(withoutStore(await place.tree("data"))).toEqual(before);
    expect((await restoreRun(log())).map(({ outcome }) => outcome)).toEqual(Array(3).fill("original"));
    // After a restore the run can be done again.
    await place.run(stub, { ...inPlace, resume: true });
    expect(await place.tree("data")).toEqual(after);
  });

  it("does again from the originals what changed its options", async () => {
    await place.photos(2);
    const before = await place.tree("data");
    await place.run(stub, inPlace);
    const once = await place.tree("data");
    await place.run(stub, { ...inPlace, resume: true, settings: { iterations: 1 } });
    // From the refined masks it would have moved them twice.
    expect(await place.tree("data")).toEqual(once);
    await restoreRun(log());
    expect(withoutStore(await place.tree("data"))).toEqual(before);
  });

  it("refuses to restore over later work unless forced", async () => {
    await place.photos(2);
    const original = await place.read("data/masks/p0.png");
    await place.run(stub, inPlace);
    await place.write("data/masks/p0.png", "later work");
    expect((await restoreRun(log())).map(({ outcome }) => outcome)).toEqual(["refused", "restored"]);
    expect(String(await place.read("data/masks/p0.png"))).toBe("later work");
    await restoreRun(log(), { force: true });
    expect(await place.read("data/masks/p0.png")).toEqual(original);
  });

  it("never restores to a file outside of the dataset, whatever the journal says", async () => {
    await place.photos(1);
    await place.run(stub, inPlace);
    await place.write("elsewhere.png", "not of the dataset");
    const text = String(await place.read("data/samrefiner-run.jsonl"));
    await place.write("data/samrefiner-run.jsonl", text.replaceAll('"masks/p0.png"', '"../elsewhere.png"'));
    const [outcome] = await restoreRun(log(), { force: true });
    expect(outcome).toMatchObject({ outcome: "refused", reason: expect.stringContaining("outside of") });
    expect(String(await place.read("elsewhere.png"))).toBe("not of the dataset");
  });

  it("keeps later work as the new source, and gives it back", async () => {
    await place.photos(1);
    await place.run(stub, inPlace);
    await place.write("data/masks/p0.png", maskBytes(1, 1, 3, 3));
    await place.run(stub, { ...inPlace, resume: true });
    expect((await loadMask(place.path("data/masks/p0.png"), {}, 1e6)).map.data).toEqual(
      movedBytes(1, 1, 3, 3).data,
    );
    await restoreRun(log());
    expect(await place.read("data/masks/p0.png")).toEqual(Buffer.from(maskBytes(1, 1, 3, 3)));
  });

  it("leaves the file alone where its original cannot be stored, or was changed meanwhile", async () => {
    await place.photos(2);
    const before = await place.read("data/masks/p0.png");
    await place.write("data/samrefiner-run.jsonl.originals", "in the way");
    const [first] = await place.run(stub, inPlace);
    expect(first?.failures[0]?.message).toMatch(/cannot be written/);
    expect(await place.read("data/masks/p0.png")).toEqual(before);
    await rm(place.path("data/samrefiner-run.jsonl.originals"));
    stub.onEncode = () => place.write("data/masks/p0.png", "edited now");
    const [again] = await place.run(stub, { ...inPlace, resume: true });
    expect(again?.failures[0]?.message).toMatch(/was changed during the run/);
    expect(String(await place.read("data/masks/p0.png"))).toBe("edited now");
  });

  it("has nothing to restore after a run into a folder, and never starts over", async () => {
    await place.photos(1);
    await place.run(stub);
    await expect(restoreRun(journal())).rejects.toThrow(/there is nothing to restore/);
    await place.run(stub, inPlace);
    await expect(place.run(stub, { ...inPlace, overwrite: true })).rejects.toThrow(/knows the originals/);
  });
});

/** The store of originals lies in the dataset's folder. */
function withoutStore(tree: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tree).filter(([name]) => !name.includes(".originals/")));
}

describe("a full disk", () => {
  it("fails what does not fit, and a resumed run ends as an undisturbed one", async ({ skip }) => {
    await place.photos(3);
    await place.run(stub, { out: place.path("whole") });
    const disk = place.path("disk");
    await mkdir(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], { stdio: "ignore" });
    } catch {
      skip("no permission to mount a small disk");
    }
    try {
      const options = { out: place.path("disk/out"), journal: place.path("journal.jsonl") };
      appendFileSync(place.path("disk/filler"), Buffer.alloc(60 * 1024));
      const results = await place.run(stub, options);
      expect(statuses(results)).toContain("failed");
      expect(results.at(-1)?.failures[0]?.message).toMatch(/no space left/);
      await rm(place.path("disk/filler"));
      await place.run(stub, { ...options, resume: true });
      expect(await place.tree("disk/out")).toEqual(await place.tree("whole"));
      expect(await temporaryFiles()).toEqual([]);
    } finally {
      execFileSync("umount", [disk]);
    }
  });

  it("ends the run where the journal itself does not fit, without a torn line", async ({ skip }) => {
    await place.photos(6);
    await place.run(stub, { out: place.path("whole") });
    const disk = place.path("disk");
    await mkdir(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], { stdio: "ignore" });
    } catch {
      skip("no permission to mount a small disk");
    }
    try {
      const options = { out: place.path("disk/out") };
      appendFileSync(place.path("disk/filler"), Buffer.alloc(44 * 1024));
      await place.run(stub, options).catch((error: Error) => {
        expect(error.message).toMatch(/no space left/);
      });
      await rm(place.path("disk/filler"));
      await place.run(stub, { ...options, resume: true });
      expect(await place.tree("disk/out")).toEqual(await place.tree("whole"));
    } finally {
      execFileSync("umount", [disk]);
    }
  });
});

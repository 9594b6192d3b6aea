/** The preset that looks at every object a second time, on a crop. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRefiner, type Refiner } from "../../src/sdk/mod.ts";

const sample = join(import.meta.dirname, "../../examples/sample");
const image = join(sample, "photo.jpg");
const mug = join(sample, "mug_coarse.png");
const labels = join(sample, "labels_coarse.png");

let refiner: Refiner;
beforeAll(async () => {
  refiner = await createRefiner({ cacheDir: null, device: "cpu" });
});
afterAll(() => refiner?.close());

describe("preset quality", () => {
  it("encodes a refined object again on a crop around it, and says so", async () => {
    const usual = await refiner.refine({ image, mask: mug });
    const result = await refiner.refine({ image, mask: mug }, { preset: "quality" });
    const [region] = result.regions;
    expect(region).toMatchObject({ verdict: "refined", iterations: usual.regions[0]!.iterations });
    const [x0, y0, x1, y1] = region!.box;
    const crop = region!.crop!;
    // The coarse mask lies about where the object is.
    expect(crop.x0 < x1 && crop.x1 > x0 && crop.y0 < y1 && crop.y1 > y0).toBe(true);
    expect(result.timings.encoderRuns).toBe(2);
    expect(result.timings.decoderRuns).toBe(usual.timings.decoderRuns + 1);
    expect(usual.regions[0]).not.toHaveProperty("crop");
    const [before, after] = [usual.masks[0]!.map.data, result.masks[0]!.map.data];
    const changed = before.filter((value, i) => value !== after[i]).length;
    expect(changed).toBeGreaterThan(0);
    // A second look moves the outline, it finds no other object.
    expect(changed).toBeLessThan(0.1 * usual.regions[0]!.refinedArea);
    expect(region!.refinedArea).toBe(after.filter((value) => value !== 0).length);
  });

  it("leaves the classes of a label map to the photo's own embedding, unless asked", async () => {
    const once = await refiner.refine({ image, mask: labels }, { preset: "quality", mode: "semantic" });
    expect(once.timings.encoderRuns).toBe(1);
    const settings = { crops: "all", iterations: 1 } as const;
    const twice = await refiner.refine(
      { image, mask: labels },
      { preset: "quality", mode: "semantic", settings },
    );
    const refined = twice.regions.filter(({ verdict }) => verdict === "refined").length;
    expect(refined).toBeGreaterThan(0);
    expect(twice.timings.encoderRuns).toBeGreaterThan(1);
    expect(twice.timings.encoderRuns).toBeLessThanOrEqual(1 + refined);
  });

  it("keeps what the first look keeps", async () => {
    const settings = { strictness: 100, witness: "none" } as const;
    const { regions, timings } = await refiner.refine({ image, mask: mug }, { preset: "quality", settings });
    expect(regions[0]!.verdict).toBe("kept");
    expect(timings.encoderRuns).toBe(1);
  });

  it("stops between the two looks", async () => {
    const stop = new AbortController();
    const started = refiner.refine(
      { image, mask: mug },
      {
        preset: "quality",
        signal: stop.signal,
        onProgress: ({ stage }) => stage === "refine" && stop.abort(),
      },
    );
    // The only region is told of after its second look, so that an abort then comes too late.
    await expect(started).resolves.toMatchObject({ regions: [{ verdict: "refined" }] });
    const early = new AbortController();
    const stopped = refiner.refine(
      { image, mask: mug },
      {
        preset: "quality",
        signal: early.signal,
        onProgress: ({ stage }) => stage === "encode" && early.abort(),
      },
    );
    await expect(stopped).rejects.toThrow(/abort/i);
  });
});

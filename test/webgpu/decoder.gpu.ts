/** WebGPU for real: what the rewritten decoder computes there, in a batch, from an embedding that never left the device. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { softwareGPU } from "./software-gpu.ts";

const root = join(import.meta.dirname, "../..");
const env = process.platform === "linux" && process.arch === "x64" ? softwareGPU() : undefined;
if (env === undefined)
  console.info("WebGPU test skipped: no Chromium with a software GPU on this machine (Linux x64)");

interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Builds a program of this folder and runs it; a crash of the driver is its own. */
async function run(name: string, args: readonly string[]): Promise<Ending> {
  const outfile = join(root, ".cache/test-webgpu", `${name}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [`test/webgpu/${name}.ts`],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
  const child = spawn(process.execPath, [outfile, ...args], { cwd: root, env });
  const texts = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => {
    texts.stdout += text;
  });
  child.stderr.on("data", (text) => {
    texts.stderr += text;
  });
  return new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal, ...texts })));
}

describe.skipIf(env === undefined)("the decoder on WebGPU", () => {
  it("answers two masks at once as the CPU answers each, from an embedding on the device", async () => {
    const ending = await run("decode-program", ["examples/sample/photo.jpg"]);
    expect({ ...ending, stdout: "" }).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
    const report = JSON.parse(ending.stdout) as Record<string, number | string>;
    console.info(ending.stdout.trim());
    expect(report["location"]).toBe("gpu-buffer");
    expect(report["embedding"]).toBe(0);
    // Both ways hold to the documented tolerance many times over (docs/devices.md).
    expect(report["logits"]).toBeLessThan(0.05);
    expect(report["predictedIoU"]).toBeLessThan(0.001);
    expect(report["features"]).toBeLessThan(0.01);
    expect(report["agreement"]).toBeGreaterThan(0.999);
    expect(report["inside"]).toBeGreaterThan(0.02);
    expect(report["inside"]).toBeLessThan(0.6);
  });
});

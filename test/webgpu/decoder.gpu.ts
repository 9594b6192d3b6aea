/** WebGPU for real: what the rewritten decoder computes there, in a batch, from an embedding that never left the device. */
import { describe, expect, it } from "vitest";
import { runProgram } from "./run-program.ts";
import { softwareGPU } from "./software-gpu.ts";

const env = process.platform === "linux" && process.arch === "x64" ? softwareGPU() : undefined;
if (env === undefined)
  console.info("WebGPU test skipped: no Chromium with a software GPU on this machine (Linux x64)");

describe.skipIf(env === undefined)("the decoder on WebGPU", () => {
  it("answers two masks at once as the CPU answers each, from an embedding on the device", async () => {
    const ending = await runProgram("decode-program", ["examples/sample/photo.jpg"], env);
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

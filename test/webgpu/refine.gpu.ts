/**
 * A whole refinement on real WebGPU. On a software GPU the encoder takes minutes, so it runs only where it is asked for:
 * `SAMREFINER_TEST_WEBGPU_REFINE=1 npx vitest run --config vitest.webgpu.config.ts test/webgpu/refine.gpu.ts`.
 */
import { describe, expect, it } from "vitest";
import { runProgram } from "./run-program.ts";
import { softwareGPU } from "./software-gpu.ts";

const VARIABLE = "SAMREFINER_TEST_WEBGPU_REFINE";
const isAsked = process.env[VARIABLE] === "1";
const env = isAsked && process.platform === "linux" && process.arch === "x64" ? softwareGPU() : undefined;
if (env === undefined)
  console.info(
    isAsked
      ? "WebGPU refinement skipped: no Chromium with a software GPU on this machine (Linux x64)"
      : `WebGPU refinement skipped: it takes many minutes, ${VARIABLE}=1 asks for it`,
  );

describe.skipIf(env === undefined)("a refinement on WebGPU", () => {
  it("comes out as on the CPU, with encoder and decoder on the device", { timeout: 3_600_000 }, async () => {
    const sample = ["examples/sample/photo.jpg", "examples/sample/mug_coarse.png"];
    const ending = await runProgram("refine-program", sample, env);
    expect({ ...ending, stdout: "" }).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
    const report = JSON.parse(ending.stdout) as Record<string, unknown>;
    console.info(ending.stdout.trim());
    expect(report).toMatchObject({ device: "webgpu", notices: [], encoderRuns: 1 });
    expect(report["verdicts"]).toEqual(["refined", "refined"]);
    // A pixel on an edge may fall to the other side.
    expect(report["differing"]).toBeLessThan(0.02 * (report["changed"] as number));
    expect(report["changed"]).toBeGreaterThan(1000);
  });
});

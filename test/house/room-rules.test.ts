/** The room rules of docs/architecture.md hold because the linter refuses imports that break them. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
let house = "";

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), "samrefiner-house-"));
  copyFileSync(join(root, "biome.json"), join(house, "biome.json"));
});

afterAll(() => rmSync(house, { recursive: true, force: true }));

function complaints(file: string, imported: string): string[] {
  const path = join(house, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `import { x } from "${imported}";\n\nexport const y: unknown = x;\n`);
  const biome = join(root, "node_modules/.bin/biome");
  const { stdout, stderr } = spawnSync(biome, ["lint", "--vcs-enabled=false", "--colors=off", file], {
    cwd: house,
    encoding: "utf8",
  });
  return `${stdout}${stderr}`.match(/Room rule[^\n]*/g) ?? [];
}

describe("room rules", () => {
  it.each([
    ["src/core/a.ts", "../engine/engine.ts"],
    ["src/core/prompts/a.ts", "../../formats/mod.ts"],
    ["src/core/a.ts", "node:fs"],
    ["src/core/a.ts", "sharp"],
    ["src/engine/a.ts", "../formats/mod.ts"],
    ["src/formats/png/a.ts", "../../render/mod.ts"],
    ["src/render/a.ts", "node:fs"],
    ["src/dataset/a.ts", "../sdk/mod.ts"],
    ["src/dataset/a.ts", "../queue/protocol.ts"],
    ["src/queue/a.ts", "../sdk/mod.ts"],
    ["src/queue/a.ts", "sharp"],
    ["src/sdk/a.ts", "bullmq"],
    ["src/sdk/a.ts", "../cli/main.ts"],
    ["src/cli/a.ts", "../core/mask.ts"],
    ["src/cli/a.ts", "../sdk/types.ts"],
    ["src/extension/a.ts", "onnxruntime-node"],
    ["src/webview/a.ts", "vscode"],
  ])("refuses that %s imports %s", (file, imported) => {
    expect(complaints(file, imported)).not.toEqual([]);
  });

  it.each([
    ["src/core/prompts/a.ts", "../mask.ts"],
    ["src/engine/a.ts", "../core/mask.ts"],
    ["src/dataset/a.ts", "../engine/engine.ts"],
    ["src/queue/run/a.ts", "../../dataset/run/run-dataset.ts"],
    ["src/queue/a.ts", "bullmq"],
    ["src/sdk/queue/a.ts", "../../queue/work/work-on-queue.ts"],
    ["src/sdk/a.ts", "../dataset/benchmark.ts"],
    ["src/cli/commands/a.ts", "../../sdk/mod.ts"],
  ])("allows that %s imports %s", (file, imported) => {
    expect(complaints(file, imported)).toEqual([]);
  });
});

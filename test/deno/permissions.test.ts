/** Deno's permissions hold: native code, which asks for none of them, never reads or writes a file. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { sampleDataset } from "./sample-dataset.ts";

const project = process.cwd();
/** What the SDK itself needs: its own files, native libraries, and what it asks of the system. */
const always = ["--no-prompt", "--allow-ffi", "--allow-env", "--allow-sys"];

/** The code, the model and native packages; not the sample, not the dataset. */
const own = [
  ...["src", "models", "node_modules", "package.json", "deno.json"].map((name) => join(project, name)),
  // Where sharp and onnxruntime-node look for the C library.
  ...["/usr/bin/ldd", "/etc", "/proc", "/sys", "/lib", "/usr/lib", "/lib64"],
];

const script = `
import { refineDataset, sharedRefiner } from "samrefiner";
const [data, out] = Deno.args;
await sharedRefiner({ cacheDir: null, device: "cpu" });
const settings = { iterations: 1, growth: "none" };
const { photos } = await refineDataset(data, { out, settings }).result();
console.log(JSON.stringify(photos.map(({ status, failures }) => [status, failures.map(({ message }) => message)])));
Deno.exit(0);
`;

interface Allowed {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

function run(root: string, { read, write }: Allowed): { status: number | null; text: string } {
  const list = (name: string, paths: readonly string[]): string[] =>
    paths.length === 0 ? [] : [`--allow-${name}=${paths.join(",")}`];
  const flags = [
    ...always,
    ...list("read", [...own, join(root, "run.ts"), ...read]),
    ...list("write", write),
  ];
  const args = ["run", "--config", join(project, "deno.json"), ...flags, join(root, "run.ts")];
  const { status, stdout, stderr } = spawnSync(
    Deno.execPath(),
    [...args, join(root, "data"), join(root, "out")],
    { cwd: project, encoding: "utf8" },
  );
  return { status, text: `${stdout}${stderr}` };
}

/** Runs the script in a dataset of its own. */
async function tried(
  allow: (root: string) => Allowed,
): Promise<{ status: number | null; text: string; wrote: boolean }> {
  const root = await sampleDataset();
  await writeFile(join(root, "run.ts"), script);
  const outcome = run(root, allow(root));
  const wrote = existsSync(join(root, "out/masks/a.png"));
  await rm(root, { recursive: true });
  return { ...outcome, wrote };
}

Deno.test("a run reads the dataset and writes the results that it may", async () => {
  const { status, text, wrote } = await tried((root) => ({
    read: [join(root, "data"), join(root, "out"), root],
    write: [join(root, "out")],
  }));
  assert.equal(status, 0, text);
  assert.match(text, /\[\["done",\[\]\]\]/);
  assert.ok(wrote);
});

Deno.test("without --allow-read for the dataset it is refused", async () => {
  const { text, wrote } = await tried((root) => ({ read: [join(root, "out")], write: [join(root, "out")] }));
  assert.match(text, /Requires read access to .*data/);
  assert.ok(!wrote);
});

Deno.test("without --allow-read for the photos no photo is decoded", async () => {
  const { text, wrote } = await tried((root) => ({
    read: [join(root, "data/masks"), join(root, "out")],
    write: [join(root, "out")],
  }));
  assert.match(text, /Requires read access to |cannot be read/);
  assert.ok(!wrote);
});

Deno.test("without --allow-write for the results nothing is written", async () => {
  const { text, wrote } = await tried((root) => ({ read: [root], write: [] }));
  assert.match(text, /Requires write access to .*out/);
  assert.ok(!wrote);
});

Deno.test("without --allow-read for the model it is not loaded", async () => {
  const root = await sampleDataset();
  const model = join(root, "own.onnx");
  await writeFile(model, "no model");
  const code = `import { createRefiner } from "samrefiner";
await createRefiner({ model: { encoder: ${JSON.stringify(model)}, decoder: ${JSON.stringify(model)} }, cacheDir: null });`;
  await writeFile(join(root, "run.ts"), code);
  const { status, text } = run(root, { read: [], write: [] });
  assert.notEqual(status, 0);
  assert.match(text, /own\.onnx cannot be read \(Requires read access/);
  await rm(dirname(model), { recursive: true });
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { KernelClient } from "../../../src/extension/notebook/kernel-client.ts";
import { newNotebook } from "../../../src/extension/notebook/new-notebook.ts";
import type { CellOutput } from "../../../src/protocol/kernel.ts";
import { KernelBuild } from "../../processes/kernel/kernel-build.ts";
import { english } from "../english.ts";

let build: KernelBuild;
const clients: KernelClient[] = [];

beforeAll(async () => {
  build = await KernelBuild.build("client");
}, 60_000);

afterAll(async () => {
  await Promise.all(clients.map((client) => client.dispose()));
  await build[Symbol.asyncDispose]();
});

interface Observed {
  readonly client: KernelClient;
  readonly outputs: CellOutput[];
  readonly deaths: string[];
  run(code: string): ReturnType<KernelClient["run"]>;
}

function client(nodePath = process.execPath): Observed {
  const [outputs, deaths]: [CellOutput[], string[]] = [[], []];
  const made = new KernelClient({
    distFolder: build.distFolder,
    folder: build.folder,
    nodePath: () => nodePath,
    log: () => undefined,
    onOutput: (_, output) => outputs.push(output),
    onDeath: (how) => deaths.push(how),
  });
  clients.push(made);
  let count = 0;
  const run = (code: string): ReturnType<KernelClient["run"]> => {
    const id = String(++count);
    return made.run({ id, code, name: `cell-${id}.ts` });
  };
  return { client: made, outputs, deaths, run };
}

test("starts with the first cell and keeps its variables", async () => {
  const { run } = client();
  expect(await run("const a = 1;")).toEqual({ status: "ok" });
  expect(await run("if (a !== 1) throw a;")).toEqual({ status: "ok" });
});

test("goes on to the next Node where the chosen one does not run", async () => {
  const { run } = client("/nowhere/node");
  expect(await run("1")).toEqual({ status: "ok" });
});

test("a kernel that ends in a cell is told with how, and the next cell starts another", async () => {
  const { run, deaths } = client();
  await run("const a = 1;");
  expect(await run("process.exit(4);")).toEqual({ status: "gone", how: "it ended with exit code 4" });
  expect(deaths).toEqual(["it ended with exit code 4"]);
  expect(await run("if (typeof a !== 'undefined') throw a;")).toEqual({ status: "ok" });
});

test("a kernel that ends between cells is told", async () => {
  const { run, deaths } = client();
  await run("setTimeout(() => process.abort(), 1);");
  await expect.poll(() => deaths).toEqual(["it was ended by SIGABRT"]);
  expect(await run("1")).toEqual({ status: "ok" });
});

test("a restart ends the running cell, loses the variables and is no death", async () => {
  const { client: kernel, run, deaths } = client();
  await run("const a = 1;");
  const busy = run("while (true);");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await kernel.restart();
  expect(await busy).toEqual({ status: "gone", how: "it was restarted" });
  expect(await run("if (typeof a !== 'undefined') throw a;")).toEqual({ status: "ok" });
  expect(deaths).toEqual([]);
});

test("interrupting works, also with nothing to interrupt", async () => {
  const { client: kernel, run } = client();
  await kernel.interrupt();
  const busy = run("while (true);");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await kernel.interrupt();
  expect(await busy).toEqual({ status: "interrupted" });
});

test("once disposed of it runs nothing", async () => {
  const { client: kernel, run } = client();
  await kernel.dispose();
  await expect(run("1")).rejects.toThrow("The notebook is closed");
});

test("the cells of a new notebook run as they are, with pictures and progress", async () => {
  const { run, outputs } = client();
  const sample = new URL("../../../examples/sample/", import.meta.url).pathname;
  const paths = { photo: `${sample}photo.jpg`, mask: `${sample}mug_coarse.png` };
  const cells = newNotebook(paths, english).filter(({ kind }) => kind === "code");
  for (const { text } of cells) expect(await run(text)).toEqual({ status: "ok" });
  const bundles = outputs.flatMap((output) => (output.kind === "display" ? [output] : []));
  expect(bundles.filter(({ data }) => "image/png" in data)).toHaveLength(2);
  const progress = bundles.filter(({ displayId }) => displayId !== undefined);
  expect(progress.length).toBeGreaterThan(1);
  expect(new Set(progress.map(({ displayId }) => displayId)).size).toBe(1);
}, 120_000);

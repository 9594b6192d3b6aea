/** The example notebooks, run from top to bottom in Deno's Jupyter kernel and in the one inside VS Code. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startKernel } from "../../src/extension/notebook/start-kernel.ts";
import { KernelBuild } from "../processes/kernel/kernel-build.ts";
import { runNotebook, type ShownOutput, whyNoJupyter } from "./notebook.ts";

const folder = join(import.meta.dirname, "../../examples/notebooks");

/** What each notebook has to show, with how many pictures. */
const expected: readonly [name: string, pictures: number, ...words: RegExp[]][] = [
  ["first-refinement", 1, /1 of 1 regions/, /region 1: refined/, /IoU before 0\.766, after 0\.9[3-9]/],
  ["tuning-prompts", 2, /ω 30, margin 0\.1: refined/, /the box alone → token 0: [01]\.\d+/],
  [
    "dataset-run",
    0,
    /2 of 2 photos/,
    /<td [^>]*>images\/mug\.jpg<\/td>/,
    /2 regions refined/,
    /IoU 0\.\d+, boundary/,
  ],
  ["comparing-presets", 2, /coarse: mIoU 0\.786/, /default: mIoU 0\.9/, /paper: mIoU 0\.[89]/],
];

/** A picture with something in it. */
async function isDrawn(base64: string): Promise<boolean> {
  const { channels, ...rest } = await sharp(Buffer.from(base64, "base64")).stats();
  return rest.isOpaque && channels.every(({ stdev }) => stdev > 10);
}

async function check(
  outputs: readonly ShownOutput[],
  pictures: number,
  words: readonly RegExp[],
): Promise<void> {
  expect(outputs.filter(({ kind }) => kind === "error")).toEqual([]);
  const drawn = outputs.flatMap(({ data }) => data?.["image/png"] ?? []);
  expect(drawn).toHaveLength(pictures);
  for (const picture of drawn) expect(await isDrawn(picture)).toBe(true);
  const text = outputs
    .map(({ text = "", data = {} }) => `${text}${data["text/plain"]}${data["text/html"]}`)
    .join("\n");
  for (const word of words) expect(text).toMatch(word);
}

it("every notebook is checked, and none carries outputs", () => {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  expect(names.sort()).toEqual(expected.map(([name]) => `${name}.ipynb`).sort());
  for (const name of names) expect(codeCells(name).every(({ outputs }) => outputs.length === 0)).toBe(true);
});

const missing = whyNoJupyter();
if (missing !== undefined) console.log(`Notebooks under Jupyter are not tested: ${missing}`);

describe.skipIf(missing !== undefined)("in Deno's Jupyter kernel", () => {
  it.each(expected)("%s", async (name, pictures, ...words) => {
    const shown = await runNotebook(join(folder, `${name}.ipynb`));
    expect(shown).toHaveLength(codeCells(`${name}.ipynb`).length);
    await check(shown.flat(), pictures, words);
  });
});

describe("in the kernel inside VS Code", () => {
  let build: KernelBuild;
  beforeAll(async () => {
    build = await KernelBuild.build("notebooks");
  });
  afterAll(() => build?.[Symbol.asyncDispose]());

  it.each(expected)("%s", async (name, pictures, ...words) => {
    const shown: ShownOutput[] = [];
    const kernel = await startKernel({
      runtime: { command: process.execPath, from: "PATH", env: {} },
      program: join(build.distFolder, "kernel.js"),
      sdk: join(build.distFolder, "sdk.js"),
      folder,
      onOutput: ({ output }) => {
        const { kind } = output;
        shown.push(kind === "stream" ? { kind, text: output.text } : asShown(output.data));
      },
      onLine: () => undefined,
    });
    for (const [i, { source }] of codeCells(`${name}.ipynb`).entries()) {
      const cell = { id: `${i}`, code: source.join(""), name: `cell-${i + 1}.ts` };
      expect(await kernel.run(cell)).toEqual({ status: "ok" });
    }
    await kernel.end();
    await check(shown, pictures, words);
  });
});

function asShown(data: Readonly<Record<string, unknown>>): ShownOutput {
  return { kind: "display_data", data: data as Readonly<Record<string, string>> };
}

interface CodeCell {
  readonly cell_type: string;
  readonly source: readonly string[];
  readonly outputs: readonly unknown[];
}

function codeCells(name: string): CodeCell[] {
  const { cells } = JSON.parse(readFileSync(join(folder, name), "utf8")) as { cells: CodeCell[] };
  return cells.filter((cell) => cell.cell_type === "code");
}

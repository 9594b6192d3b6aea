/** The kernel process as the extension starts it: built, with folders and Nodes of its own. */
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { type KernelProcess, startKernel } from "../../../src/extension/notebook/start-kernel.ts";
import type { CellOutcome, CellOutput } from "../../../src/protocol/kernel.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Newer than the Node that runs the tests, where the VS Code that the tests drive is installed. */
export const newerNode: string | undefined = findNewerNode();

function findNewerNode(): string | undefined {
  const hosts = join(root, ".cache/vscode-host");
  if (!existsSync(hosts)) return undefined;
  const name = `node-${process.platform}-${process.arch}`;
  const paths = readdirSync(hosts).map((host) => join(hosts, host, "node_modules", name, "bin/node"));
  return paths.find((path) => existsSync(path));
}

/** A kernel with everything that it showed. */
export interface TestKernel {
  readonly process: KernelProcess;
  /** What its cells showed, in order. */
  readonly outputs: { readonly run: string; readonly output: CellOutput }[];
  /** Lines that went past JavaScript. */
  readonly lines: string[];
  /** Runs the next cell: the first is `cell-1.ts`. */
  cell(code: string): Promise<CellOutcome>;
  /** Runs a cell and interrupts it after so many milliseconds. */
  interrupted(code: string, afterMs?: number): Promise<CellOutcome>;
  /** Text of the value of a cell's last expression, without colours. */
  value(code: string): Promise<string | undefined>;
  /** All that cells printed to a stream. */
  printed(name?: "stdout" | "stderr"): string;
}

/** A build and a folder for notebooks. */
export class KernelBuild implements AsyncDisposable {
  readonly distFolder: string;
  readonly folder: string;

  private constructor(distFolder: string, folder: string) {
    this.distFolder = distFolder;
    this.folder = folder;
  }

  static async build(name: string): Promise<KernelBuild> {
    const outdir = join(root, ".cache", "test-kernel", name);
    await Promise.all(bundles(outdir).map((options) => build(options)));
    return new KernelBuild(outdir, await mkdtemp(join(tmpdir(), "samrefiner-kernel-")));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async start(node: string = process.execPath): Promise<TestKernel> {
    const outputs: TestKernel["outputs"] = [];
    const lines: string[] = [];
    const started = await startKernel({
      runtime: { command: node, from: "PATH", env: {} },
      program: join(this.distFolder, "kernel.js"),
      sdk: join(this.distFolder, "sdk.js"),
      folder: this.folder,
      onOutput: (output) => outputs.push(output),
      onLine: (line) => lines.push(line),
    });
    return testKernel(started, outputs, lines);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

function testKernel(
  started: KernelProcess,
  outputs: TestKernel["outputs"],
  lines: TestKernel["lines"],
): TestKernel {
  let count = 0;
  const cell = (code: string): Promise<CellOutcome> => {
    const id = String(++count);
    return started.run({ id, code, name: `cell-${id}.ts` });
  };
  return {
    process: started,
    outputs,
    lines,
    cell,
    interrupted: async (code, afterMs = 200) => {
      const outcome = cell(code);
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      await started.interrupt();
      return outcome;
    },
    value: async (code) => {
      const before = outputs.length;
      const outcome = await cell(code);
      if (outcome.status !== "ok") throw new Error(JSON.stringify(outcome));
      const shown = outputs.slice(before).findLast(({ output }) => output.kind === "display")?.output;
      return shown?.kind === "display" ? plain(String(shown.data["text/plain"])) : undefined;
    },
    printed: (name = "stdout") =>
      plain(
        outputs
          .map(({ output }) => (output.kind === "stream" && output.name === name ? output.text : ""))
          .join(""),
      ),
  };
}

function plain(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g"), "");
}

function bundles(outdir: string): BuildOptions[] {
  const common: BuildOptions = {
    absWorkingDir: root,
    outdir,
    bundle: true,
    platform: "node",
    target: "node20",
    logLevel: "error",
  };
  const banner = {
    js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
  };
  return [
    {
      ...common,
      entryPoints: { sdk: "src/sdk/mod.ts", "model-worker": "src/engine/model-worker.ts" },
      splitting: true,
      format: "esm",
      packages: "external",
    },
    {
      ...common,
      entryPoints: {
        kernel: "src/processes/kernel/main.ts",
        "kernel-control": "src/processes/kernel/control.ts",
        "kernel-hooks": "src/processes/kernel/module-hooks.ts",
      },
      format: "esm",
      banner,
    },
    {
      ...common,
      entryPoints: { "kernel-compiler": "src/processes/kernel/compile/compiler.ts" },
      outExtension: { ".js": ".cjs" },
      format: "cjs",
    },
  ];
}

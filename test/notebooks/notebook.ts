/** Notebooks run in Deno's Jupyter kernel, and what they show. */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One output of a cell, as Jupyter's messages have it. */
export interface ShownOutput {
  readonly kind: "stream" | "display_data" | "update_display_data" | "execute_result" | "error";
  readonly text?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly ename?: string;
  readonly evalue?: string;
}

const project = join(import.meta.dirname, "../..");
const python = "/usr/bin/python3";

/** Why notebooks cannot be run here; `undefined` where they can. */
export function whyNoJupyter(): string | undefined {
  const { status } = spawnSync(python, ["-c", "import jupyter_client"]);
  return status === 0 ? undefined : "jupyter_client is not installed (apt-get install jupyter-client)";
}

/** Runs a notebook and returns the outputs of its code cells. */
export async function runNotebook(path: string): Promise<ShownOutput[][]> {
  const home = mkdtempSync(join(tmpdir(), "samrefiner-jupyter-"));
  layKernel(home);
  const child = spawn(python, [join(import.meta.dirname, "run_notebook.py"), path], {
    env: { ...process.env, JUPYTER_PATH: home, JUPYTER_RUNTIME_DIR: join(home, "runtime"), HOME: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, complaints] = ["", ""];
  child.stdout.on("data", (part) => {
    out += part;
  });
  child.stderr.on("data", (part) => {
    complaints += part;
  });
  const status = await new Promise<number | null>((done) => child.once("close", done));
  if (status !== 0) throw new Error(`The notebook did not run: ${complaints}`);
  return JSON.parse(out) as ShownOutput[][];
}

/** Writes the kernel's description, as `deno jupyter --install` would. */
function layKernel(home: string): void {
  const folder = join(home, "kernels/samrefiner-deno");
  mkdirSync(folder, { recursive: true });
  const spec = {
    argv: [join(project, "node_modules/.bin/deno"), "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
    env: {
      NO_COLOR: "1",
      DENO_NO_UPDATE_CHECK: "1",
      DENO_DIR: join(project, ".cache/deno"),
      SAMREFINER_CACHE: join(project, ".cache/deno-samrefiner"),
    },
  };
  writeFileSync(join(folder, "kernel.json"), JSON.stringify(spec));
}

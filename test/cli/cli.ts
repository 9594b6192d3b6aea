/** The command line tool as a user runs it: built, in a process of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The bundled picture and its masks. */
export const sample: (name: string) => string = (name) => join(root, "examples", "sample", name);

/** How a run ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A build of the tool with a cache and a folder for files of its own. */
export class Cli {
  /** Where it runs. */
  readonly folder: string;
  readonly #home: string;
  /** Path of the built program. */
  readonly program: string;

  private constructor(home: string, program: string) {
    this.#home = home;
    this.folder = join(home, "work");
    this.program = program;
  }

  /** @param name of the test file: files run at the same time and must not share a build */
  static async build(name: string): Promise<Cli> {
    const outdir = join(root, ".cache", "test-cli", name);
    await build({
      absWorkingDir: root,
      entryPoints: { "model-worker": "src/engine/model-worker.ts", cli: "src/cli/bin.ts" },
      outdir,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20",
      packages: "external",
      logLevel: "warning",
    });
    const cli = new Cli(await mkdtemp(join(tmpdir(), "samrefiner-cli-")), join(outdir, "cli.js"));
    await mkdir(cli.folder);
    return cli;
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  start(
    args: readonly string[],
    env: Record<string, string> = {},
    program: string = this.program,
  ): ChildProcessWithoutNullStreams {
    const { DEBUG: _, ...outer } = process.env;
    return spawn(process.execPath, [program, ...args], {
      cwd: this.folder,
      env: {
        ...outer,
        SAMREFINER_CACHE: join(this.#home, "cache"),
        SAMREFINER_MODELS: join(this.#home, "models"),
        ...env,
      },
    });
  }

  run(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
    return finish(this.start(args, env));
  }

  remove(): Promise<void> {
    return rm(this.#home, { recursive: true, force: true });
  }
}

/** Waits for a run. */
export function finish(child: ChildProcessWithoutNullStreams): Promise<Run> {
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Names in a folder, sorted; none if it does not exist. */
export async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

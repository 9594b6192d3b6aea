/** Programs of this folder, each in a process of its own. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../..");

/** How a program ended, and what it wrote. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Builds a program of this folder and runs it; a crash of the driver is its own. */
export async function runProgram(
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv | undefined,
): Promise<Ending> {
  const outfile = join(root, ".cache/test-webgpu", `${name}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [`test/webgpu/${name}.ts`],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
  const child = spawn(process.execPath, [outfile, ...args], { cwd: root, env });
  const texts = { stdout: "", stderr: "" };
  child.stdout.on("data", (text) => {
    texts.stdout += text;
  });
  child.stderr.on("data", (text) => {
    texts.stderr += text;
  });
  return new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal, ...texts })));
}

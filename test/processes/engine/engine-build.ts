/** The engine process as the extension starts it: built, with a cache of its own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import {
  createEngine,
  type Engine,
  type EngineOptions,
  type EngineState,
} from "../../../src/extension/engine/mod.ts";
import type { EngineProcessOptions } from "../../../src/protocol/engine.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A file of the bundled sample. */
export function sample(name: string): string {
  return join(root, "examples", "sample", name);
}

/** An engine with everything that it said. */
export interface Observed {
  readonly engine: Engine;
  readonly log: string[];
  readonly states: EngineState[];
}

/** A build, a folder for files, and the engines that were started from it. */
export class EngineBuild {
  readonly distFolder: string;
  /** For files of the tests. */
  readonly folder: string;
  readonly #engines: Engine[] = [];

  private constructor(distFolder: string, folder: string) {
    this.distFolder = distFolder;
    this.folder = folder;
  }

  /** @param name of the test file: files run at the same time and must not share a build */
  static async build(name: string): Promise<EngineBuild> {
    const outdir = join(root, ".cache", "test-engine", name);
    await build({
      absWorkingDir: root,
      entryPoints: {
        engine: "src/processes/engine/main.ts",
        "engine-worker": "src/processes/engine/worker.ts",
        "model-worker": "src/engine/model-worker.ts",
      },
      outdir,
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20",
      packages: "external",
      logLevel: "warning",
    });
    return new EngineBuild(outdir, await mkdtemp(join(tmpdir(), "samrefiner-engine-")));
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  get program(): string {
    return join(this.distFolder, "engine.js");
  }

  /** What processes are started with. */
  settings(changed: Partial<EngineProcessOptions> = {}): EngineProcessOptions {
    return { device: "cpu", threads: 1, cacheDir: this.path("cache"), ...changed };
  }

  /** An engine that is disposed of with the build. */
  engine(settings: Partial<EngineProcessOptions> = {}, changed: Partial<EngineOptions> = {}): Observed {
    const log: string[] = [];
    const engine = createEngine({
      distFolder: this.distFolder,
      options: () => this.settings(settings),
      nodePath: () => process.execPath,
      log: (level, message) => log.push(`${level}: ${message}`),
      ...changed,
    });
    this.#engines.push(engine);
    const states: EngineState[] = [];
    engine.onState((state) => states.push(state));
    return { engine, log, states };
  }

  async remove(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.dispose()));
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Whether a process is there. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

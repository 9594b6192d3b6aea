/** A notebook's kernel: one process at a time, started with the first cell, again after it ended. */
import { join } from "node:path";
import type {
  CellOutcome,
  CellOutput,
  CellRun,
  Completion,
  KernelNotifications,
} from "../../protocol/kernel.ts";
import { type EngineLog, findNode, type Runtime, startOnAny } from "../engine/mod.ts";
import type { KernelProcess } from "./start-kernel.ts";

/** How a kernel is made. */
export interface KernelOptions {
  /** Absolute folder of `kernel.js` and `sdk.js`. */
  readonly distFolder: string;
  /** Absolute folder that imports and paths of the cells are relative to. */
  readonly folder: string;
  /** The Node to use when it is set: a path. Read at every start. */
  readonly nodePath: () => string | undefined;
  readonly log: EngineLog;
  /** Gets what cells show, also what comes after they ended. */
  readonly onOutput: (run: string, output: CellOutput) => void;
  /** The process ended although nobody asked it to, with how. */
  readonly onDeath: (how: string) => void;
}

/** How a run ended; `gone`: its process ended first. */
export type KernelOutcome = CellOutcome | { readonly status: "gone"; readonly how: string };

/** A notebook's kernel. */
export class KernelClient {
  readonly #options: KernelOptions;
  /** Processes that were told to end. */
  readonly #dismissed = new WeakSet<KernelProcess>();
  #process: Promise<KernelProcess> | undefined;
  #run: string | undefined;
  #disposed = false;

  constructor(options: KernelOptions) {
    this.#options = options;
  }

  /**
   * Runs a cell. The process is started if need be.
   *
   * @throws {EngineError} `StartError` when no Node runs the kernel
   */
  async run(run: CellRun): Promise<KernelOutcome> {
    const process = await this.#running();
    this.#run = run.id;
    const gone = process.ended.then((how) => ({ status: "gone", how: this.#endOf(process, how) }) as const);
    return Promise.race([process.run(run), gone]);
  }

  /** Stops the running cell. */
  async interrupt(): Promise<void> {
    const process = await this.#process?.catch(() => undefined);
    // What ends meanwhile is not running any more.
    await Promise.race([process?.interrupt(), process?.ended]);
  }

  /** What may be written between two parts of a cell, by the values of cells that have run. */
  async complete(before: string, after: string): Promise<Completion[]> {
    const process = await this.#process?.catch(() => undefined);
    if (process === undefined) return [];
    return Promise.race([process.complete(before, after), process.ended.then(() => [])]);
  }

  /** Ends the process; the next cell starts another, without the variables. */
  async restart(): Promise<void> {
    const starting = this.#process;
    this.#process = undefined;
    const process = await starting?.catch(() => undefined);
    if (process === undefined) return;
    this.#dismissed.add(process);
    await process.end();
  }

  /** Ends the process. Later runs fail. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.restart();
  }

  #running(): Promise<KernelProcess> {
    if (this.#disposed) return Promise.reject(new Error("The notebook is closed"));
    this.#process ??= this.#start();
    return this.#process;
  }

  async #start(): Promise<KernelProcess> {
    const { log, nodePath } = this.#options;
    const { startKernel } = await import("./start-kernel.ts");
    try {
      const { process, runtime } = await startOnAny(findNode({ setting: nodePath() }), {
        what: "kernel",
        start: (runtime) => startKernel(this.#setup(runtime)),
        log,
      });
      const { pid, node } = process.greeting;
      log("info", `A kernel runs as process ${pid} on Node ${node}: ${runtime.command} (${runtime.from})`);
      void process.ended.then((how) => this.#ended(process, how));
      return process;
    } catch (error) {
      this.#process = undefined;
      throw error;
    }
  }

  #setup(runtime: Runtime): Parameters<typeof import("./start-kernel.ts").startKernel>[0] {
    const { distFolder, folder, onOutput } = this.#options;
    return {
      runtime,
      folder,
      program: join(distFolder, "kernel.js"),
      sdk: join(distFolder, "sdk.js"),
      onOutput: ({ run, output }: KernelNotifications["output"]) => onOutput(run, output),
      onLine: (line, name) => this.#native(line, name),
    };
  }

  /** Native code and child processes print past JavaScript: below the cell that runs. */
  #native(line: string, name: "stdout" | "stderr"): void {
    this.#options.log("debug", `kernel: ${line}`);
    if (this.#run !== undefined)
      this.#options.onOutput(this.#run, { kind: "stream", name, text: `${line}\n` });
  }

  #ended(process: KernelProcess, how: string): void {
    if (this.#dismissed.has(process)) return;
    this.#process = undefined;
    this.#options.log("warn", `The kernel of process ${process.greeting.pid} is gone: ${how}`);
    this.#options.onDeath(how);
  }

  #endOf(process: KernelProcess, how: string): string {
    return this.#dismissed.has(process) ? "it was restarted" : how;
  }
}

import { EngineError, type EngineLog } from "./engine-api.ts";
import type { Runtime } from "./find-node.ts";
import type { EngineProcess, ProcessSetup } from "./start-process.ts";

/** A process and what it runs on. */
export interface StartedProcess {
  readonly process: EngineProcess;
  readonly runtime: Runtime;
}

/**
 * Starts the engine on the first Node that works.
 *
 * @throws {EngineError} `StartError` with every reason
 */
export async function startOnAny(
  runtimes: readonly Runtime[],
  setup: Omit<ProcessSetup, "runtime">,
): Promise<StartedProcess> {
  // Loaded here: the extension must activate quickly.
  const { startProcess } = await import("./start-process.ts");
  const reasons: string[] = [];
  for (const runtime of runtimes) {
    try {
      const process = await startProcess({ ...setup, runtime });
      tellStart(setup.log, runtime, process);
      return { process, runtime };
    } catch (error) {
      const reason = `${runtime.command} (${runtime.from}): ${(error as Error).message}`;
      reasons.push(reason);
      setup.log("warn", `The engine does not run on ${reason}`);
    }
  }
  throw new EngineError("StartError", `The engine could not be started. ${reasons.join("; ")}`);
}

function tellStart(log: EngineLog, { command, from }: Runtime, { status }: EngineProcess): void {
  log("info", `The engine runs as process ${status.pid} on Node ${status.node}: ${command} (${from})`);
}

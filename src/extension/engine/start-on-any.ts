import { EngineError, type EngineLog } from "./engine-api.ts";
import type { Runtime } from "./find-node.ts";

/** A process and what it runs on. */
export interface StartedProcess<P> {
  readonly process: P;
  readonly runtime: Runtime;
}

/** What is started. */
export interface AnyStart<P> {
  /** For messages: "engine". */
  readonly what: string;
  readonly start: (runtime: Runtime) => Promise<P>;
  readonly log: EngineLog;
}

/**
 * Starts a program on the first Node that works.
 *
 * @throws {EngineError} `StartError` with every reason
 */
export async function startOnAny<P>(
  runtimes: readonly Runtime[],
  { what, start, log }: AnyStart<P>,
): Promise<StartedProcess<P>> {
  const reasons: string[] = [];
  for (const runtime of runtimes) {
    try {
      return { process: await start(runtime), runtime };
    } catch (error) {
      const reason = `${runtime.command} (${runtime.from}): ${(error as Error).message}`;
      reasons.push(reason);
      log("warn", `The ${what} does not run on ${reason}`);
    }
  }
  throw new EngineError("StartError", `The ${what} could not be started. ${reasons.join("; ")}`);
}

/** Stopping cleanly: the first signal aborts the work, the second ends the process at once. */
import { type ExitCode, exitCodes } from "./exit-codes.ts";

/** The reason of an abort by the user or the system. */
export class Stopped extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode) {
    super("stopped");
    this.name = "Stopped";
    this.exitCode = exitCode;
  }
}

/** A signal that aborts on Ctrl-C or termination. */
export function stopOnSignals(): AbortSignal {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals, exitCode: ExitCode): void => {
    if (controller.signal.aborted) endNow(name, exitCode);
    controller.abort(new Stopped(exitCode));
  };
  process.on("SIGINT", () => stop("SIGINT", exitCodes.interrupted));
  process.on("SIGTERM", () => stop("SIGTERM", exitCodes.terminated));
  return controller.signal;
}

/**
 * Ends the process without waiting for native runs: `process.exit` would tear down the runtime under them, which
 * aborts with a crash. Dying of the signal itself is what a shell reports as 130 or 143.
 */
function endNow(name: NodeJS.Signals, exitCode: ExitCode): void {
  // Exit listeners remove temporary files.
  process.emit("exit", exitCode);
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}

/**
 * Waits for work that cannot be aborted, but not longer than the user wants.
 *
 * @throws the signal's reason when aborted
 */
export function orStop<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

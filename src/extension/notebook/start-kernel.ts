/** One kernel process: started, greeted, and talked to. */
import { type Duplex, Writable } from "node:stream";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node.js";
import {
  type CellOutcome,
  type CellRun,
  type Completion,
  KERNEL_PROTOCOL,
  type KernelGreeting,
  type KernelNotifications,
  type KernelSetup,
} from "../../protocol/kernel.ts";
import { startChild } from "../child.ts";
import type { Runtime } from "../engine/mod.ts";

/** How long a process may take for its first answer; a loaded machine is slow, a wrong executable is silent. */
const HELLO_MS = 20_000;
/** The pipe that messages go through; see `src/processes/kernel/control.ts`. */
const PIPE = 3;

/** Code that is stopped in the middle of a callback leaves Node's books of callbacks unbalanced: no reason to end it. */
const FLAGS = ["--no-force-async-hooks-checks"];

/** What is started. */
export interface KernelStart extends KernelSetup {
  readonly runtime: Runtime;
  /** Absolute path of `kernel.js`. */
  readonly program: string;
  readonly onOutput: (output: KernelNotifications["output"]) => void;
  /** Gets what libraries and child processes print past JavaScript, line by line. */
  readonly onLine: (line: string, stream: "stdout" | "stderr") => void;
}

/** A process that answers. */
export interface KernelProcess {
  readonly greeting: KernelGreeting;
  /** Never settles when the process ends first: see {@link ended}. */
  run(run: CellRun): Promise<CellOutcome>;
  interrupt(): Promise<boolean>;
  complete(before: string, after: string): Promise<Completion[]>;
  /** Resolves once it is gone, with how: "it was ended by SIGKILL". */
  readonly ended: Promise<string>;
  /** Ends it at once. */
  end(): Promise<unknown>;
  /** Closes the pipe, as the end of VS Code does. */
  disconnect(): void;
}

/**
 * Starts a process and waits for its first answer.
 *
 * @throws {Error} with the reason, and no process left
 */
export async function startKernel(start: KernelStart): Promise<KernelProcess> {
  const { runtime, program, folder, sdk, onOutput, onLine } = start;
  const setup: KernelSetup = { folder, sdk };
  const child = startChild({
    command: runtime.command,
    args: [...FLAGS, program, JSON.stringify(setup)],
    env: runtime.env,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    onLine,
  });
  const pipe = child.process.stdio[PIPE] as Duplex | undefined;
  // A process that is gone takes no more messages; its end is told by `ended`.
  pipe?.on("error", () => undefined);
  const connection =
    pipe && createMessageConnection(new StreamMessageReader(pipe), new StreamMessageWriter(tolerant(pipe)));
  connection?.onNotification("output", onOutput);
  connection?.onError(() => undefined);
  connection?.listen();
  let isGone = false;
  const failed = child.ended.then((how) => {
    isGone = true;
    connection?.dispose();
    throw new Error([how, child.lastWords()].filter((text) => text !== "").join(": "));
  });
  failed.catch(() => undefined);
  const ask = <T>(method: string, params: object): Promise<T> =>
    new Promise((resolve, reject) => {
      // Who asks a process that is gone hears it from `ended`.
      if (isGone || connection === undefined) return;
      connection.sendRequest<T>(method, params).then(resolve, (error) => isGone || reject(error));
    });
  try {
    const hello = ask<KernelGreeting>("hello", { protocol: KERNEL_PROTOCOL });
    const greeting = await Promise.race([hello, failed, tooLate()]);
    return {
      greeting,
      run: (run) => ask("run", run),
      interrupt: () => ask("interrupt", {}),
      complete: (before, after) => ask("complete", { before, after }),
      ended: child.ended,
      end: child.end,
      disconnect: () => pipe?.destroy(),
    };
  } catch (error) {
    await child.end();
    throw error;
  }
}

/** The library has no way to catch what a pipe that broke says to each message; `ended` says it once. */
function tolerant(pipe: Duplex): Writable {
  return new Writable({
    write: (chunk, _, done) => {
      if (pipe.writable) pipe.write(chunk, () => done());
      else done();
    },
  });
}

function tooLate(): Promise<never> {
  return new Promise((_, reject) => {
    const late = (): void => reject(new Error(`it did not answer within ${HELLO_MS / 1000} s`));
    setTimeout(late, HELLO_MS).unref();
  });
}

/** One engine process: started, greeted, and talked to. */
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node.js";
import {
  ENGINE_PROTOCOL,
  type EngineNotifications,
  type EngineProcessOptions,
  type EngineRequests,
  type EngineStatus,
} from "../../protocol/engine.ts";
import { type Child, startChild } from "../child.ts";
import type { EngineLog } from "./engine-api.ts";
import { engineError } from "./engine-error.ts";
import type { Runtime } from "./find-node.ts";

/** How long a process may take for its first answer; a loaded machine is slow, a wrong executable is silent. */
const HELLO_MS = 15_000;
const PROBE = Uint8Array.from({ length: 256 }, (_, i) => i);

/** What is started. */
export interface ProcessSetup {
  readonly runtime: Runtime;
  /** Absolute path of `engine.js`. */
  readonly program: string;
  readonly options: EngineProcessOptions;
  readonly log: EngineLog;
  readonly onStatus: (status: EngineStatus) => void;
  readonly onProgress: (progress: EngineNotifications["progress"]) => void;
}

/** A process that answers. */
export interface EngineProcess {
  /** As it was when it first answered. */
  readonly status: EngineStatus;
  /**
   * Asks it. Never settles when the process ends first: see {@link ended}.
   *
   * @throws {EngineError} as the process answered
   * @throws the signal's reason when aborted
   */
  request<K extends keyof EngineRequests>(
    method: K,
    params: EngineRequests[K][0],
    signal?: AbortSignal,
  ): Promise<EngineRequests[K][1]>;
  /** Resolves once it is gone, with how: "it was ended by SIGKILL". */
  readonly ended: Promise<string>;
  /** Ends it at once. */
  end(): Promise<unknown>;
}

/**
 * Starts a process and checks that it is ours and gets typed arrays whole.
 *
 * @throws {Error} with the reason, and no process left
 */
export async function startProcess(setup: ProcessSetup): Promise<EngineProcess> {
  const { process: child, ended, lastWords, end } = launch(setup);
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  connection.onNotification("log", ({ level, message }: EngineNotifications["log"]) =>
    setup.log(level, message),
  );
  connection.onNotification("status", setup.onStatus);
  connection.onNotification("progress", setup.onProgress);
  connection.onError(([error]) => setup.log("debug", `The channel to the engine failed: ${error.message}`));
  connection.listen();
  const failed = ended.then((how) => {
    throw new Error([how, lastWords()].filter((text) => text !== "").join(": "));
  });
  try {
    const status = await Promise.race([greet(connection), failed, tooLate()]);
    // Answers after the end would be answers to nobody.
    failed.catch(() => connection.dispose());
    return { status, ended, end, request: (...request) => ask(connection, ...request) };
  } catch (error) {
    failed.catch(() => undefined);
    await end();
    throw error;
  }
}

function launch({ runtime, program, options, log }: ProcessSetup): Child {
  return startChild({
    command: runtime.command,
    args: [program, JSON.stringify(options)],
    env: runtime.env,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    onLine: (line) => log("debug", `engine: ${line}`),
  });
}

async function greet(connection: MessageConnection): Promise<EngineStatus> {
  const expected = PROBE.reduce((sum, byte) => sum + byte, 0);
  const { protocol, sum } = await ask(connection, "hello", { protocol: ENGINE_PROTOCOL, probe: PROBE });
  if (protocol !== ENGINE_PROTOCOL)
    throw new Error(`it speaks version ${protocol} of the protocol: expected ${ENGINE_PROTOCOL}`);
  if (sum !== expected) throw new Error("it does not get typed arrays whole");
  return ask(connection, "status", {});
}

async function ask<K extends keyof EngineRequests>(
  connection: MessageConnection,
  method: K,
  params: EngineRequests[K][0],
  signal?: AbortSignal,
): Promise<EngineRequests[K][1]> {
  const source = new CancellationTokenSource();
  const cancel = (): void => source.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    return await connection.sendRequest(method, params, source.token);
  } catch (error) {
    throw engineError(error, signal);
  } finally {
    signal?.removeEventListener("abort", cancel);
    source.dispose();
  }
}

function tooLate(): Promise<never> {
  return new Promise((_, reject) => {
    const late = (): void => reject(new Error(`it did not answer within ${HELLO_MS / 1000} s`));
    setTimeout(late, HELLO_MS).unref();
  });
}

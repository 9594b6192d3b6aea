/** Answers what needs no model, forwards the rest, and knows what the process is doing. */
import { Worker } from "node:worker_threads";
import manifest from "../../../package.json" with { type: "json" };
import { ENGINE_PROTOCOL, EngineErrorCode, type EngineStatus } from "../../protocol/engine.ts";
import { statusOf } from "./status-of.ts";
import { isJsonRpc, type JsonRpcMessage, type ModelState, type WorkerMessage } from "./worker-messages.ts";

/** The worker's program, beside this one. */
const PROGRAM = new URL("./engine-worker.js", import.meta.url);

/** The main thread of the engine process. */
export class Switchboard {
  readonly #options: string;
  /** Ids of requests that the worker thread has. */
  readonly #pending = new Set<number | string>();
  #worker: Worker | undefined;
  #model: ModelState = { state: "closed", attempts: [] };
  #told: EngineStatus["state"] = "idle";

  /** @param options `EngineProcessOptions` as JSON */
  constructor(options: string) {
    this.#options = options;
  }

  /** Takes a message of the host. */
  receive(message: unknown): void {
    if (!isJsonRpc(message))
      this.#log("warn", `A message that is no JSON-RPC was ignored: ${typeof message}`);
    else if (message.method === "hello") this.#answer(message, () => greet(message.params));
    else if (message.method === "status") this.#answer(message, () => this.#status());
    else this.#forward(message);
  }

  /** Ends the process with its reason in the log. */
  fail(error: unknown): void {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    console.error(reason);
    process.exitCode = 1;
    this.#send(notification("log", { level: "error", message: reason }), () => process.exit(1));
  }

  #answer({ id }: JsonRpcMessage, work: () => unknown): void {
    if (id === undefined) return;
    try {
      this.#send({ jsonrpc: "2.0", id, result: work() });
    } catch (error) {
      const { internal: code } = EngineErrorCode;
      this.#send({ jsonrpc: "2.0", id, error: { code, message: (error as Error).message } });
    }
  }

  #forward(message: JsonRpcMessage): void {
    this.#worker ??= this.#startWorker();
    if (message.id !== undefined && message.method !== undefined) this.#pending.add(message.id);
    this.#worker.postMessage(message);
    this.#tellState();
  }

  #startWorker(): Worker {
    const worker = new Worker(PROGRAM, { workerData: this.#options });
    worker.on("message", (message: WorkerMessage) => this.#fromWorker(message));
    worker.on("error", (error) => this.fail(error));
    worker.on("exit", (code) => this.fail(new Error(`The worker thread ended (exit code ${code})`)));
    return worker;
  }

  #fromWorker(message: WorkerMessage): void {
    if (isJsonRpc(message)) {
      if (message.method === undefined && message.id !== undefined) this.#pending.delete(message.id);
      // First: whoever gets the answer shall find the state that came of it.
      this.#tellState();
      this.#send(message);
      return;
    }
    this.#model = message.model;
    this.#tellState();
  }

  #status(): EngineStatus {
    return statusOf(this.#model, this.#pending.size);
  }

  #tellState(): void {
    const status = this.#status();
    if (status.state === this.#told) return;
    this.#told = status.state;
    this.#send(notification("status", status));
  }

  #log(level: "warn" | "error", message: string): void {
    this.#send(notification("log", { level, message }));
  }

  #send(message: object, sent: () => void = () => undefined): void {
    // The host may be gone; then `disconnect` ends the process.
    if (process.connected) process.send?.(message, undefined, undefined, sent);
    else sent();
  }
}

function notification(method: string, params: object): JsonRpcMessage {
  return { jsonrpc: "2.0", method, params };
}

/** The probe's sum proves that typed arrays arrive whole. */
function greet(params: unknown): { protocol: number; sum: number; version: string } {
  const { probe } = params as { probe: Uint8Array };
  if (!(probe instanceof Uint8Array)) throw new Error("The probe is no Uint8Array");
  const sum = probe.reduce((total, byte) => (total + byte) % 2 ** 32, 0);
  return { protocol: ENGINE_PROTOCOL, sum, version: manifest.version };
}

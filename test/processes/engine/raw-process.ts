/** The engine process without its client: messages as they are. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A JSON-RPC message. */
export interface RawMessage {
  readonly jsonrpc: string;
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A process and everything it said. */
export class RawProcess {
  readonly child: ChildProcess;
  readonly messages: RawMessage[] = [];
  stderr = "";
  #id = 0;

  constructor(program: string, options: object | string) {
    const text = typeof options === "string" ? options : JSON.stringify(options);
    this.child = spawn(process.execPath, [program, text], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      serialization: "advanced",
    });
    this.child.on("message", (message) => this.messages.push(message as RawMessage));
    this.child.stderr?.on("data", (bytes: Buffer) => {
      this.stderr += bytes.toString();
    });
  }

  /** Sends a request and waits for its answer. */
  async ask(method: string, params: object): Promise<RawMessage> {
    const id = ++this.#id;
    this.send({ jsonrpc: "2.0", id, method, params });
    return this.until((message) => message.id === id && message.method === undefined);
  }

  send(message: unknown): void {
    this.child.send(message as object);
  }

  /** Waits for a message, also one that has come already. */
  async until(wanted: (message: RawMessage) => boolean): Promise<RawMessage> {
    for (;;) {
      const found = this.messages.find(wanted);
      if (found !== undefined) return found;
      await once(this.child, "message");
    }
  }

  /** How it ended. */
  async ended(): Promise<[code: number | null, signal: string | null]> {
    const { exitCode, signalCode } = this.child;
    if (exitCode !== null || signalCode !== null) return [exitCode, signalCode];
    return (await once(this.child, "exit")) as [number | null, string | null];
  }

  end(): void {
    this.child.kill("SIGKILL");
  }
}

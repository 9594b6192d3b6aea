/** The engine's client: one process at a time, started when it is needed, again when it ended unexpectedly. */
import { join } from "node:path";
import type { EngineNotifications, EngineRequests, EngineStatus } from "../../protocol/engine.ts";
import { CrashRecord, type RequestFiles } from "./crash-record.ts";
import {
  type Engine,
  type EngineAnswer,
  EngineError,
  type EngineOptions,
  type EngineParams,
  type EngineRequestOptions,
  type EngineState,
} from "./engine-api.ts";
import { findNode, type Runtime } from "./find-node.ts";
import { callAtWork, type OpenCall } from "./open-call.ts";
import { startOnAny } from "./start-on-any.ts";
import type { EngineProcess } from "./start-process.ts";

const LEFT_ALONE = "it is not tried again until the engine is restarted";

/** The engine as {@link createEngine} makes it. */
export class EngineClient implements Engine {
  readonly #options: EngineOptions;
  readonly #listeners = new Set<(state: EngineState) => void>();
  /** By token, oldest first. */
  readonly #calls = new Map<string, OpenCall>();
  readonly #crashes = new CrashRecord();
  /** The files that sessions were opened with. */
  readonly #sessions = new Map<number, RequestFiles>();
  /** Counts starts and dismissals: what an earlier process tells is about the past. */
  #generation = 0;
  #state: EngineState = { state: "stopped" };
  #process: Promise<EngineProcess> | undefined;
  /** The one that worked. */
  #runtime: Runtime | undefined;
  /** Unexpected ends without an answer in between. */
  #endsInARow = 0;
  #words = 0;
  #disposed = false;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  get state(): EngineState {
    return this.#state;
  }

  onState(listener: (state: EngineState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async request<K extends keyof EngineRequests>(
    method: K,
    params: EngineParams<NoInfer<K>>,
    options: EngineRequestOptions = {},
  ): Promise<EngineAnswer<K>> {
    options.signal?.throwIfAborted();
    const files = this.#filesOf(params);
    this.#refuseBlocked(method, files);
    const answer = await this.#call(method, params, files, options);
    if (method === "status") return answer;
    this.#endsInARow = 0;
    this.#crashes.clear(method, files);
    if (method === "session/open") this.#sessions.set((answer as { session: number }).session, files);
    if (method === "session/close") this.#sessions.delete((params as { session: number }).session);
    return answer;
  }

  async restart(): Promise<void> {
    this.#crashes.clearAll();
    this.#runtime = undefined;
    this.#endsInARow = 0;
    await this.#dismiss("The engine was restarted");
    await this.#running();
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#dismiss("The engine was stopped");
    this.#listeners.clear();
  }

  /** Settles with the answer, the signal or the end of the process, whichever comes first. */
  #call<K extends keyof EngineRequests>(
    method: K,
    params: EngineParams<K>,
    { sources }: RequestFiles,
    { signal, onProgress }: EngineRequestOptions,
  ): Promise<EngineAnswer<K>> {
    const token = `${++this.#words}`;
    let abort = (): void => undefined;
    return new Promise<EngineAnswer<K>>((resolve, reject) => {
      this.#calls.set(token, { method, file: sources?.[0], lastHeard: 0, onProgress, fail: reject });
      abort = () => reject(signal?.reason);
      // A stopped run still tells what it did.
      if (method !== "run/start") signal?.addEventListener("abort", abort, { once: true });
      this.#ask(method, { ...params, token } as unknown as EngineRequests[K][0], signal).then(
        resolve,
        reject,
      );
    }).finally(() => {
      signal?.removeEventListener("abort", abort);
      this.#calls.delete(token);
    });
  }

  async #ask<K extends keyof EngineRequests>(
    method: K,
    params: EngineRequests[K][0],
    signal: AbortSignal | undefined,
  ): Promise<EngineAnswer<K>> {
    const running = await this.#running();
    signal?.throwIfAborted();
    const answer = await running.request(method, params, signal);
    // Nobody waits for the session any more: who asked has gone on.
    if (method === "session/open" && signal?.aborted === true)
      running.request("session/close", answer as EngineAnswer<"session/open">).catch(() => undefined);
    return answer;
  }

  #running(): Promise<EngineProcess> {
    if (this.#disposed) return Promise.reject(new EngineError("StoppedError", "The engine was stopped"));
    this.#process ??= this.#start();
    return this.#process;
  }

  async #start(): Promise<EngineProcess> {
    const own = ++this.#generation;
    const isCurrent = (): boolean => own === this.#generation;
    this.#tell({ state: "starting" });
    const { distFolder, options, nodePath, log } = this.#options;
    const found = findNode({ setting: nodePath?.() });
    // The one that worked goes first.
    const runtimes = found.sort((a, b) => Number(this.#worked(b)) - Number(this.#worked(a)));
    try {
      // Loaded here: the extension must activate quickly.
      const { startProcess } = await import("./start-process.ts");
      const setup = {
        program: join(distFolder, "engine.js"),
        options: options(),
        log,
        onStatus: (status: EngineStatus) => {
          if (isCurrent()) this.#tellStatus(status);
        },
        onProgress: (progress: EngineNotifications["progress"]) => this.#progress(progress),
      };
      const start = (runtime: Runtime): Promise<EngineProcess> => startProcess({ ...setup, runtime });
      const { process, runtime } = await startOnAny(runtimes, { what: "engine", start, log });
      tellStart(log, runtime, process);
      if (isCurrent()) this.#started(process, runtime);
      void process.ended.then((how) => {
        if (isCurrent()) this.#ended(how);
      });
      return process;
    } catch (error) {
      if (isCurrent()) this.#failed(error as Error);
      throw error;
    }
  }

  #started({ status }: EngineProcess, runtime: Runtime): void {
    this.#runtime = runtime;
    this.#tellStatus(status);
  }

  #failed({ message: reason }: Error): void {
    this.#process = undefined;
    this.#runtime = undefined;
    this.#tell({ state: "failed", reason });
  }

  #worked({ command }: Runtime): boolean {
    return command === this.#runtime?.command;
  }

  async #dismiss(reason: string): Promise<void> {
    const starting = this.#process;
    this.#process = undefined;
    this.#generation++;
    for (const call of this.#calls.values()) call.fail(new EngineError("StoppedError", reason));
    if (starting === undefined) return;
    const running = await starting.catch(() => undefined);
    await running?.end();
    if (this.#process === undefined) this.#tell({ state: "stopped" });
  }

  #ended(how: string): void {
    this.#process = undefined;
    const reason = this.#explainEnd(how);
    this.#options.log("error", reason.message);
    for (const call of this.#calls.values()) call.fail(reason);
    const again = this.#calls.size > 0 && ++this.#endsInARow < 2;
    if (again) this.#running().catch(() => undefined);
    else this.#tell({ state: this.#calls.size > 0 ? "failed" : "stopped", reason: reason.message });
  }

  /** One word for all who wait: the file that was at work, and whether it will be tried again. */
  #explainEnd(how: string): EngineError {
    const call = callAtWork(this.#calls.values());
    if (call?.file === undefined)
      return new EngineError("CrashError", `The engine ended unexpectedly: ${how}`);
    const { method, file } = call;
    const again = this.#crashes.add(method, file) ? `, for the second time in a row; ${LEFT_ALONE}` : "";
    const message = `The engine ended unexpectedly while it worked on ${file}: ${how}${again}`;
    return new EngineError("CrashError", message, file);
  }

  #refuseBlocked(method: string, files: RequestFiles): void {
    const file = this.#crashes.blocked(method, files);
    if (file === undefined) return;
    const message = `The engine ended twice in a row while it worked on ${file}: ${LEFT_ALONE}`;
    throw new EngineError("CrashError", message, file);
  }

  #filesOf(params: object): RequestFiles {
    const { session } = params as { session?: number };
    return session === undefined ? (params as RequestFiles) : (this.#sessions.get(session) ?? {});
  }

  #progress({ token, ...progress }: EngineNotifications["progress"]): void {
    const call = this.#calls.get(token);
    if (call === undefined) return;
    call.file = progress.item ?? call.file;
    call.lastHeard = ++this.#words;
    call.onProgress?.(progress);
  }

  #tellStatus(process: EngineStatus): void {
    const { error: reason, state } = process;
    this.#tell({
      state,
      process,
      ...(this.#runtime === undefined ? {} : { runtime: this.#runtime.command }),
      ...(reason === undefined ? {} : { reason }),
    });
  }

  #tell(state: EngineState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

function tellStart(log: EngineOptions["log"], { command, from }: Runtime, { status }: EngineProcess): void {
  log("info", `The engine runs as process ${status.pid} on Node ${status.node}: ${command} (${from})`);
}

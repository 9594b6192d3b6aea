/** The engine as the extension sees it. */
import type {
  EngineProcessOptions,
  EngineRequests,
  EngineStatus,
  ProgressMessage,
} from "../../protocol/engine.ts";

/** A line for the log. */
export type EngineLog = (level: "trace" | "debug" | "info" | "warn" | "error", message: string) => void;

/** How an engine is made. */
export interface EngineOptions {
  /** Absolute folder of `engine.js`. */
  readonly distFolder: string;
  /** Read at every start, so that changed settings count after {@link Engine.restart}. */
  readonly options: () => EngineProcessOptions;
  /** The Node to use when it is set: a path. Read at every start. */
  readonly nodePath?: () => string | undefined;
  readonly log: EngineLog;
}

/** What the engine is doing, also while there is no process. */
export interface EngineState {
  /** `stopped`: not started yet, or ended; the next request starts it. `failed`: see `reason`. */
  readonly state: "stopped" | "starting" | EngineStatus["state"];
  /** What the process last told; absent while there is none. */
  readonly process?: EngineStatus;
  /** The executable it runs on. */
  readonly runtime?: string;
  /** Why it failed, one sentence. */
  readonly reason?: string;
}

/** How a request is made. */
export interface EngineRequestOptions {
  /**
   * Stops the work. The request rejects at once with the signal's reason; a `run/start` that the process has got already
   * answers with what was done instead, `stopped: true`.
   */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Omit<ProgressMessage, "token">) => void;
}

/** Parameters of a request; the engine adds the token itself. */
export type EngineParams<K extends keyof EngineRequests> = Omit<EngineRequests[K][0], "token">;

/** The answer to a request. */
export type EngineAnswer<K extends keyof EngineRequests> = EngineRequests[K][1];

/**
 * Why a request failed: `InputError`, `OptionError`, `OutputError`, `ModelError`, `DeviceError` as the SDK has them;
 * `SessionError` where a session is no longer open; `CrashError` where the process ended; `StartError` where none could
 * be started; `StoppedError` where it was restarted or stopped meanwhile; `InternalError` is a defect.
 */
export type EngineErrorKind =
  | "InputError"
  | "OptionError"
  | "OutputError"
  | "ModelError"
  | "DeviceError"
  | "SessionError"
  | "CrashError"
  | "StartError"
  | "StoppedError"
  | "InternalError";

/** A failed request; the message is a sentence for people. */
export class EngineError extends Error {
  readonly kind: EngineErrorKind;
  /** The file at work when the process ended. */
  readonly file: string | undefined;

  constructor(kind: EngineErrorKind, message: string, file?: string) {
    super(message);
    this.name = kind;
    this.kind = kind;
    this.file = file;
  }
}

/** The engine process and its client: started with the first request, again after a crash. */
export interface Engine {
  /**
   * Asks the process, which is started if need be.
   *
   * @throws {EngineError} with a sentence for people
   * @throws the signal's reason when aborted
   */
  request<K extends keyof EngineRequests>(
    method: K,
    params: EngineParams<NoInfer<K>>,
    options?: EngineRequestOptions,
  ): Promise<EngineAnswer<K>>;
  readonly state: EngineState;
  /** Calls with every change of {@link Engine.state}. Returns what ends that. */
  onState(listener: (state: EngineState) => void): () => void;
  /** Ends the process and starts another with the settings as they are now; files that crashed it may be tried again. */
  restart(): Promise<void>;
  /** Ends the process. Later requests fail. Resolves once it is gone. */
  dispose(): Promise<void>;
}

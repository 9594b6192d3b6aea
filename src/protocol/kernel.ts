/** The messages between the extension and a notebook's kernel process: JSON-RPC over a pipe. */

/** Version of these messages. Both ends are built together; another version is another build. */
export const KERNEL_PROTOCOL = 1;

/**
 * What is shown, in one or more formats by mime type, as Jupyter has it: text as it is, binary formats (`image/png`) in
 * base64, JSON formats as values.
 */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** A cell to run. */
export interface CellRun {
  /** Names the run in {@link KernelNotifications.output}. */
  readonly id: string;
  /** TypeScript. */
  readonly code: string;
  /** What stack traces call it, for example `cell-5.ts`. */
  readonly name: string;
}

/** A failure, as shown. */
export interface CellError {
  readonly name: string;
  readonly message: string;
  /** From `Name: message` on, without the kernel's own frames. Frames of cells read `cell-5.ts:3:9`. */
  readonly stack: string;
}

/** How a run ended. */
export type CellOutcome =
  | { readonly status: "ok" }
  | { readonly status: "error"; readonly error: CellError }
  | { readonly status: "interrupted" };

/** What a run shows. */
export type CellOutput =
  | { readonly kind: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | {
      readonly kind: "display";
      readonly data: MimeBundle;
      /** A later output of the same name takes its place. */
      readonly displayId?: string;
    };

/** Something that may be written at a place in a cell. */
export interface Completion {
  readonly name: string;
  readonly kind: "function" | "class" | "value";
}

/** What the process answers. */
export interface KernelRequests {
  /** First of all. */
  hello: [params: { readonly protocol: number }, result: KernelGreeting];
  /** Runs a cell; one at a time, later ones wait. Answers when it has ended or was abandoned. */
  run: [params: CellRun, result: CellOutcome];
  /**
   * Aborts the running cell's `signal`, then stops code that keeps running, and abandons a cell that keeps waiting.
   * Answers with whether a cell was running.
   */
  interrupt: [params: Record<string, never>, result: boolean];
  /**
   * What may follow a cell's text, by the values that there are: nothing before cells have run, or while one keeps the
   * kernel busy. Nothing is called for it.
   */
  complete: [params: { readonly before: string; readonly after: string }, result: Completion[]];
}

/** What runs. */
export interface KernelGreeting {
  readonly protocol: number;
  readonly pid: number;
  /** Version of Node, for example `20.19.0`. */
  readonly node: string;
}

/** What the process tells unasked. */
export interface KernelNotifications {
  /** In the order in which it was shown. `run` may have ended: a timer goes on after its cell. */
  output: { readonly run: string; readonly output: CellOutput };
}

/** How the process is started: its only argument, as JSON. */
export interface KernelSetup {
  /** Absolute folder that imports and paths are relative to. */
  readonly folder: string;
  /** Absolute path of the bundle that `import "samrefiner"` gets where the folder has none installed. */
  readonly sdk: string;
}

/** The messages between the kernel's two threads: the main thread runs cells, the control thread talks to VS Code. */
import type { CellOutcome, CellOutput } from "../../protocol/kernel.ts";

/** What the control thread is started with. */
export interface ControlData {
  /** See `Backlog`. */
  readonly backlog: SharedArrayBuffer;
}

/** To the main thread: evaluate a script. */
export interface EvaluateMessage {
  readonly run: string;
  readonly js: string;
  /** What stack traces call it. */
  readonly name: string;
}

/** To the control thread. `size` goes back to the backlog once it is sent. */
export type MainMessage =
  | { readonly type: "output"; readonly run: string; readonly output: CellOutput; readonly size: number }
  | { readonly type: "ended"; readonly run: string; readonly outcome: CellOutcome };

/** What the control thread calls in the main thread through the inspector. */
export interface Handle {
  /** Aborts the running cell's signal. */
  abort(): void;
  /** Resolves once the event loop has turned. */
  turn(): Promise<void>;
}

/** Name of the global symbol under which the main thread has its {@link Handle}. */
export const HANDLE = "samrefiner.kernel.handle";

import { setTimeout as sleep } from "node:timers/promises";
import type { CellOutcome, CellRun } from "../../protocol/kernel.ts";
import type { Interrupter } from "./interrupter.ts";

/** How long an aborted cell may take to tidy up before it is abandoned. */
const GRACE_MS = 500;
const INTERRUPTED: CellOutcome = { status: "interrupted" };

/** What the queue works with. */
export interface RunQueueParts {
  /** Has the main thread run it. The answer comes through {@link RunQueue.ended}. */
  readonly start: (run: CellRun) => void;
  readonly interrupter: Interrupter;
}

interface OpenRun {
  readonly id: string;
  readonly end: (outcome: CellOutcome) => void;
  isInterrupted: boolean;
}

/** Runs one cell after the other. */
export class RunQueue {
  readonly #parts: RunQueueParts;
  #tail: Promise<unknown> = Promise.resolve();
  #current: OpenRun | undefined;

  constructor(parts: RunQueueParts) {
    this.#parts = parts;
  }

  /** Resolves when the cell has ended or was abandoned. */
  run(run: CellRun): Promise<CellOutcome> {
    const outcome = this.#tail.then(() => this.#run(run));
    this.#tail = outcome;
    return outcome;
  }

  /** The main thread is done with a cell; one that was abandoned is nobody's any more. */
  ended(id: string, outcome: CellOutcome): void {
    if (this.#current?.id !== id) return;
    const isAbort = outcome.status === "error" && outcome.error.name === "AbortError";
    this.#current.end(this.#current.isInterrupted && isAbort ? INTERRUPTED : outcome);
  }

  /** Whether a cell was running. */
  async interrupt(): Promise<boolean> {
    const run = this.#current;
    if (run === undefined) return false;
    run.isInterrupted = true;
    await this.#parts.interrupter.interrupt();
    await sleep(GRACE_MS);
    // Whatever it still waits for, nobody waits for it.
    if (this.#current === run) run.end(INTERRUPTED);
    return true;
  }

  #run(run: CellRun): Promise<CellOutcome> {
    return new Promise((resolve) => {
      const end = (outcome: CellOutcome): void => {
        this.#current = undefined;
        resolve(outcome);
      };
      this.#current = { id: run.id, end, isInterrupted: false };
      try {
        this.#parts.start(run);
      } catch (error) {
        end({ status: "error", error: toCellError(error) });
      }
    });
  }
}

function toCellError(error: unknown): { name: string; message: string; stack: string } {
  const { name, message, stack = message } = error as Error;
  return { name, message, stack };
}

/** Decisions on their way to the journal: in batches, and kept until they are there. */
import type { RegionName } from "../../protocol/engine.ts";
import { regionId } from "./review-model.ts";

/** A decision about a region. */
export interface PendingDecision extends RegionName {
  readonly decision: "accepted" | "rejected" | null;
}

/** `done`: nothing of the batch waits any longer, written or given up; `soon`: it is tried again by itself; `later`: with the next decision. */
export type SendOutcome = "done" | "soon" | "later";

/** What a queue works with. */
export interface QueueOptions {
  /** Milliseconds without another decision before a batch goes. */
  readonly delay: number;
  /** Milliseconds until a batch that could not be written is tried again. */
  readonly retryDelay: number;
  /** Takes a batch to the journal. */
  readonly send: (journal: string, batch: readonly PendingDecision[]) => Promise<SendOutcome>;
  /** Keeps what waits, by journal, for the next window. */
  readonly keep: (waiting: Readonly<Record<string, readonly PendingDecision[]>>) => void;
}

/** One batch a journal at a time; the last decision about a region counts. */
export class DecisionQueue {
  readonly #options: QueueOptions;
  readonly #waiting = new Map<string, Map<string, PendingDecision>>();
  readonly #sending = new Map<string, Promise<void>>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #disposed = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Decisions of a journal that are not there yet. */
  waiting(journal: string): readonly PendingDecision[] {
    return [...(this.#waiting.get(journal)?.values() ?? [])];
  }

  /** Takes decisions; they go a moment later. */
  add(journal: string, decisions: readonly PendingDecision[]): void {
    const waiting = this.#waiting.get(journal) ?? new Map<string, PendingDecision>();
    this.#waiting.set(journal, waiting);
    for (const decision of decisions) waiting.set(regionId(decision), decision);
    this.#keep();
    this.#flushIn(journal, this.#options.delay);
  }

  /** Sends what waits now; resolves when all of it is in the journal, or has failed. */
  async flush(journal: string): Promise<void> {
    clearTimeout(this.#timers.get(journal));
    while (this.#sending.has(journal)) await this.#sending.get(journal);
    const batch = this.waiting(journal);
    if (batch.length === 0) return;
    const sending = this.#send(journal, batch).finally(() => this.#sending.delete(journal));
    this.#sending.set(journal, sending);
    await sending;
    if (this.waiting(journal).some((one) => !batch.includes(one))) await this.flush(journal);
  }

  /** Stops the clocks; what waits was kept. */
  dispose(): void {
    this.#disposed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  async #send(journal: string, batch: readonly PendingDecision[]): Promise<void> {
    const outcome = await this.#options.send(journal, batch);
    const waiting = this.#waiting.get(journal);
    // What was decided again meanwhile waits for the next batch.
    if (outcome === "done")
      for (const one of batch) if (waiting?.get(regionId(one)) === one) waiting.delete(regionId(one));
    this.#keep();
    if (outcome === "soon") this.#flushIn(journal, this.#options.retryDelay);
  }

  #flushIn(journal: string, delay: number): void {
    if (this.#disposed) return;
    clearTimeout(this.#timers.get(journal));
    this.#timers.set(
      journal,
      setTimeout(() => void this.flush(journal), delay),
    );
  }

  #keep(): void {
    const entries = [...this.#waiting].filter(([, decisions]) => decisions.size > 0);
    this.#options.keep(
      Object.fromEntries(entries.map(([journal, decisions]) => [journal, [...decisions.values()]])),
    );
  }
}

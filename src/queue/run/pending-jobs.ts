/** The jobs of a run that are in the queue: what has become of them, whatever happens to Redis meanwhile. */
import { setTimeout as delay } from "node:timers/promises";
import { type Job, QueueEvents } from "bullmq";
import { OutputError } from "../../core/errors.ts";
import { messageOf } from "../../dataset/run/open-work.ts";
import type { PhotoJob, PhotoOutcome } from "../job.ts";
import type { OpenQueue } from "../open-queue.ts";
import { PREFIX, STAMP } from "../protocol.ts";
import type { QueuePriority } from "./queue-run-options.ts";

/** A job that has come to its end. */
export type SettledJob = { readonly id: string } & (
  | { readonly outcome: PhotoOutcome }
  | { readonly failure: string }
);

/** Attempts of a job that fails for a reason of its own. */
const ATTEMPTS = 3;
/** Events may be lost with a Redis that went away: now and then every job is asked about. */
const SWEEP_MS = 2000;
const LAST_WAIT_MS = 5000;
/** Jobs and results that nobody takes go after a week. */
const KEPT_SECONDS = 7 * 24 * 3600;

const priorities: Readonly<Record<QueuePriority, number>> = { interactive: 1, normal: 10, bulk: 100 };

/** Sends jobs and hears of their end. */
export class PendingJobs {
  readonly #queue: OpenQueue;
  readonly #priority: QueuePriority;
  readonly #onNote: (sentence: string) => void;
  readonly #events: QueueEvents;
  readonly #pending = new Map<string, PhotoJob>();
  readonly #settled: SettledJob[] = [];
  readonly #sweep: NodeJS.Timeout;
  #drains = 0;
  #sweeping = false;
  #broken: Error | undefined;
  #wake: () => void = () => {};

  private constructor(
    queue: OpenQueue,
    priority: QueuePriority,
    onNote: (sentence: string) => void,
    signal: AbortSignal | undefined,
  ) {
    signal?.addEventListener("abort", () => this.#wake(), { once: true });
    this.#queue = queue;
    this.#priority = priority;
    this.#onNote = onNote;
    const { connection, name } = queue.address;
    this.#events = new QueueEvents(name, { connection, prefix: PREFIX });
    this.#events.on("error", () => undefined);
    this.#events.on("completed", ({ jobId }) => void this.#ask(jobId));
    this.#events.on("failed", ({ jobId }) => void this.#ask(jobId));
    this.#events.on("progress", ({ jobId, data }) => this.#tellRefusal(jobId, data));
    this.#sweep = setInterval(() => void this.#sweepAll(), SWEEP_MS);
  }

  /** Begins to listen. */
  static async open(
    queue: OpenQueue,
    priority: QueuePriority,
    onNote: (sentence: string) => void,
    signal: AbortSignal | undefined,
  ): Promise<PendingJobs> {
    const pending = new PendingJobs(queue, priority, onNote, signal);
    pending.#drains = await queue.drains();
    await pending.#events.waitUntilReady();
    return pending;
  }

  /** Jobs that are under way. */
  get count(): number {
    return this.#pending.size;
  }

  /** A job that an earlier session has left, with what became of it. */
  async left(id: string): Promise<Job<PhotoJob, PhotoOutcome> | undefined> {
    return this.#queue.queue.getJob(id);
  }

  /** Sends a job; one of the same id that is there already is followed instead. */
  async send(id: string, job: PhotoJob): Promise<void> {
    this.#pending.set(id, job);
    await this.#add(id, job);
  }

  /**
   * The next job that has come to its end.
   *
   * @throws {OutputError} when the queue was drained
   * @throws the signal's reason when aborted
   */
  async next(signal: AbortSignal | undefined): Promise<SettledJob> {
    for (;;) {
      signal?.throwIfAborted();
      if (this.#broken !== undefined) throw this.#broken;
      const settled = this.#settled.shift();
      if (settled !== undefined) return settled;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Whether the end of a job has been heard of. */
  get any(): boolean {
    return this.#settled.length > 0;
  }

  /** Takes a job out of Redis, unless a worker is at it. */
  async remove(id: string): Promise<void> {
    await this.#queue.queue.remove(id);
  }

  /** Takes back what no worker has begun, and stops listening. */
  async close(): Promise<void> {
    clearInterval(this.#sweep);
    const closed = this.#takeBack().then(() => this.#events.close());
    // Without its Redis a run ends all the same.
    await Promise.race([closed, delay(LAST_WAIT_MS, undefined, { ref: false })]).catch(() => undefined);
  }

  /** Those that are done, or being done, stay for the next session. */
  async #takeBack(): Promise<void> {
    for (const id of this.#pending.keys()) {
      const job = await this.#queue.queue.getJob(id);
      if (job !== undefined && !job.finishedOn) await this.remove(id);
    }
  }

  async #add(id: string, job: PhotoJob): Promise<void> {
    await this.#queue.queue.add("photo", job, {
      jobId: id,
      priority: priorities[this.#priority],
      attempts: ATTEMPTS,
      backoff: { type: "exponential", delay: 500 },
      removeOnComplete: { age: KEPT_SECONDS },
      removeOnFail: { age: 4 * KEPT_SECONDS },
      stackTraceLimit: 1,
    });
  }

  /** Looks a job up: what events say may be of an earlier attempt. */
  async #ask(id: string): Promise<void> {
    const sent = this.#pending.get(id);
    if (sent === undefined) return;
    try {
      const job = await this.#queue.queue.getJob(id);
      if (!this.#pending.has(id)) return;
      if (job === undefined) await this.#add(id, sent);
      else if (job.finishedOn) this.#settle(endOf(id, job));
    } catch {
      // Redis is away: the next sweep asks again.
    }
  }

  #settle(settled: SettledJob): void {
    this.#pending.delete(settled.id);
    this.#settled.push(settled);
    this.#wake();
  }

  async #sweepAll(): Promise<void> {
    if (this.#sweeping) return;
    this.#sweeping = true;
    try {
      if ((await this.#queue.drains()) !== this.#drains) {
        const { label } = this.#queue.address;
        this.#broken = new OutputError(`The queue ${label} was drained: expected resume to go on`);
        this.#wake();
      } else for (const id of [...this.#pending.keys()]) await this.#ask(id);
    } catch (error) {
      this.#onNote(`the queue ${this.#queue.address.label} is out of reach (${messageOf(error)}): waiting`);
    } finally {
      this.#sweeping = false;
    }
  }

  #tellRefusal(id: string, data: unknown): void {
    const sent = this.#pending.get(id);
    const { refused, worker } = (typeof data === "object" ? data : {}) as Record<string, unknown>;
    if (sent !== undefined && typeof refused === "string")
      this.#onNote(`worker ${worker} refuses jobs: ${refused}`);
  }
}

/** What became of a job that has ended. */
export function endOf(id: string, { returnvalue, failedReason }: Job<PhotoJob, PhotoOutcome>): SettledJob {
  if (failedReason) return { id, failure: reasonOf(failedReason) };
  if (returnvalue?.stamp === STAMP) return { id, outcome: returnvalue };
  return { id, failure: "a worker of another release did it" };
}

function reasonOf(reason: string): string {
  return /stalled more than/.test(reason) ? "workers were lost with it again and again" : reason;
}

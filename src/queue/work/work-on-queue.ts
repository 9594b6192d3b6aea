/** A worker of a queue. */
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { DelayedError, type Job, UnrecoverableError, WaitingError, Worker } from "bullmq";
import { InputError, OptionError, SamRefinerError } from "../../core/errors.ts";
import type { PhotoJob, PhotoOutcome } from "../job.ts";
import { openQueue } from "../open-queue.ts";
import { parseJob } from "../parse-job.ts";
import { pause } from "../pause.ts";
import { describeStamp, PREFIX, STAMP } from "../protocol.ts";
import { queueAddress, redact } from "../queue-address.ts";
import { JobDesk } from "./job-desk.ts";
import { ModelShelf } from "./model-shelf.ts";
import type { WorkerEvent, WorkerOptions } from "./worker-options.ts";

/** Workers that a job may be lost with before it counts as their end. */
const MOST_LOST = 3;
/** Times and milliseconds that a job may be handed back by workers that cannot do it, before it counts as its fault. */
const MOST_HANDED_BACK = 12;
const LONGEST_HANDING_MS = 600_000;
/** How long a job that was handed back waits for another worker. */
const HANDED_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
const LAST_WAIT_MS = 10_000;

type QueuedJob = Job<PhotoJob, PhotoOutcome>;

/**
 * Takes jobs until the signal aborts.
 *
 * @throws {InputError} when the queue cannot be reached, or it or a job in it is another release's
 * @throws {OptionError} for options that are none
 */
export async function workOnQueue(options: WorkerOptions & { readonly cacheDir: string }): Promise<void> {
  const address = queueAddress(options.queue);
  const queue = await openQueue(address);
  await queue.close();
  await new QueueWorker(options, address).run();
}

class QueueWorker {
  readonly #options: WorkerOptions;
  readonly #address: ReturnType<typeof queueAddress>;
  readonly #name: string;
  readonly #desk: JobDesk;
  /** Aborted when a job must be handed back. */
  readonly #handing = new AbortController();
  /** Aborted when no more jobs are to be taken. */
  readonly #stopping = new AbortController();
  #fatal: Error | undefined;
  #refusals = 0;
  #waiting = false;

  constructor(
    options: WorkerOptions & { readonly cacheDir: string },
    address: ReturnType<typeof queueAddress>,
  ) {
    const { device = "auto", threads, cacheDir, cacheBytes } = options;
    this.#options = options;
    this.#address = address;
    this.#name = options.name ?? `${hostname()}-${process.pid}`;
    const shelf = new ModelShelf({
      ...{ device, cacheDir },
      ...(threads === undefined ? {} : { threads }),
      ...(cacheBytes === undefined ? {} : { cacheBytes }),
      onFetch: (model) => this.#tell({ kind: "fetch", model }),
    });
    this.#desk = new JobDesk(shelf, this.#name, options);
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    const worker = this.#start();
    const stop = (): void => this.#stopping.abort();
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    try {
      await worker.waitUntilReady();
      this.#tell({ kind: "ready", queue: this.#address.label, worker: this.#name });
      await aborted(this.#stopping.signal);
    } finally {
      signal?.removeEventListener("abort", stop);
      await this.#close(worker);
    }
    if (this.#fatal !== undefined) throw this.#fatal;
  }

  #start(): Worker<PhotoJob, PhotoOutcome> {
    const { concurrency = 1 } = this.#options;
    const lostMs = secondsOf("lostAfter", this.#options.lostAfter ?? 120);
    const worker = new Worker<PhotoJob, PhotoOutcome>(
      this.#address.name,
      (job, token) => this.#process(job, token!),
      {
        connection: this.#address.connection,
        prefix: PREFIX,
        name: this.#name,
        concurrency,
        lockDuration: lostMs,
        stalledInterval: lostMs / 2,
        maxStalledCount: MOST_LOST,
      },
    );
    worker.on("error", (error) => this.#noteTrouble(error));
    worker.on("ready", () => {
      this.#waiting = false;
    });
    worker.on("failed", (job, error) =>
      this.#tell({ kind: "failed", key: job?.data.key ?? "?", reason: redact(error.message, this.#address) }),
    );
    return worker;
  }

  async #close(worker: Worker<PhotoJob, PhotoOutcome>): Promise<void> {
    const graceMs = (this.#options.grace ?? 20) * 1000;
    const closed = worker.close();
    const handBack = setTimeout(() => this.#handing.abort(), graceMs);
    // Without its Redis a worker cannot hand anything back: its jobs are then found to be lost.
    await Promise.race([closed, delay(graceMs + LAST_WAIT_MS, undefined, { ref: false })]);
    clearTimeout(handBack);
    await this.#desk.close();
  }

  async #process(job: QueuedJob, token: string): Promise<PhotoOutcome> {
    if (job.data.stamp !== STAMP) return this.#leave(job, token);
    const started = performance.now();
    let data: PhotoJob;
    try {
      data = parseJob(job.data);
    } catch (error) {
      throw new UnrecoverableError((error as Error).message);
    }
    try {
      const { outcome, regions } = await this.#desk.do(data, this.#handing.signal);
      this.#refusals = 0;
      this.#tell({ kind: "photo", key: data.key, regions, ms: performance.now() - started });
      return outcome;
    } catch (error) {
      if (this.#handing.signal.aborted) return putBack(job, token);
      // What is no error of this product is the job's own: it is tried again, some times.
      if (!(error instanceof SamRefinerError)) throw error;
      return this.#handBack(job, token, redact(error.message, this.#address));
    }
  }

  /** Another release's job: this worker is of no use here. */
  async #leave(job: QueuedJob, token: string): Promise<never> {
    const { label } = this.#address;
    this.#fatal = new InputError(
      `The queue ${label} holds jobs of ${describeStamp(String(job.data.stamp))}: expected ${describeStamp(STAMP)} (finish them with that release, or take another queue: ?queue=name)`,
    );
    this.#stopping.abort();
    return putBack(job, token);
  }

  /** For others: this worker takes no job for a while, longer each time. */
  async #handBack(job: QueuedJob, token: string, reason: string): Promise<never> {
    const { key, handedBack: { times, since } = { times: 0, since: Date.now() } } = job.data;
    if (times >= MOST_HANDED_BACK && Date.now() - since > LONGEST_HANDING_MS)
      throw new UnrecoverableError(`no worker could do it: ${reason}`);
    // Fails for a job that is gone: another worker has done it meanwhile, and nothing is left to be told.
    await job.updateData({ ...job.data, handedBack: { times: times + 1, since } });
    this.#tell({ kind: "refused", key, reason });
    await job.updateProgress({ refused: reason, worker: this.#name });
    await job.moveToDelayed(Date.now() + HANDED_MS, token);
    await pause(pauseMs(++this.#refusals), this.#stopping.signal);
    throw new DelayedError();
  }

  /** A connection that is lost is made again; this is told once. */
  #noteTrouble(error: Error): void {
    const { code } = error as NodeJS.ErrnoException;
    // Numbers are of jobs that others have finished meanwhile.
    if (typeof code !== "string" || this.#waiting) return;
    this.#waiting = true;
    this.#tell({ kind: "waiting", reason: redact(error.message || code, this.#address) });
  }

  #tell(event: WorkerEvent): void {
    this.#options.onEvent?.(event);
  }
}

async function putBack(job: QueuedJob, token: string): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}

function pauseMs(count: number): number {
  return Math.min(LONGEST_PAUSE_MS, 500 * 2 ** count);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function secondsOf(name: string, seconds: number): number {
  if (seconds >= 1 && seconds <= 86_400) return seconds * 1000;
  throw new OptionError(`Option "${name}" is ${seconds}: expected seconds from 1 to 86400`);
}

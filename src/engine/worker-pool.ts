/**
 * Refining many masks, or photos, at once: worker threads, each with models of its own or, on a device, all with the same
 * decoder.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { type ErrorData, packError, unpackError } from "../core/errors.ts";
import type { Photo } from "../core/lab.ts";
import type { Prompts } from "../core/prompts/excavate.ts";
import type { Question, Reply } from "./ask-decoder.ts";
import type { CascadeTask, EncodedPhoto } from "./cascade.ts";
import type { CascadeRun } from "./drive-cascades.ts";
import type { GatheringDecoder } from "./gather-decodes.ts";
import type { WorkerAnswer, WorkerEmbedding, WorkerRequest, WorkerSetup } from "./model-worker.ts";

/** The worker's program, beside this one in a build; absent when the sources run unbuilt. */
const PROGRAM = new URL("./model-worker.js", import.meta.url);

/** Whether workers can be started here. */
export function workersAvailable(): boolean {
  return PROGRAM.protocol === "file:" && existsSync(fileURLToPath(PROGRAM));
}

interface Job {
  readonly request: WorkerRequest;
  /** The photo of a region as the caller has it: its embedding may lie on a device. */
  readonly original?: EncodedPhoto;
  readonly resolve: (answer: WorkerAnswer) => void;
  readonly reject: (error: unknown) => void;
}

interface Message extends Partial<Question>, WorkerAnswer {
  readonly ready?: boolean;
  readonly error?: ErrorData;
}

/** What a worker made of a region. */
export type RegionAnswer = WorkerAnswer & { readonly run: CascadeRun };

/** Regions of one photo. */
export interface PoolTasks {
  /** The photo in shared memory. */
  readonly encoded: EncodedPhoto;
  /** The same as the caller has it. */
  readonly original: EncodedPhoto;
  readonly tasks: readonly CascadeTask[];
  /** Whether to look again on crops, where tasks want that. */
  readonly looksTwice: boolean;
  /** Whether somebody waits for them: they go before what is queued. */
  readonly isUrgent: boolean;
}

/** A fixed number of workers and a queue. */
export class WorkerPool {
  readonly #idle: Worker[] = [];
  readonly #workers: Worker[];
  readonly #running = new Map<Worker, Job>();
  readonly #queue: Job[] = [];
  readonly #decoder: GatheringDecoder | undefined;
  #failure: unknown;
  #closing = false;

  /** @param decoder answers workers that have none */
  constructor(setup: WorkerSetup, size: number, decoder?: GatheringDecoder) {
    this.#decoder = decoder;
    this.#workers = Array.from({ length: size }, () => this.#start(setup));
  }

  /**
   * Encodes a photo as soon as a worker is free.
   *
   * @param photo in shared memory
   * @throws the signal's reason when aborted; a run under way ends unheard
   */
  async encode(photo: Photo, signal: AbortSignal | undefined): Promise<WorkerEmbedding> {
    const jobs: Job[] = [];
    const answer = new Promise<WorkerAnswer>((resolve, reject) => {
      jobs.push({ request: { photo }, resolve, reject });
    });
    const [{ encoded }] = (await this.#run(jobs, [answer], false, signal)) as [WorkerAnswer];
    return encoded!;
  }

  /** Frees what the workers encode with, until the next photo. */
  rest(): void {
    for (const worker of this.#workers) worker.postMessage("rest");
  }

  /**
   * Refines regions, each as soon as a worker is free.
   *
   * @param onDone called after each region
   * @returns in the order of the tasks
   * @throws the signal's reason when aborted; regions under way end unheard
   */
  refineAll(
    { encoded, original, tasks, looksTwice, isUrgent }: PoolTasks,
    onDone: (() => void) | undefined,
    signal: AbortSignal | undefined,
  ): Promise<RegionAnswer[]> {
    const jobs: Job[] = [];
    const answers = tasks.map(async (task) => {
      const answer = await new Promise<WorkerAnswer>((resolve, reject) => {
        jobs.push({ request: { encoded, task, looksTwice }, original, resolve, reject });
      });
      onDone?.();
      return answer as RegionAnswer;
    });
    return this.#run(jobs, answers, isUrgent, signal);
  }

  async #run<T>(
    jobs: readonly Job[],
    answers: readonly Promise<T>[],
    isUrgent: boolean,
    signal: AbortSignal | undefined,
  ): Promise<T[]> {
    // One listener for all jobs: a photo may have hundreds.
    const abort = (): void => {
      for (const job of jobs) this.#drop(job, signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
    try {
      if (signal?.aborted) abort();
      else this.#enqueue(jobs, isUrgent);
      return await Promise.all(answers);
    } finally {
      signal?.removeEventListener("abort", abort);
      // After the first failure nobody waits for the rest.
      for (const job of jobs) this.#drop(job, this.#failure);
    }
  }

  #enqueue(jobs: readonly Job[], isUrgent: boolean): void {
    if (this.#failure !== undefined) {
      for (const job of jobs) job.reject(this.#failure);
      return;
    }
    if (isUrgent) this.#queue.unshift(...jobs);
    else this.#queue.push(...jobs);
    this.#next();
  }

  /** Whether a worker ended or could not start: then the pool is of no more use. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /** Ends the workers after what they are doing: a thread stopped inside a native run would take the process down. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#fail(new Error("The worker pool was closed"));
    await Promise.all(
      this.#workers.map((worker) => {
        if (worker.threadId < 0) return undefined;
        const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
        worker.ref();
        worker.postMessage("close");
        return ended;
      }),
    );
  }

  #start(setup: WorkerSetup): Worker {
    const worker = new Worker(PROGRAM, { workerData: setup });
    // A worker waiting for work must not keep the program alive.
    worker.unref();
    worker.on("message", (message: Message) => this.#answer(worker, message));
    worker.on("error", (error) => this.#fail(error));
    worker.on("exit", (code) =>
      this.#fail(new Error(`A worker thread ended unexpectedly (exit code ${code})`)),
    );
    return worker;
  }

  #answer(worker: Worker, { ready, error, ask, ...answer }: Message): void {
    if (ask !== undefined) {
      void this.#decode(worker, ask);
      return;
    }
    if (ready === false) {
      this.#fail(unpackError(error!));
      return;
    }
    const job = this.#running.get(worker);
    this.#running.delete(worker);
    if (error === undefined) job?.resolve(answer);
    else job?.reject(unpackError(error));
    if (this.#closing) return;
    worker.unref();
    this.#idle.push(worker);
    this.#next();
  }

  async #decode(worker: Worker, prompts: readonly Prompts[]): Promise<void> {
    const job = this.#running.get(worker);
    try {
      if (job?.original === undefined) throw this.#failure;
      const reply: Reply = await this.#decoder!.decode(job.original, prompts);
      // Copied: the runtime's own memory cannot be handed over.
      worker.postMessage(reply);
    } catch (error) {
      worker.postMessage({ refused: packError(error) } satisfies Reply);
    }
  }

  #next(): void {
    while (this.#queue.length > 0 && this.#idle.length > 0) {
      const worker = this.#idle.pop()!;
      const job = this.#queue.shift()!;
      this.#running.set(worker, job);
      worker.ref();
      worker.postMessage(job.request);
    }
    // Jobs that wait for workers still starting must keep the program alive.
    if (this.#queue.length > 0) for (const worker of this.#workers) worker.ref();
  }

  #drop(job: Job, reason: unknown): void {
    const place = this.#queue.indexOf(job);
    if (place >= 0) this.#queue.splice(place, 1);
    job.reject(reason);
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const job of [...this.#running.values(), ...this.#queue]) job.reject(this.#failure);
    this.#running.clear();
    this.#queue.length = 0;
  }
}

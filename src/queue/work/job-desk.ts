/** Doing one job: everything it needs is fetched, its photo refined, its result put where the run finds it. */
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { IoUAdaptor } from "../../core/adaption/iou-adaptor.ts";
import { InputError } from "../../core/errors.ts";
import { parseAdaptor } from "../../dataset/adapt/adaptor-file.ts";
import { AnnotationSources } from "../../dataset/run/annotation-sources.ts";
import { pathBelow } from "../../dataset/run/path-below.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Workload } from "../../engine/schedule.ts";
import { packBundle } from "../bundle.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { folderExchange } from "../exchange/folder-exchange.ts";
import { type StoreAddress, storeAddress } from "../exchange/store-address.ts";
import { storeExchange } from "../exchange/store-exchange.ts";
import type { PhotoJob, PhotoOutcome } from "../job.ts";
import { hidePaths } from "../job-files.ts";
import { STAMP } from "../protocol.ts";
import { folderInputs, type JobInputs, storeInputs } from "./job-inputs.ts";
import { localWork, ownFiles } from "./local-work.ts";
import type { ModelShelf } from "./model-shelf.ts";
import { refineJob } from "./refine-job.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** Adaptors that stay in memory. */
const KEPT_ADAPTORS = 4;

/** A job that is done. */
export interface DoneJob {
  readonly outcome: PhotoOutcome;
  readonly regions: number;
}

/** What a worker keeps between its jobs. */
export class JobDesk {
  readonly #shelf: ModelShelf;
  readonly #name: string;
  readonly #root: string | undefined;
  readonly #store: StoreAddress | undefined;
  readonly #concurrency: number;
  readonly #sources = new AnnotationSources();
  readonly #adaptors = new Map<string, IoUAdaptor>();
  readonly #seen = new Set<string>();
  #folder: Promise<string> | undefined;

  /** @throws {OptionError} for a store that is none */
  constructor(
    shelf: ModelShelf,
    name: string,
    { root, store, concurrency = 1 }: Pick<WorkerOptions, "root" | "store" | "concurrency">,
  ) {
    this.#shelf = shelf;
    this.#name = name;
    this.#concurrency = concurrency;
    this.#root = root === undefined ? undefined : resolve(root);
    this.#store = store === undefined ? undefined : storeAddress(store);
  }

  /**
   * Does a job.
   *
   * @throws {SamRefinerError} when this machine cannot: another one may
   * @throws the signal's reason when aborted
   */
  async do(job: PhotoJob, signal: AbortSignal): Promise<DoneJob> {
    const { exchange, inputs } = await this.#placeOf(job);
    const started = performance.now();
    try {
      const work = await localWork(job, inputs);
      const adaptor = await this.#adaptorOf(job, exchange);
      const fetched = performance.now() - started;
      const open = await this.#shelf.use(job.model, exchange, signal, async (engine) => {
        const workload = await this.#workload(engine);
        return refineJob(job, work, { engine, adaptor, sources: this.#sources, workload }, signal);
      });
      const put = performance.now();
      const bundle = await exchange.put(packBundle(open, hidePaths(work)));
      const { read, encode, refine } = open.spent;
      const timings = { read: read + fetched, encode, refine, write: performance.now() - put };
      return { outcome: { stamp: STAMP, bundle, timings, worker: this.#name }, regions: open.regions.length };
    } finally {
      for (const file of ownFiles(job)) await inputs.release(file);
    }
  }

  /** Jobs come without end: where several are done at once, they are worth a core each. */
  async #workload(engine: Engine): Promise<Workload> {
    if (this.#concurrency === 1) return "series";
    const { workload } = await engine.schedule(Number.POSITIVE_INFINITY);
    return workload;
  }

  async close(): Promise<void> {
    await this.#shelf.close();
    const folder = await this.#folder?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  async #placeOf({
    place: { kind, results },
    run,
  }: PhotoJob): Promise<{ exchange: Exchange; inputs: JobInputs }> {
    if (kind === "store") return this.#storePlace(results);
    if (this.#root === undefined)
      throw new InputError(
        "The run shares a folder and this worker knows none: expected --root with its path here",
      );
    const folder = pathBelow(this.#root, results);
    if (!this.#seen.has(run)) await mustShare(folder, run, this.#root);
    this.#seen.add(run);
    return { exchange: folderExchange(folder), inputs: folderInputs(this.#root) };
  }

  async #storePlace(results: string): Promise<{ exchange: Exchange; inputs: JobInputs }> {
    if (this.#store === undefined)
      throw new InputError(
        "The run uses an object store and this worker knows none: expected --store with its address",
      );
    if (!/^[\w-]+$/.test(results))
      throw new InputError(`A job names the place ${results}: expected a plain name`);
    this.#folder ??= mkdtemp(join(tmpdir(), "samrefiner-worker-"));
    const exchange = storeExchange(this.#store, results);
    return { exchange, inputs: storeInputs(exchange, await this.#folder) };
  }

  async #adaptorOf({ adaptor }: PhotoJob, exchange: Exchange): Promise<IoUAdaptor | undefined> {
    if (adaptor === undefined) return undefined;
    const weights =
      this.#adaptors.get(adaptor) ??
      parseAdaptor(await exchange.get(adaptor), `${exchange.label}/${adaptor}`).weights;
    this.#adaptors.set(adaptor, weights);
    const [oldest] = this.#adaptors.keys();
    if (this.#adaptors.size > KEPT_ADAPTORS && oldest !== undefined) this.#adaptors.delete(oldest);
    return weights;
  }
}

/** Name of the file by which a worker knows that it sees the run's folder, and no other. */
export function markerOf(run: string): string {
  return `${run}.run`;
}

async function mustShare(folder: string, run: string, root: string): Promise<void> {
  const here = await access(join(folder, markerOf(run))).then(
    () => true,
    () => false,
  );
  if (!here)
    throw new InputError(
      `${root} is not the folder that the run shares (it has no ${folder}): expected its path on this machine`,
    );
}

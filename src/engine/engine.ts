/** The engine: one model on one device, photos encoded once, regions refined. */
import { join } from "node:path";
import { DeviceError } from "../core/errors.ts";
import type { Frame } from "../core/frame.ts";
import type { Photo } from "../core/lab.ts";
import type { Prompts } from "../core/prompts/excavate.ts";
import { adapterName } from "./adapter-name.ts";
import { batchSize } from "./batch-size.ts";
import { Cascade, type CascadeTask, type EncodedPhoto } from "./cascade.ts";
import type { Decoded, Decoder } from "./decoder.ts";
import { inTurn } from "./device-queue.ts";
import { type DeviceAttempt, type DeviceName, firstLine, openDevice } from "./devices.ts";
import { type CascadeRun, driveCascades } from "./drive-cascades.ts";
import { EmbeddingCache, type EmbeddingKey } from "./embedding-cache.ts";
import { EMBEDDING_VALUES } from "./embedding-values.ts";
import type { Encoder } from "./encoder.ts";
import { GatheringDecoder } from "./gather-decodes.ts";
import { joinRuns, NO_COST } from "./join-runs.ts";
import { loadRuntime } from "./load-runtime.ts";
import { findModel, type ModelFiles, type ModelOnDisk } from "./model-store.ts";
import type { EncoderSetup, WorkerEmbedding } from "./model-worker.ts";
import { DecoderSource, type Opened, openOn, threadsOf } from "./open-models.ts";
import { OptimisedGraphs } from "./optimised-graphs.ts";
import type { Placement } from "./placement.ts";
import { PREPROCESSING_VERSION } from "./preprocess.ts";
import { type CropTools, refineOnCrop, wantsCrop } from "./refine-on-crop.ts";
import type { RewrittenDecoder } from "./rewrite-decoder.ts";
import { type Schedule, SERIES, scheduleOnCPU, type Workload } from "./schedule.ts";
import { compareRecords, decodeTime, selfTestRecord } from "./self-test.ts";
import { sharedCopy, sharedValues } from "./shared-copy.ts";
import { type PoolTasks, WorkerPool, workersAvailable } from "./worker-pool.ts";

/** How an engine is opened. */
export interface EngineOptions {
  /** Built-in name, manifest path, or own ONNX files. */
  readonly model: string | ModelFiles;
  readonly device: "auto" | DeviceName;
  /** CPU threads. @default all cores */
  readonly threads?: number;
  /** Folder for embeddings and notes; `undefined` for none. */
  readonly cacheDir: string | undefined;
  /** Most bytes of cached embeddings. */
  readonly cacheBytes?: number;
  /** Told when the device fails at something and another way is taken. One sentence. */
  readonly onNotice?: ((notice: string) => void) | undefined;
}

/** An embedding and what it cost. */
export interface Encoded {
  /** `Float32Array [256, 64, 64]`, followed by the features that HQ-SAM's decoder takes. */
  readonly embedding: Float32Array;
  readonly encoderRuns: 0 | 1;
  /** Milliseconds inside the encoder's runtime. */
  readonly runtimeMs: number;
}

/** From this many regions on, workers beat one decoder with all cores (bench/many-masks.mjs). */
const WORKERS_FROM = 4;
/** Workers without a decoder start at once. */
const DEVICE_WORKERS_FROM = 2;
/** With a decoder of its own each worker costs about 150 MB: more than this only where somebody asks for that many threads. */
const MOST_WORKERS = 8;

/** Bytes of an embedding that stays in memory; HQ-SAM's are many times as large. */
const LARGEST_REMEMBERED = 2 ** 23;

/** One model on one device. */
export class Engine {
  readonly model: ModelOnDisk;
  readonly #attempts: readonly DeviceAttempt[];
  readonly #place: Placement;
  readonly #cacheDir: string | undefined;
  #batch: Promise<number> | undefined;
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;
  readonly #rewritten: RewrittenDecoder;
  readonly #cache: EmbeddingCache | undefined;
  /** The last one of them: photos are often refined again, and reading it takes longer than half a decode. */
  #latest: { readonly photo: string; readonly device: string; readonly embedding: Float32Array } | undefined;
  readonly #threads: number;
  readonly #workerCount: number;
  readonly #writing = new Set<Promise<void>>();
  #pool: WorkerPool | undefined;
  #poolDevice: DeviceName | undefined;
  /** Pools of a device that failed. */
  readonly #retired: WorkerPool[] = [];
  readonly #onNotice: EngineOptions["onNotice"];
  /** Whether workers have no memory for an encoder. */
  #isCrowded = false;

  private constructor(
    model: ModelOnDisk,
    opened: Opened,
    attempts: readonly DeviceAttempt[],
    options: EngineOptions,
  ) {
    const { rewritten } = opened;
    this.model = model;
    this.#attempts = attempts;
    this.#place = opened.place;
    this.#cacheDir = options.cacheDir;
    this.#onNotice = options.onNotice;
    this.#encoder = opened.encoder;
    this.#decoder = opened.decoder;
    this.#rewritten = rewritten;
    this.#threads = threadsOf(options);
    this.#workerCount = options.threads ?? Math.min(this.#threads, MOST_WORKERS);
    this.#cache =
      options.cacheDir === undefined
        ? undefined
        : new EmbeddingCache(
            join(options.cacheDir, "embeddings"),
            options.cacheBytes,
            embeddingValues(rewritten),
          );
  }

  /**
   * Finds the model, rewrites its decoder and opens the first device that works and passes the self-test.
   *
   * @throws {ModelError} when the model is missing or broken
   * @throws {DeviceError} when no device works
   */
  static async open(options: EngineOptions): Promise<Engine> {
    const model = await findModel(options.model, options.cacheDir);
    const source = new DecoderSource(model, new OptimisedGraphs(options.cacheDir, model));
    const open = (device: DeviceName): Promise<Opened> => openOn(device, model, source, options);
    const { opened, attempts } = await openDevice(options.device, open);
    return new Engine(model, opened, attempts, options);
  }

  /** The device that runs the model now: the CPU once another one has failed. */
  get device(): DeviceName {
    return this.#place.device;
  }

  /** Devices that were tried, in order, and what became of them later. */
  get attempts(): readonly DeviceAttempt[] {
    return [...this.#attempts, ...this.#place.events];
  }

  /**
   * The embedding of a photo, from the cache or the encoder.
   *
   * @param identity names the photo's bytes and orientation for the cache; `undefined` keeps it out
   * @param signal is heeded while a photo waits for a worker
   * @throws the signal's reason
   */
  async encode(
    photo: Photo,
    identity: string | undefined,
    workload: Workload = "alone",
    signal?: AbortSignal,
  ): Promise<Encoded> {
    const key = identity === undefined ? undefined : this.#key(identity);
    const known = key && (await this.#known(key));
    if (known !== undefined) return { embedding: known, encoderRuns: 0, runtimeMs: 0 };
    const isForWorkers = workload === "parallel" && this.#encodesInWorkers;
    const found = await (isForWorkers ? this.#encodeInWorker(photo, signal) : this.#encodeHere(photo));
    if (key !== undefined && this.#cache !== undefined) {
      this.#remember(key, found.embedding);
      this.#store(this.#cache.put(key, found.embedding));
    }
    return { ...found, encoderRuns: 1 };
  }

  async #known(key: EmbeddingKey): Promise<Float32Array | undefined> {
    if (this.#latest?.photo === key.photo && this.#latest.device === key.device)
      return this.#latest.embedding;
    const known = await this.#cache?.get(key);
    if (known !== undefined) this.#remember(key, known);
    return known;
  }

  #remember({ photo, device }: EmbeddingKey, embedding: Float32Array): void {
    this.#latest = embedding.byteLength > LARGEST_REMEMBERED ? undefined : { photo, device, embedding };
  }

  async #encodeHere(photo: Photo): Promise<WorkerEmbedding> {
    const before = this.#encoder.elapsed;
    const embedding = await this.#encoder.encode(photo);
    return { embedding, runtimeMs: this.#encoder.elapsed - before };
  }

  /** What a worker has no memory for is encoded here, and so are all photos after it. */
  async #encodeInWorker(photo: Photo, signal: AbortSignal | undefined): Promise<WorkerEmbedding> {
    const pool = await this.#openPool(1);
    try {
      await this.#encoder.rest();
      return await pool.encode(inSharedMemory(photo), signal);
    } catch (error) {
      signal?.throwIfAborted();
      this.#leaveEncodingHere(firstLine(error));
      return this.#encodeHere(photo);
    } finally {
      await this.#replaceFailed(pool);
    }
  }

  /** Told once, however many workers find it out. */
  #leaveEncodingHere(reason: string): void {
    if (this.#isCrowded) return;
    this.#isCrowded = true;
    // The others' encoders take the memory that this thread's needs.
    this.#pool?.rest();
    this.#onNotice?.(`A worker could not encode (${reason}): from now on one photo is encoded at a time`);
  }

  get #encodesInWorkers(): boolean {
    return this.device === "cpu" && !this.#isCrowded && this.#threads > 1 && workersAvailable();
  }

  /** How a run over so many photos is done soonest. */
  async schedule(photos: number): Promise<Schedule> {
    return this.#encodesInWorkers ? scheduleOnCPU(photos, this.#workerCount, this.model) : SERIES;
  }

  /** Frees what only a run over many photos needs. */
  rest(): void {
    this.#pool?.rest();
  }

  /** One decode of prompts as they are. */
  async decode(embedding: Float32Array, prompts: Prompts, frame: Frame): Promise<Decoded> {
    const [decoded] = await this.#decoder.decode(embedding, [prompts], frame);
    return decoded!;
  }

  /**
   * Refines regions of one photo.
   *
   * @param onRegion called after each region
   * @throws the signal's reason, checked before every decoder run
   */
  async refine(
    encoded: EncodedPhoto,
    tasks: readonly CascadeTask[],
    onRegion?: () => void,
    signal?: AbortSignal,
    workload: Workload = "alone",
  ): Promise<CascadeRun> {
    const run = await this.#refine(encoded, tasks, onRegion, signal, workload);
    await Promise.all(this.#writing);
    return run;
  }

  async #refine(
    encoded: EncodedPhoto,
    tasks: readonly CascadeTask[],
    onRegion: (() => void) | undefined,
    signal: AbortSignal | undefined,
    workload: Workload,
  ): Promise<CascadeRun> {
    const looksTwice = tasks.some(({ settings }) => settings.crops !== "none");
    const isUrgent = workload === "alone";
    if (workload === "parallel" && this.#encodesInWorkers)
      return this.#refineInWorkers({ encoded, tasks, looksTwice, isUrgent }, onRegion, signal);
    const onFirst = looksTwice ? undefined : onRegion;
    let run: CascadeRun;
    if (this.#worthWorkers(tasks.length)) {
      // What the encoder holds is more than what two workers need, and it opens again in a sixth of its run.
      if (workload === "alone" && !looksTwice && this.device === "cpu") await this.#encoder.rest();
      run = await this.#refineInWorkers({ encoded, tasks, looksTwice: false, isUrgent }, onFirst, signal);
    } else run = await this.#refineHere(encoded, tasks, onFirst, signal);
    return looksTwice ? this.#lookAgain(encoded.photo, tasks, run, onRegion, signal) : run;
  }

  /** The regions that ask for it refined once more on crops, one after the other: each is a run of the encoder. */
  async #lookAgain(
    photo: Photo,
    tasks: readonly CascadeTask[],
    run: CascadeRun,
    onRegion: (() => void) | undefined,
    signal: AbortSignal | undefined,
  ): Promise<CascadeRun> {
    const encode = (crop: Photo): Promise<Encoded> => this.encode(crop, undefined);
    const tools: CropTools = { encode, decoder: this.#decoder, signal };
    const runs: CascadeRun[] = [{ ...run, results: [] }];
    for (const [i, task] of tasks.entries()) {
      const first = run.results[i]!;
      if (wantsCrop(task, first)) {
        const { result, ...cost } = await refineOnCrop(photo, task, first, tools);
        runs.push({ results: [result], ...cost });
      } else runs.push({ ...NO_COST, results: [first] });
      onRegion?.();
      await breath();
    }
    return joinRuns(runs);
  }

  async #refineHere(
    encoded: EncodedPhoto,
    tasks: readonly CascadeTask[],
    onRegion?: () => void,
    signal?: AbortSignal,
  ): Promise<CascadeRun> {
    const batch = await this.#batchFor(tasks.length);
    const runs: CascadeRun[] = [];
    for (let first = 0; first < tasks.length; first += batch) {
      const group = tasks.slice(first, first + batch);
      const cascades = group.map((task) => new Cascade(encoded, task));
      runs.push(await driveCascades(cascades, this.#decoder, encoded, batch, signal));
      for (const _ of group) onRegion?.();
      await breath();
    }
    return joinRuns(runs);
  }

  /** Masks of one decoder run: on a CPU batches cost memory and gain nothing. */
  async #batchFor(count: number): Promise<number> {
    if (this.device === "cpu" || count <= 1) return 1;
    this.#batch ??= this.#measuredBatch();
    return Math.min(await this.#batch, this.#place.most);
  }

  async #measuredBatch(): Promise<number> {
    const { env } = await loadRuntime();
    const { device } = this;
    const { sha256: model } = this.model;
    const key = { device, adapter: await adapterName(), model, runtime: env.versions.node ?? "" };
    return batchSize(this.#cacheDir, key, (batch) => decodeTime(this.#decoder, batch));
  }

  async #refineInWorkers(
    { encoded: original, ...tasks }: Omit<PoolTasks, "original">,
    onRegion: (() => void) | undefined,
    signal: AbortSignal | undefined,
  ): Promise<CascadeRun> {
    const pool = await this.#openPool(tasks.tasks.length);
    const encoded = { photo: inSharedMemory(original.photo), embedding: sharedValues(original.embedding) };
    try {
      const answers = await pool.refineAll({ ...tasks, encoded, original }, onRegion, signal);
      const run = joinRuns(answers.map((answer) => answer.run));
      const unseen = answers.find((answer) => answer.unseen !== undefined)?.unseen;
      if (unseen === undefined) return run;
      this.#leaveEncodingHere(unseen);
      return await this.#lookAgain(original.photo, tasks.tasks, run, undefined, signal);
    } finally {
      await this.#replaceFailed(pool);
    }
  }

  /** A worker that died takes its pool along; the next photo gets a fresh one. */
  async #replaceFailed(pool: WorkerPool): Promise<void> {
    if (!pool.failed) return;
    if (this.#pool === pool) this.#pool = undefined;
    await pool.close();
  }

  /** On a CPU every worker decodes; on a device they do the method's own work and ask this thread, which has the device. */
  async #openPool(regions: number): Promise<WorkerPool> {
    const batch = await this.#batchFor(regions);
    const { device } = this;
    const name = this.model.decoderPath;
    if (this.#pool !== undefined && this.#poolDevice !== device) {
      // What is under way there is answered by the CPU too, until it ends.
      const before = this.#pool;
      this.#pool = undefined;
      this.#retired.push(before);
    }
    this.#poolDevice = device;
    this.#pool ??=
      device === "cpu"
        ? new WorkerPool({ name, decoder: this.#rewritten, encoder: this.#workersEncoder }, this.#workerCount)
        : new WorkerPool({ name }, this.#threads, new GatheringDecoder(this.#decoder, batch));
    return this.#pool;
  }

  get #workersEncoder(): EncoderSetup {
    const threads = Math.max(1, Math.round(this.#threads / this.#workerCount));
    return { model: this.model, threads, cacheDir: this.#cacheDir };
  }

  /**
   * Runs the self-test on this device.
   *
   * @returns one sentence on what it found
   * @throws {DeviceError} when the device disagrees with the CPU
   */
  async selfTest(): Promise<string> {
    const started = performance.now();
    const found = await selfTestRecord(this.#encoder, this.#decoder);
    const spent = Math.round(performance.now() - started);
    const complaint = compareRecords(found, this.model.manifest.selfTest ?? found);
    if (complaint !== undefined) throw new DeviceError(complaint);
    return `runs, self-test agrees with the stored CPU result (encoder and decoder in ${spent} ms)`;
  }

  async close(): Promise<void> {
    await Promise.all(this.#writing);
    for (const pool of [...this.#retired, this.#pool]) await pool?.close();
    if (this.device !== "cpu") await inTurn(this.device, () => this.#place.embeddings.clear());
    await this.#encoder.close();
    await this.#decoder.close();
  }

  /** Files are written while the decoder works; {@link refine} and {@link close} wait for them. */
  #store(writing: Promise<void>): void {
    this.#writing.add(writing);
    writing.finally(() => this.#writing.delete(writing));
  }

  #worthWorkers(regions: number): boolean {
    const from = this.device === "cpu" ? WORKERS_FROM : DEVICE_WORKERS_FROM;
    return this.#threads > 1 && regions >= from && workersAvailable();
  }

  /** Values of an embedding: `[256, 64, 64]`, and with HQ-SAM the features that its decoder takes. */
  get embeddingValues(): number {
    return embeddingValues(this.#rewritten);
  }

  #key(identity: string): EmbeddingKey {
    const { mean, std, layout, type, padding } = this.#encoder.contract;
    // What most models have in common is left out: their entries keep their names.
    const others = layout === "nchw" && type === "float32" && padding === mean ? [] : [layout, type, padding];
    return {
      photo: identity,
      preprocessing: JSON.stringify([PREPROCESSING_VERSION, mean, std, ...others]),
      model: this.model.sha256,
      device: this.device,
    };
  }
}

/** Worker threads read shared memory without a copy of their own. */
function inSharedMemory(photo: Photo): Photo {
  return { ...photo, data: sharedCopy(photo.data) };
}

function embeddingValues({ features }: RewrittenDecoder): number {
  return EMBEDDING_VALUES + (features?.values ?? 0);
}

/** Lets timers and signals in: native runs block the event loop. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

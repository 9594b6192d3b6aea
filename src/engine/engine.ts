/** The engine: one model on one device, photos encoded once, regions refined. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { DeviceError } from "../core/errors.ts";
import type { Frame } from "../core/frame.ts";
import type { Photo } from "../core/lab.ts";
import type { Prompts } from "../core/prompts/excavate.ts";
import { adapterName } from "./adapter-name.ts";
import { batchSize } from "./batch-size.ts";
import { Cascade, type CascadeTask, type EncodedPhoto } from "./cascade.ts";
import { type Decoded, Decoder, loadDecoder } from "./decoder.ts";
import { inTurn } from "./device-queue.ts";
import { type DeviceAttempt, type DeviceName, openDevice } from "./devices.ts";
import { type CascadeRun, driveCascades } from "./drive-cascades.ts";
import { EmbeddingCache, type EmbeddingKey } from "./embedding-cache.ts";
import { EMBEDDING_VALUES } from "./embedding-values.ts";
import { Encoder } from "./encoder.ts";
import { GatheringDecoder } from "./gather-decodes.ts";
import { loadRuntime } from "./load-runtime.ts";
import type { SelfTestRecord } from "./model-manifest.ts";
import { findModel, type ModelFiles, type ModelOnDisk } from "./model-store.ts";
import { OptimisedGraphs } from "./optimised-graphs.ts";
import { Placement } from "./placement.ts";
import { PREPROCESSING_VERSION } from "./preprocess.ts";
import { type CropTools, refineOnCrop, wantsCrop } from "./refine-on-crop.ts";
import type { RewrittenDecoder } from "./rewrite-decoder.ts";
import { compareRecords, decodeTime, keptRecord, selfTestRecord, selfTestRecords } from "./self-test.ts";
import { sharedCopy } from "./shared-copy.ts";
import { WorkerPool, workersAvailable } from "./worker-pool.ts";

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
  readonly #threads: number;
  readonly #workerCount: number;
  readonly #writing = new Set<Promise<void>>();
  #pool: WorkerPool | undefined;
  #poolDevice: DeviceName | undefined;
  /** Pools of a device that failed. */
  readonly #retired: WorkerPool[] = [];

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
   */
  async encode(photo: Photo, identity: string | undefined): Promise<Encoded> {
    const key = identity === undefined ? undefined : this.#key(identity);
    const known = key && (await this.#cache?.get(key));
    if (known !== undefined) return { embedding: known, encoderRuns: 0, runtimeMs: 0 };
    const before = this.#encoder.elapsed;
    const embedding = await this.#encoder.encode(photo);
    const runtimeMs = this.#encoder.elapsed - before;
    if (key !== undefined && this.#cache !== undefined) this.#store(this.#cache.put(key, embedding));
    return { embedding, encoderRuns: 1, runtimeMs };
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
   * @param bulk more photos follow: the encoder keeps its memory while worker threads decode
   * @throws the signal's reason, checked before every decoder run
   */
  async refine(
    encoded: EncodedPhoto,
    tasks: readonly CascadeTask[],
    onRegion?: () => void,
    signal?: AbortSignal,
    bulk = false,
  ): Promise<CascadeRun> {
    const looksTwice = tasks.some(({ settings }) => settings.crops !== "none");
    const onFirst = looksTwice ? undefined : onRegion;
    const run = this.#worthWorkers(tasks.length)
      ? await this.#refineInWorkers(encoded, tasks, onFirst, signal, bulk || looksTwice)
      : await this.#refineHere(encoded, tasks, onFirst, signal);
    await Promise.all(this.#writing);
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
    encoded: EncodedPhoto,
    tasks: readonly CascadeTask[],
    onRegion: (() => void) | undefined,
    signal: AbortSignal | undefined,
    bulk: boolean,
  ): Promise<CascadeRun> {
    const pool = await this.#openPool(tasks.length);
    try {
      // What the encoder holds is more than what two workers need, and it opens again in a sixth of its run.
      if (!bulk && this.device === "cpu") await this.#encoder.rest();
      return joinRuns(await pool.refineAll(inSharedMemory(encoded), encoded, tasks, onRegion, signal));
    } finally {
      // A worker that died takes its pool along; the next photo gets a fresh one.
      if (pool.failed) {
        if (this.#pool === pool) this.#pool = undefined;
        await pool.close();
      }
    }
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
        ? new WorkerPool({ decoder: this.#rewritten, name }, this.#workerCount)
        : new WorkerPool({ name }, this.#threads, new GatheringDecoder(this.#decoder, batch));
    return this.#pool;
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

interface Opened {
  readonly place: Placement;
  readonly encoder: Encoder;
  readonly decoder: Decoder;
  readonly rewritten: RewrittenDecoder;
}

/** The decoder for each device: the CPU's is optimised, all others take the same. */
class DecoderSource {
  readonly graphs: OptimisedGraphs;
  readonly #path: string;
  #rewritten: Promise<RewrittenDecoder> | undefined;

  constructor({ decoderPath }: ModelOnDisk, graphs: OptimisedGraphs) {
    this.#path = decoderPath;
    this.graphs = graphs;
  }

  for(device: DeviceName): Promise<RewrittenDecoder> {
    return device === "cpu" ? this.graphs.decoder(() => this.rewritten()) : this.rewritten();
  }

  rewritten(): Promise<RewrittenDecoder> {
    this.#rewritten ??= loadDecoder(this.#path);
    return this.#rewritten;
  }
}

function embeddingValues({ features }: RewrittenDecoder): number {
  return EMBEDDING_VALUES + (features?.values ?? 0);
}

function openEncoder(
  on: DeviceName | Placement,
  { encoderPath, encoderData, manifest }: ModelOnDisk,
  { features }: RewrittenDecoder,
  threads: number,
  graphs?: OptimisedGraphs,
): Promise<Encoder> {
  const optimised = graphs && (() => graphs.encoder());
  return Encoder.open(encoderPath, manifest.encoder, on, threads, { features, data: encoderData, optimised });
}

function threadsOf(options: EngineOptions): number {
  return options.threads ?? availableParallelism();
}

async function openOn(
  device: DeviceName,
  model: ModelOnDisk,
  source: DecoderSource,
  options: EngineOptions,
): Promise<Opened> {
  const threads = threadsOf(options);
  const place = new Placement(device, options.onNotice);
  const rewritten = await source.for(device);
  // Kept graphs are the CPU's: where a device fails later, its models are opened as they are.
  const graphs = device === "cpu" ? source.graphs : undefined;
  const encoder = await openEncoder(place, model, rewritten, threads, graphs);
  try {
    const decoder = await Decoder.open(rewritten, model.decoderPath, place, threads);
    const opened = { place, encoder, decoder, rewritten };
    if (device !== "cpu") await checkDeviceAgrees(opened, model, options);
    place.trust();
    return opened;
  } catch (error) {
    await encoder.close();
    throw error;
  }
}

/** Encoder, decoder and its batch axis: two equal rows, each of which must be what the CPU computed. */
async function checkDeviceAgrees(
  { encoder, decoder, rewritten }: Opened,
  model: ModelOnDisk,
  options: EngineOptions,
): Promise<void> {
  try {
    const found = await selfTestRecords(encoder, decoder, 2);
    const expected = await cpuRecord(model, rewritten, options);
    const complaint = found.map((record) => compareRecords(record, expected)).find(Boolean);
    if (complaint !== undefined) throw new Error(complaint);
  } catch (error) {
    await decoder.close();
    throw error;
  }
}

/** The CPU's record: shipped in the manifest, or computed once for own models and kept. */
async function cpuRecord(
  model: ModelOnDisk,
  rewritten: RewrittenDecoder,
  options: EngineOptions,
): Promise<SelfTestRecord> {
  if (model.manifest.selfTest !== undefined) return model.manifest.selfTest;
  const file = options.cacheDir && join(options.cacheDir, "self-test", `${model.sha256}.json`);
  return keptRecord(file, () => computeCpuRecord(model, rewritten, threadsOf(options)));
}

/** Runs the self-test's input on the CPU. */
export async function computeCpuRecord(
  model: ModelOnDisk,
  rewritten: RewrittenDecoder,
  threads: number,
): Promise<SelfTestRecord> {
  const encoder = await openEncoder("cpu", model, rewritten, threads);
  const decoder = await Decoder.open(rewritten, model.decoderPath, "cpu", threads);
  const record = await selfTestRecord(encoder, decoder);
  await encoder.close();
  await decoder.close();
  return record;
}

/** Worker threads read shared memory without a copy of their own. */
function inSharedMemory({ photo, embedding }: EncodedPhoto): EncodedPhoto {
  const values = new Float32Array(new SharedArrayBuffer(embedding.byteLength));
  values.set(embedding);
  return { photo: { ...photo, data: sharedCopy(photo.data) }, embedding: values };
}

/** Lets timers and signals in: native runs block the event loop. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const NO_COST: Omit<CascadeRun, "results"> = {
  encoderRuns: 0,
  encodeMs: 0,
  decoderRuns: 0,
  decodeMs: 0,
  methodMs: 0,
};

function joinRuns(runs: readonly CascadeRun[]): CascadeRun {
  const sum = (name: keyof typeof NO_COST): number => runs.reduce((total, run) => total + run[name], 0);
  return {
    results: runs.flatMap(({ results }) => results),
    encoderRuns: sum("encoderRuns"),
    encodeMs: sum("encodeMs"),
    decoderRuns: sum("decoderRuns"),
    decodeMs: sum("decodeMs"),
    methodMs: sum("methodMs"),
  };
}

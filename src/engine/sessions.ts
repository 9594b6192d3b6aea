/** ONNX Runtime sessions, one run at a time. */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type * as ort from "onnxruntime-node";
import { ModelError } from "../core/errors.ts";
import type { DeviceName } from "./devices.ts";
import { fromHalf, toHalf } from "./half-floats.ts";

let loaded: typeof ort | undefined;

/** The runtime, loaded when it is first needed: many a script only reads masks or plans a run. */
export async function loadRuntime(): Promise<typeof ort> {
  if (loaded !== undefined) return loaded;
  loaded = await import("onnxruntime-node");
  // The runtime prints its own errors to stderr; ours carry the text already.
  loaded.env.logLevel = "fatal";
  return loaded;
}

type Metadata = readonly ort.InferenceSession.ValueMetadata[];

/** A session whose runs queue up: WebGPU crashes when two overlap, and a CPU gains nothing from it. */
export class Session {
  readonly inputs: Metadata;
  readonly outputs: Metadata;
  readonly #open: () => Promise<ort.InferenceSession>;
  #session: ort.InferenceSession | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #elapsed = 0;

  private constructor(open: () => Promise<ort.InferenceSession>, session: ort.InferenceSession) {
    this.#open = open;
    this.#session = session;
    this.inputs = session.inputMetadata;
    this.outputs = session.outputMetadata;
  }

  static async create(open: () => Promise<ort.InferenceSession>): Promise<Session> {
    return new Session(open, await open());
  }

  /** Milliseconds spent inside the runtime so far. */
  get elapsed(): number {
    return this.#elapsed;
  }

  /**
   * Runs the model after every earlier run of this session.
   *
   * @param fetches names of the wanted outputs; all of them when absent
   */
  run(
    feeds: Record<string, ort.Tensor>,
    fetches?: readonly string[],
  ): Promise<ort.InferenceSession.OnnxValueMapType> {
    return this.#queue(() => this.#timed(feeds, fetches));
  }

  /** Frees the model's memory after every earlier run; the next run opens it again, which takes a moment. */
  rest(): Promise<void> {
    return this.#queue(async () => {
      const session = this.#session;
      this.#session = undefined;
      await session?.release();
    });
  }

  /** Frees the model for good, after every earlier run. */
  close(): Promise<void> {
    return this.rest();
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #timed(
    feeds: Record<string, ort.Tensor>,
    fetches: readonly string[] | undefined,
  ): Promise<ort.InferenceSession.OnnxValueMapType> {
    const before = performance.now();
    try {
      this.#session ??= await this.#open();
      return await (fetches === undefined ? this.#session.run(feeds) : this.#session.run(feeds, fetches));
    } finally {
      this.#elapsed += performance.now() - before;
    }
  }
}

/**
 * Opens a model on one device.
 *
 * @param source path or bytes of an ONNX file
 * @param threads CPU threads of one run
 * @param data files beside the model that hold weights of it
 * @throws {ModelError} on the CPU, which refuses only broken models; on other devices the runtime's own error
 */
export async function openSession(
  source: string | Uint8Array,
  name: string,
  device: DeviceName,
  threads: number,
  data: readonly string[] = [],
): Promise<Session> {
  const options: ort.InferenceSession.SessionOptions = {
    executionProviders: [device],
    intraOpNumThreads: threads,
    logSeverityLevel: 4,
    // The arena keeps freed tensors in one place, planning by pattern only adds to it (docs/adr/0004).
    enableCpuMemArena: true,
    enableMemPattern: false,
  };
  return Session.create(() =>
    createSession(source, options, data).catch((cause: Error) => {
      if (device !== "cpu") throw cause;
      throw new ModelError(
        `${name} cannot be loaded (${cause.message.split("\n")[0]}): expected a SAM ONNX file`,
        { cause },
      );
    }),
  );
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
  if (loaded === undefined) throw new Error("Cannot make a tensor: no session has been opened");
  return new loaded.Tensor("float32", data, dims);
}

/** Element types that models take photos in. */
export type PhotoType = "float32" | "float16" | "uint8";

/** A tensor of another element type for a session; values of `uint8` are whole numbers. */
export function tensorOfType(type: PhotoType, data: Float32Array, dims: readonly number[]): ort.Tensor {
  if (loaded === undefined || type === "float32") return floatTensor(data, dims);
  return type === "uint8"
    ? new loaded.Tensor(type, Uint8Array.from(data), dims)
    : new loaded.Tensor(type, toHalf(data), dims);
}

/** The values of a floating-point output, whatever its precision. */
export async function readFloats(output: ort.OnnxValue): Promise<Float32Array> {
  const data = (await output.getData()) as Float32Array | Uint16Array;
  if (data instanceof Float32Array) return data;
  return fromHalf(new Uint16Array(data.buffer, data.byteOffset, data.length));
}

/** ONNX Runtime sessions, one run at a time. */
import * as ort from "onnxruntime-node";
import { ModelError } from "../core/errors.ts";
import type { DeviceName } from "./devices.ts";

// The runtime prints its own errors to stderr; ours carry the text already.
ort.env.logLevel = "fatal";

/** A session whose runs queue up: WebGPU crashes when two overlap, and a CPU gains nothing from it. */
export class Session {
  readonly #session: ort.InferenceSession;
  #last: Promise<unknown> = Promise.resolve();
  #elapsed = 0;

  constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  get inputNames(): readonly string[] {
    return this.#session.inputNames;
  }

  get inputs(): readonly ort.InferenceSession.ValueMetadata[] {
    return this.#session.inputMetadata;
  }

  get outputs(): readonly ort.InferenceSession.ValueMetadata[] {
    return this.#session.outputMetadata;
  }

  /** Milliseconds spent inside the runtime so far. */
  get elapsed(): number {
    return this.#elapsed;
  }

  /** Runs the model after every earlier run of this session. */
  run(feeds: Record<string, ort.Tensor>): Promise<ort.InferenceSession.OnnxValueMapType> {
    const next = this.#last.then(() => this.#timed(feeds));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #timed(feeds: Record<string, ort.Tensor>): Promise<ort.InferenceSession.OnnxValueMapType> {
    const before = performance.now();
    try {
      return await this.#session.run(feeds);
    } finally {
      this.#elapsed += performance.now() - before;
    }
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#session.release();
  }
}

/**
 * Opens a model on one device.
 *
 * @param source path or bytes of an ONNX file
 * @param threads CPU threads of one run
 * @throws {ModelError} on the CPU, which refuses only broken models; on other devices the runtime's own error
 */
export async function openSession(
  source: string | Uint8Array,
  name: string,
  device: DeviceName,
  threads: number,
): Promise<Session> {
  const options: ort.InferenceSession.SessionOptions = {
    executionProviders: [device],
    intraOpNumThreads: threads,
    logSeverityLevel: 4,
    // Arenas double the memory and save no time on these graphs (docs/adr/0004).
    enableCpuMemArena: false,
    enableMemPattern: false,
  };
  try {
    const session =
      typeof source === "string"
        ? await ort.InferenceSession.create(source, options)
        : await ort.InferenceSession.create(source, options);
    return new Session(session);
  } catch (cause) {
    if (device !== "cpu") throw cause;
    throw new ModelError(
      `${name} cannot be loaded (${(cause as Error).message.split("\n")[0]}): expected a SAM ONNX file`,
      { cause },
    );
  }
}

/** A float32 tensor. */
export function floatTensor(data: Float32Array, dims: readonly number[]): ort.Tensor {
  return new ort.Tensor("float32", data, dims);
}

/**
 * A WebGPU device that is none: ONNX Runtime's own CPU session behind the names of a GPU's, with outputs that stay "on the
 * device" until they are read, and failures on demand. No machine that runs these tests has a GPU to break.
 */
import type { InferenceSession, Tensor } from "onnxruntime-node";

type Runtime = typeof import("onnxruntime-node");
type Feeds = Record<string, Tensor>;
type Outputs = Record<string, Tensor>;

/** A run as a test sees it. */
export interface PretendedRun {
  readonly model: "encoder" | "decoder" | "copier";
  /** Masks in it. */
  readonly batch: number;
  /** Runs of this model before it, on the device. */
  readonly before: number;
}

const MODELS: Readonly<Record<string, PretendedRun["model"]>> = {
  image_embeddings: "decoder",
  there: "copier",
};

/** What the device does, and what it was asked. */
export class PretendedDevice {
  readonly runs: PretendedRun[] = [];
  /** Tensors that lie on the device, and how many did at most. */
  readonly held: Set<object> = new Set();
  mostHeld = 0;
  /** Inputs that lay on the device already. */
  fedFromDevice = 0;
  /** Runs that began before the last one had ended. */
  overlaps = 0;
  /** What a run fails with. */
  fail: (run: PretendedRun) => string | undefined = () => undefined;
  /** Changes what a run answers. */
  spoil: (run: PretendedRun, outputs: Outputs) => void = () => undefined;
  #running = 0;

  /** The runtime with this device in it. */
  runtime(real: Runtime): Runtime {
    const create = async (source: Uint8Array, options: InferenceSession.SessionOptions) => {
      if (options.executionProviders?.[0] !== "webgpu") return real.InferenceSession.create(source, options);
      const { preferredOutputLocation, ...rest } = options;
      const session = await real.InferenceSession.create(source, { ...rest, executionProviders: ["cpu"] });
      return this.#pretended(real, session, preferredOutputLocation === "gpu-buffer");
    };
    return { ...real, InferenceSession: { create } } as unknown as Runtime;
  }

  #pretended(real: Runtime, session: InferenceSession, keeps: boolean) {
    const run = async (feeds: Feeds, fetches?: string[]): Promise<Outputs> => {
      if (this.#running++ > 0) this.overlaps++;
      try {
        // What a GPU takes its time for.
        await new Promise((resolve) => setTimeout(resolve, 1));
        const known = this.#note(session, feeds);
        if (known.model === "decoder" && feeds["image_embeddings"]?.location === "gpu-buffer")
          this.fedFromDevice++;
        const complaint = this.fail(known);
        if (complaint !== undefined) throw new Error(complaint);
        const inputs = Object.entries(feeds).map(([name, tensor]) => [name, this.#fromDevice(real, tensor)]);
        const outputs = { ...(await session.run(Object.fromEntries(inputs) as Feeds, fetches!)) } as Outputs;
        this.spoil(known, outputs);
        if (!keeps) return outputs;
        for (const [name, tensor] of Object.entries(outputs)) outputs[name] = this.#toDevice(real, tensor);
        return outputs;
      } finally {
        this.#running--;
      }
    };
    const { inputMetadata, outputMetadata, inputNames, outputNames } = session;
    return { inputMetadata, outputMetadata, inputNames, outputNames, run, release: () => session.release() };
  }

  #note({ inputNames }: InferenceSession, feeds: Feeds): PretendedRun {
    const model = MODELS[inputNames[0]!] ?? "encoder";
    const batch = feeds["point_coords"]?.dims[0] ?? 1;
    const run = { model, batch, before: this.runs.filter((other) => other.model === model).length } as const;
    this.runs.push(run);
    return run;
  }

  #toDevice({ Tensor }: Runtime, { data, dims }: Tensor): Tensor {
    const buffer = { data };
    this.held.add(buffer);
    this.mostHeld = Math.max(this.mostHeld, this.held.size);
    return Tensor.fromGpuBuffer(buffer as never, {
      dataType: "float32",
      dims,
      // The real one ends the process.
      download: async (): Promise<Float32Array> => {
        throw new Error("not implemented");
      },
      dispose: () => this.held.delete(buffer),
    });
  }

  #fromDevice({ Tensor }: Runtime, tensor: Tensor): Tensor {
    if (tensor.location !== "gpu-buffer") return tensor;
    const buffer = tensor.gpuBuffer as unknown as { data: Float32Array };
    if (!this.held.has(buffer)) throw new Error("Tensor.gpuBuffer has been disposed.");
    return new Tensor("float32", buffer.data, tensor.dims);
  }
}

/** Image embeddings that still lie on the device where they were computed. */
import type { Tensor } from "onnxruntime-node";

/** Photos under way at once are two; their neighbours may come back. 4 MiB of the device's memory each. */
const MOST = 4;

/** An embedding on the device. Its memory is freed by hand: nothing else does. */
export interface DeviceEmbedding {
  readonly tensor: Tensor;
  readonly free: () => void;
}

/** The last few embeddings, found by their copies in main memory. Call it in the device's turn. */
export class DeviceEmbeddings {
  readonly #kept = new Map<Float32Array, DeviceEmbedding>();

  keep(copy: Float32Array, embedding: DeviceEmbedding): void {
    this.#kept.set(copy, embedding);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST) break;
      this.#drop(oldest);
    }
  }

  find(copy: Float32Array): Tensor | undefined {
    return this.#kept.get(copy)?.tensor;
  }

  clear(): void {
    for (const copy of this.#kept.keys()) this.#drop(copy);
  }

  #drop(copy: Float32Array): void {
    const embedding = this.#kept.get(copy);
    this.#kept.delete(copy);
    try {
      embedding?.free();
    } catch {
      // What lay on a device that is lost is lost with it.
    }
  }
}

/** Image embeddings that still lie on the device where they were computed. */
import type { InferenceSession, Tensor } from "onnxruntime-node";

/** Photos under way at once are two; their neighbours may come back. 4 MiB of the device's memory each. */
const MOST = 4;

/**
 * The last few embeddings, found by their copies in main memory. Their memory on the device is freed by hand: nothing else
 * does. Call all of it in the device's turn.
 */
export class DeviceEmbeddings {
  readonly #openCopier: () => Promise<InferenceSession>;
  readonly #kept = new Map<Float32Array, Tensor>();
  #copier: InferenceSession | undefined;

  /** @param openCopier opens a model on the device that answers with its input, in main memory */
  constructor(openCopier: () => Promise<InferenceSession>) {
    this.#openCopier = openCopier;
  }

  /**
   * Keeps an embedding that lies on the device.
   *
   * @returns its copy. The runtime cannot read such a tensor back (it ends the process), only give it to another run: so the
   * copy is the answer of one.
   */
  async keep(embedding: Tensor): Promise<Float32Array> {
    this.#copier ??= await this.#openCopier();
    const [input, output] = [this.#copier.inputNames[0]!, this.#copier.outputNames[0]!];
    const answer = await this.#copier.run({ [input]: embedding });
    const copy = answer[output]!.data as Float32Array;
    this.#kept.set(copy, embedding);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MOST) break;
      this.#drop(oldest);
    }
    return copy;
  }

  /** The embedding on the device that a copy is of. */
  find(copy: Float32Array): Tensor | undefined {
    return this.#kept.get(copy);
  }

  /** Frees them all. */
  async clear(): Promise<void> {
    for (const copy of this.#kept.keys()) this.#drop(copy);
    const copier = this.#copier;
    this.#copier = undefined;
    await copier?.release().catch(() => undefined);
  }

  #drop(copy: Float32Array): void {
    const embedding = this.#kept.get(copy);
    this.#kept.delete(copy);
    try {
      embedding?.dispose();
    } catch {
      // What lay on a device that is lost is lost with it.
    }
  }
}

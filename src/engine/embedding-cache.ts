/** Image embeddings on disk, so that refining a photo again skips the encoder. */
import { ByteCache } from "./byte-cache.ts";
import { EMBEDDING_VALUES } from "./embedding-values.ts";

/** Default size limit: 2 GiB, about 500 photos. */
export const DEFAULT_CACHE_BYTES: number = 2 * 2 ** 30;

/** What an embedding depends on. */
export interface EmbeddingKey {
  /** sha256 of the photo's bytes, hexadecimal. */
  readonly photo: string;
  /** Preprocessing version, orientation and statistics. */
  readonly preprocessing: string;
  /** sha256 of the model. */
  readonly model: string;
  /** Device family: values differ in their last bits between devices. */
  readonly device: string;
}

/** A folder of embeddings with a size limit, see {@link ByteCache}. */
export class EmbeddingCache {
  readonly #cache: ByteCache;
  readonly #values: number;

  /**
   * @param folder created when needed
   * @param limit most bytes of all entries together
   * @param values of one embedding; more with models whose decoder takes more than the embedding
   */
  constructor(folder: string, limit: number = DEFAULT_CACHE_BYTES, values: number = EMBEDDING_VALUES) {
    this.#cache = new ByteCache(folder, limit);
    this.#values = values;
  }

  /** The stored embedding, `Float32Array [values]`, or `undefined` when there is none or it is damaged. */
  async get(key: EmbeddingKey): Promise<Float32Array | undefined> {
    const bytes = await this.#cache.get(parts(key), this.#values * 4);
    if (bytes === undefined) return undefined;
    const embedding = new Float32Array(this.#values);
    new Uint8Array(embedding.buffer).set(bytes);
    return embedding;
  }

  /** Stores an embedding; a folder that cannot be written costs time later, nothing else. */
  async put(key: EmbeddingKey, embedding: Float32Array): Promise<void> {
    const { buffer, byteOffset, byteLength } = embedding;
    await this.#cache.put(parts(key), Buffer.from(buffer, byteOffset, byteLength));
  }
}

function parts({ photo, preprocessing, model, device }: EmbeddingKey): string[] {
  return [photo, preprocessing, model, device];
}

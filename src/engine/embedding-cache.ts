/**
 * Image embeddings on disk, so that refining a photo again skips the encoder. Entries are whole files written
 * beside their place and renamed, carry a checksum, and are dropped when it fails: several processes may share a
 * folder, and a crash leaves at worst a stray temporary file, which the next clean-up removes.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EMBEDDING_VALUES } from "./embedding-values.ts";

const DIGEST_BYTES = 32;
/** Temporary files older than this belong to no living writer. */
const STRAY_MS = 10 * 60 * 1000;

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

/** A folder of embeddings with a size limit; the entries used longest ago go first. */
export class EmbeddingCache {
  readonly #folder: string;
  readonly #limit: number;
  readonly #values: number;

  /**
   * @param folder created when needed
   * @param limit most bytes of all entries together
   * @param values of one embedding; more with models whose decoder takes more than the embedding
   */
  constructor(folder: string, limit: number = DEFAULT_CACHE_BYTES, values: number = EMBEDDING_VALUES) {
    this.#folder = folder;
    this.#limit = limit;
    this.#values = values;
  }

  /** The stored embedding, `Float32Array [values]`, or `undefined` when there is none or it is damaged. */
  async get(key: EmbeddingKey): Promise<Float32Array | undefined> {
    const path = this.#path(key);
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes === undefined) return undefined;
    const values = bytes.subarray(DIGEST_BYTES);
    if (
      bytes.length !== DIGEST_BYTES + this.#values * 4 ||
      !digest(values).equals(bytes.subarray(0, DIGEST_BYTES))
    ) {
      await rm(path, { force: true }).catch(() => undefined);
      return undefined;
    }
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
    const embedding = new Float32Array(this.#values);
    new Uint8Array(embedding.buffer).set(values);
    return embedding;
  }

  /** Stores an embedding; a folder that cannot be written costs time later, nothing else. */
  async put(key: EmbeddingKey, embedding: Float32Array): Promise<void> {
    const path = this.#path(key);
    const temporary = `${path}.${process.pid}.${randomUUID()}.tmp`;
    const values = Buffer.from(embedding.buffer, embedding.byteOffset, embedding.byteLength);
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(temporary, Buffer.concat([digest(values), values]));
      await rename(temporary, path);
      await this.#shrink();
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  #path(key: EmbeddingKey): string {
    const text = [key.photo, key.preprocessing, key.model, key.device].join("\n");
    return join(this.#folder, createHash("sha256").update(text).digest("hex"));
  }

  async #shrink(): Promise<void> {
    const entries = await this.#entries();
    let total = entries.reduce((sum, { size }) => sum + size, 0);
    entries.sort((a, b) => a.used - b.used);
    const now = Date.now();
    for (const { path, size, used } of entries) {
      const stray = path.endsWith(".tmp") && now - used > STRAY_MS;
      if (total <= this.#limit && !stray) continue;
      if (path.endsWith(".tmp") && !stray) continue;
      await rm(path, { force: true });
      total -= size;
    }
  }

  async #entries(): Promise<{ path: string; size: number; used: number }[]> {
    const names = await readdir(this.#folder);
    const found = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        // Another process may have removed it meanwhile.
        const info = await stat(path).catch(() => undefined);
        return info?.isFile() ? [{ path, size: info.size, used: info.mtimeMs }] : [];
      }),
    );
    return found.flat();
  }
}

function digest(values: Uint8Array): Buffer {
  return createHash("sha256").update(values).digest();
}

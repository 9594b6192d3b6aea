/**
 * Bytes on disk that cost time to work out again. Entries are whole files written beside their place and renamed, carry a
 * checksum, and are dropped when it fails: several processes may share a folder, and a crash leaves at worst a stray
 * temporary file, which the next clean-up removes.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

const DIGEST_BYTES = 32;
/** Temporary files older than this belong to no living writer. */
const STRAY_MS = 10 * 60 * 1000;

/** A folder of entries with a size limit; those used longest ago go first. */
export class ByteCache {
  readonly #folder: string;
  readonly #limit: number;

  /**
   * @param folder created when needed
   * @param limit most bytes of all entries together
   */
  constructor(folder: string, limit: number) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /**
   * The stored bytes, or `undefined` when there are none or they are damaged.
   *
   * @param key everything that the bytes depend on
   * @param length of the bytes, where that is known: an entry of another length is damaged
   */
  async get(key: readonly string[], length?: number): Promise<Uint8Array | undefined> {
    const path = this.#path(key);
    const entry = await readFile(path).catch(() => undefined);
    if (entry === undefined) return undefined;
    const bytes = entry.subarray(DIGEST_BYTES);
    if (
      (length !== undefined && bytes.length !== length) ||
      !digest(bytes).equals(entry.subarray(0, DIGEST_BYTES))
    ) {
      await rm(path, { force: true }).catch(() => undefined);
      return undefined;
    }
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
    return bytes;
  }

  /** Stores bytes; a folder that cannot be written costs time later, nothing else. */
  async put(key: readonly string[], bytes: Uint8Array): Promise<void> {
    const temporary = `${this.#path(key)}.${process.pid}.${randomUUID()}.tmp`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(temporary, Buffer.concat([digest(bytes), bytes]));
      await rename(temporary, this.#path(key));
      await this.#shrink();
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  #path(key: readonly string[]): string {
    return join(this.#folder, createHash("sha256").update(key.join("\n")).digest("hex"));
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

function digest(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

/** A file that is still coming: its bytes so far, and what they are bytes of. */
import { open, readFile, rm, stat, writeFile } from "node:fs/promises";
import type { Readable } from "node:stream";

/** Which version of which file the bytes are of. */
export interface Origin {
  readonly url: string;
  /** The server's name for the version; absent where it gives none. */
  readonly version?: string | undefined;
  /** Bytes of the whole file. */
  readonly size?: number | undefined;
}

/** `<file>.part` and, beside it, where it comes from. */
export class PartialFile {
  readonly path: string;
  readonly #note: string;

  constructor(file: string) {
    this.path = `${file}.part`;
    this.#note = `${file}.part.json`;
  }

  /** Bytes that are here. */
  async size(): Promise<number> {
    return (await stat(this.path).catch(() => undefined))?.size ?? 0;
  }

  /** What the bytes are of; `undefined` where nothing usable is known. */
  async origin(): Promise<Origin | undefined> {
    const text = await readFile(this.#note, "utf8").catch(() => "null");
    try {
      const { url, version, size } = (JSON.parse(text) ?? {}) as Partial<Record<keyof Origin, unknown>>;
      if (typeof url !== "string") return undefined;
      return {
        url,
        ...(typeof version === "string" ? { version } : {}),
        ...(typeof size === "number" ? { size } : {}),
      };
    } catch {
      return undefined;
    }
  }

  /** Starts anew with bytes of another origin. */
  async begin(origin: Origin): Promise<void> {
    await writeFile(this.path, "");
    await writeFile(this.#note, JSON.stringify(origin));
  }

  /** Appends what comes; what came before an error stays. */
  async append(from: Readable, onBytes: (count: number) => void): Promise<void> {
    const handle = await open(this.path, "a");
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        onBytes(chunk.length);
        await handle.appendFile(chunk);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Forgets what is known of the origin: the file is complete. */
  async settle(): Promise<void> {
    await rm(this.#note, { force: true });
  }

  async discard(): Promise<void> {
    await rm(this.path, { force: true });
    await this.settle();
  }
}

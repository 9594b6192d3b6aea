/**
 * Samples on disk, a file for each photo, named after all that they depend on: an adaption that was stopped goes on where it
 * was, and one with other training settings decodes nothing again.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PhotoSample } from "./photo-samples.ts";
import { readSamples, writeSamples } from "./sample-file.ts";

/** Most bytes of all files together: about 200 000 decodes. */
const MOST_BYTES = 2 ** 28;

/** A folder of samples. What cannot be read or written costs time, nothing else. */
export class SampleStore {
  readonly #folder: string | undefined;

  /** @param folder created when needed; `undefined` keeps nothing */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** The samples of that name, or `undefined` when there are none or they are damaged. */
  async get(name: string): Promise<PhotoSample[] | undefined> {
    if (this.#folder === undefined) return undefined;
    const path = join(this.#folder, name);
    const bytes = await readFile(path).catch(() => undefined);
    const now = new Date();
    if (bytes !== undefined) await utimes(path, now, now).catch(() => undefined);
    return bytes && readSamples(bytes);
  }

  async put(name: string, samples: readonly PhotoSample[]): Promise<void> {
    if (this.#folder === undefined) return;
    const path = join(this.#folder, name);
    const temporary = `${path}.${process.pid}.${randomUUID()}.tmp`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(temporary, writeSamples(samples));
      await rename(temporary, path);
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  /** Removes the files used longest ago until the rest fits the limit. */
  async shrink(limit: number = MOST_BYTES): Promise<void> {
    const folder = this.#folder;
    if (folder === undefined) return;
    const names = await readdir(folder).catch(() => []);
    const found = await Promise.all(
      names.map(async (name) => {
        // Another process may have removed it meanwhile.
        const info = await stat(join(folder, name)).catch(() => undefined);
        return info === undefined ? [] : [{ name, size: info.size, used: info.mtimeMs }];
      }),
    );
    const files = found.flat().sort((a, b) => b.used - a.used);
    let total = 0;
    for (const { name, size } of files) {
      total += size;
      if (total > limit) await rm(join(folder, name), { force: true }).catch(() => undefined);
    }
  }
}

/** A shared folder as the place for results. */
import { randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../core/errors.ts";
import { hashOf, hashOfFile } from "../../dataset/run/content.ts";
import { outputError } from "../../formats/mod.ts";
import type { Exchange } from "./exchange.ts";

/**
 * Not synced: a file that a crash has torn is not what its name says, and its photo is done again. Two workers may write
 * the same at once.
 */
async function write(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw outputError(path, error);
  }
}

/** Files in one folder, which the run makes and removes: a worker that comes late finds none to write to. */
export function folderExchange(folder: string): Exchange {
  const pathOf = (sha256: string): string => join(folder, sha256);
  return {
    label: folder,
    put: async (bytes) => {
      const sha256 = hashOf(bytes);
      const path = pathOf(sha256);
      if ((await hashOfFile(path)) === sha256) return sha256;
      await write(path, bytes);
      return sha256;
    },
    get: async (sha256) => {
      const path = pathOf(sha256);
      // Folders on a network may show a new file seconds after it was written; their listing is asked anew.
      await readdir(folder).catch(() => []);
      const bytes = await readFile(path).catch((cause: Error) => {
        throw new InputError(
          `${path} cannot be read (${cause.message}): expected what a worker has written there`,
          {
            cause,
          },
        );
      });
      if (hashOf(bytes) !== sha256)
        throw new InputError(`${path} is damaged: expected what a worker has written there`);
      return bytes;
    },
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
    // A late worker may write while the folder is emptied.
    clear: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

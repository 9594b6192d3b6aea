/** A shared folder as the place for results. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../core/errors.ts";
import { hashOf, hashOfFile } from "../../dataset/run/content.ts";
import { makeFolderOf, writeFileAtomic } from "../../formats/mod.ts";
import type { Exchange } from "./exchange.ts";

/** Files in one folder. */
export function folderExchange(folder: string): Exchange {
  const pathOf = (sha256: string): string => join(folder, sha256);
  return {
    label: folder,
    put: async (bytes) => {
      const sha256 = hashOf(bytes);
      const path = pathOf(sha256);
      if ((await hashOfFile(path)) === sha256) return sha256;
      await makeFolderOf(path);
      await writeFileAtomic(path, bytes, { overwrite: true });
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
    clear: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Where a worker reads the files of its jobs. */
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathBelow } from "../../dataset/run/path-below.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { JobFile } from "../job.ts";

/** Files of jobs on this machine. */
export interface JobInputs {
  /**
   * Path of a file; one that is missing has a path all the same, and is told of when it is read.
   *
   * @throws {InputError} when the store does not give it
   */
  pathOf(file: JobFile): Promise<string>;
  /** Forgets a file that only one job needs. */
  release(file: JobFile): Promise<void>;
}

/** Files below the folder that all machines share. */
export function folderInputs(root: string): JobInputs {
  return { pathOf: async ({ at }) => pathBelow(root, at), release: async () => undefined };
}

/**
 * Files of a store, fetched when they are first asked for.
 *
 * @param folder of this worker alone
 */
export function storeInputs(exchange: Exchange, folder: string): JobInputs {
  const place = ({ at, name }: JobFile): string => join(folder, at === "" ? "missing" : at, name);
  return {
    pathOf: async (file) => {
      const path = place(file);
      if (file.at === "" || (await stat(path).catch(() => undefined)) !== undefined) return path;
      const bytes = await exchange.get(file.at);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
      return path;
    },
    release: (file) => rm(dirname(place(file)), { recursive: true, force: true }),
  };
}

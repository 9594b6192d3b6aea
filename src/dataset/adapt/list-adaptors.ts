/** The adaptors of a folder. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { InputError, SamRefinerError } from "../../core/errors.ts";
import type { Adaptor } from "./adaptor-file.ts";
import { ADAPTOR_ENDING, defaultAdaptorFolder, readAdaptor } from "./load-adaptor.ts";

/** An adaptor's file. */
export interface AdaptorInfo {
  /** Path of the file. */
  readonly path: string;
  /** What it is; absent where it cannot be used. */
  readonly adaptor?: Omit<Adaptor, "weights">;
  /** Why it cannot be used. */
  readonly problem?: string;
}

/**
 * Lists the adaptors of a folder, by name.
 *
 * @param folder the user's folder of adaptors when absent; that one may be missing
 * @throws {InputError} when the folder cannot be read
 * @example
 * ```ts
 * import { listAdaptors } from "samrefiner";
 * for (const { path, adaptor, problem } of await listAdaptors()) console.log(path, adaptor?.name, problem);
 * ```
 */
export async function listAdaptors(folder?: string): Promise<AdaptorInfo[]> {
  const place = folder ?? defaultAdaptorFolder();
  const names = await readdir(place).catch((cause: NodeJS.ErrnoException) => {
    if (folder === undefined && cause.code === "ENOENT") return [];
    throw new InputError(`${place} cannot be read (${cause.message}): expected a folder of adaptors`, {
      cause,
    });
  });
  const files = names.filter((name) => name.toLowerCase().endsWith(ADAPTOR_ENDING)).sort();
  return Promise.all(files.map((name) => describe(join(place, name))));
}

async function describe(path: string): Promise<AdaptorInfo> {
  try {
    const { weights: _, ...adaptor } = await readAdaptor(path);
    return { path, adaptor };
  } catch (error) {
    if (error instanceof SamRefinerError) return { path, problem: error.message };
    throw error;
  }
}

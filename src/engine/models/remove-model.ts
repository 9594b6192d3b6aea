/** Removing a fetched or added model. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ModelError } from "../../core/errors.ts";
import { builtinModel, isEmbedded } from "../model-catalogue.ts";
import { isModelName } from "../model-manifest.ts";

/** A removed model. */
export interface RemovedModel {
  /** Name of the model. */
  readonly name: string;
  /** Bytes that are free now; own files stay where they were. */
  readonly freed: number;
}

/**
 * Removes what the user's folder has of a model, half-fetched files included.
 *
 * @throws {ModelError} where there is nothing of that name, or it comes with the install
 */
export async function removeModelFiles(name: string, folder: string): Promise<RemovedModel> {
  const known = builtinModel(name);
  if (known !== undefined && isEmbedded(known))
    throw new ModelError(`Model "${name}" comes with the install and cannot be removed`);
  const own = join(folder, name);
  const size = isModelName(name) ? await folderSize(own) : undefined;
  if (size === undefined)
    throw new ModelError(`Model "${name}" is not in ${folder}: expected a fetched or added model`);
  await rm(own, { recursive: true, force: true }).catch((cause: Error) => {
    throw new ModelError(`${own} cannot be removed (${cause.message})`, { cause });
  });
  return { name, freed: size };
}

/** Bytes of a folder's files; `undefined` where it is none. */
export async function folderSize(folder: string): Promise<number | undefined> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => undefined);
  if (entries === undefined) return undefined;
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

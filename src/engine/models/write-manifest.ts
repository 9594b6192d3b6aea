/** Writing the manifest of a model in the user's folder: what makes its files a model. */
import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelError } from "../../core/errors.ts";
import { MANIFEST } from "../model-folder.ts";
import type { ModelManifest } from "../model-manifest.ts";

/**
 * Writes a manifest, beside its place first.
 *
 * @param folder of this model
 * @throws {ModelError} where it cannot be written
 */
export async function writeManifest(folder: string, manifest: ModelManifest): Promise<string> {
  const path = join(folder, MANIFEST);
  const unfinished = `${path}.${randomUUID()}.part`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(unfinished, `${JSON.stringify(manifest, undefined, 2)}\n`);
    await rename(unfinished, path);
    return path;
  } catch (cause) {
    await rm(unfinished, { force: true });
    throw new ModelError(`${path} cannot be written (${(cause as Error).message})`, { cause });
  }
}

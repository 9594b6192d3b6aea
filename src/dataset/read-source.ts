/** Reading bytes from wherever a script has them; native code only ever sees bytes. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { InputError } from "../core/errors.ts";
import type { LabelMap } from "../core/mask.ts";
import type { ImageInput, MaskInput, RawImage } from "./inputs.ts";

/** Bytes and the name that messages use. */
export interface Source {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Largest file fetched or read: 2 GiB, the most one buffer holds everywhere. */
const MAX_BYTES = 2 ** 31 - 1;

/** Whether an input is decoded pixels. */
export function isRaw(input: ImageInput | MaskInput): input is RawImage | LabelMap {
  return typeof input === "object" && "width" in input && "data" in input;
}

/**
 * Reads a path, URL or bytes.
 *
 * @param what `photo` or `mask`, for messages and as the name of bare bytes
 * @throws {InputError} when it cannot be read
 */
export async function readSource(
  input: string | URL | Uint8Array,
  what: string,
  signal?: AbortSignal,
): Promise<Source> {
  if (input instanceof Uint8Array) return { name: what, bytes: input };
  const url = asURL(input);
  const name = url === undefined || url.protocol === "file:" ? pathOf(input, url) : shortName(url);
  try {
    const bytes =
      url === undefined || url.protocol === "file:"
        ? await readFile(name, { signal })
        : await fetchBytes(url, signal);
    if (bytes.length > MAX_BYTES) throw new Error("larger than 2 GiB");
    return { name, bytes };
  } catch (cause) {
    signal?.throwIfAborted();
    throw new InputError(`${name} cannot be read (${reason(cause)}): expected a ${what} file`, { cause });
  }
}

/** A text with a scheme of two or more letters is a URL; one letter is a Windows drive. */
function asURL(input: string | URL): URL | undefined {
  if (input instanceof URL) return input;
  return /^(file|data|https?):/i.test(input) ? new URL(input) : undefined;
}

function pathOf(input: string | URL, url: URL | undefined): string {
  return url === undefined ? String(input) : fileURLToPath(url);
}

function shortName(url: URL): string {
  return url.protocol === "data:" ? "data: URL" : url.href;
}

async function fetchBytes(url: URL, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const response = await fetch(url, signal === undefined ? {} : { signal });
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

function reason(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const known: Record<string, string> = {
    ENOENT: "no such file",
    EACCES: "permission denied",
    EISDIR: "it is a folder",
  };
  return known[code ?? ""] ?? message;
}

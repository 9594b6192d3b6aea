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
  return typeof input === "object" && input !== null && "width" in input && "data" in input;
}

/**
 * Checks decoded pixels or values.
 *
 * @param what `photo` or `mask`, for messages
 * @param kinds array types that hold them
 * @throws {InputError} for a size that is none, or values in another kind of array
 */
export function checkRaw(
  { width, height, data }: RawImage | LabelMap,
  what: string,
  kinds: readonly ArrayKind[],
): void {
  for (const side of [width, height]) {
    if (Number.isInteger(side) && side > 0) continue;
    throw new InputError(`The ${what} is ${width}×${height} pixels: expected whole numbers from 1 on`);
  }
  if (kinds.some((kind) => data instanceof kind)) return;
  const names = kinds.map((kind) => kind.name).join(" or ");
  throw new InputError(`The values of the ${what} are ${kindOf(data)}: expected ${names}`);
}

type ArrayKind = typeof Uint8Array | typeof Uint8ClampedArray | typeof Uint16Array;

/** `null`, `a number`, `a Float32Array`. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value)
    ? "an Array"
    : `a ${typeof value === "object" ? (value.constructor?.name ?? "object") : typeof value}`;
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
  const { url, name } = locate(input, what);
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

/** Where an input lies: its URL unless it is a path, and its path or what stands for it in messages. */
function locate(input: unknown, what: string): { url: URL | undefined; name: string } {
  if (typeof input !== "string" && !(input instanceof URL)) {
    throw new InputError(
      `The ${what} is ${kindOf(input)}: expected a path, a URL, encoded bytes, or decoded values with their size`,
    );
  }
  try {
    const url = asURL(input);
    if (url === undefined) return { url, name: String(input) };
    return { url, name: url.protocol === "file:" ? fileURLToPath(url) : shortName(url) };
  } catch (cause) {
    throw new InputError(
      `${input} is no URL of a ${what} (${(cause as Error).message}): expected file:///path, http(s)://… or data:…`,
      { cause },
    );
  }
}

/** A text with a scheme of two or more letters is a URL; one letter is a Windows drive. */
function asURL(input: string | URL): URL | undefined {
  if (input instanceof URL) return input;
  return /^(file|data|https?):/i.test(input) ? new URL(input) : undefined;
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
  // "fetch failed" keeps what happened to itself.
  const { cause: inner } = cause as Error;
  const detail = inner instanceof Error && inner.message !== "" ? `${message}: ${inner.message}` : message;
  return known[code ?? ""] ?? detail;
}

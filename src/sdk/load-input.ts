/** Reading photos and masks from wherever a script has them; native code only ever sees bytes. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { InputError } from "../core/errors.ts";
import type { LabelMap } from "../core/mask.ts";
import { encodeBinaryPNG, encodeLabelPNG, readMaskFile } from "../formats/mod.ts";
import type { ImageInput, MaskInput, RawImage } from "./types.ts";

/** Bytes and the name that messages use. */
export interface Source {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Largest file fetched or read: 2 GiB, the most one buffer holds everywhere. */
const MAX_BYTES = 2 ** 31 - 1;

/** A mask as the refiner takes it, and the way back to its file. */
export interface LoadedMask {
  readonly name: string;
  readonly map: LabelMap;
  readonly encoding: "binary" | "labels";
  readonly ignoreLabel: number | undefined;
  readonly notes: readonly string[];
  write(values: LabelMap["data"]): Uint8Array;
}

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
export async function readSource(input: string | URL | Uint8Array, what: string, signal?: AbortSignal): Promise<Source> {
  if (input instanceof Uint8Array) return { name: what, bytes: input };
  const url = asURL(input);
  const name = url === undefined || url.protocol === "file:" ? pathOf(input, url) : shortName(url);
  try {
    const bytes = url === undefined || url.protocol === "file:" ? await readFile(name, { signal }) : await fetchBytes(url, signal);
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
  const known: Record<string, string> = { ENOENT: "no such file", EACCES: "permission denied", EISDIR: "it is a folder" };
  return known[code ?? ""] ?? message;
}

/**
 * Reads a mask.
 *
 * @param ignoreLabel as in {@link RefineOptions.ignoreLabel}
 * @throws {InputError} when it is no mask
 * @throws {TypeError} when raw values do not fit their size
 */
export async function loadMask(
  input: MaskInput,
  ignoreLabel: number | null | undefined,
  pixelLimit: number,
  signal?: AbortSignal,
): Promise<LoadedMask> {
  if (isRaw(input)) return rawMask(input, ignoreLabel);
  const { name, bytes } = await readSource(input, "mask", signal);
  const file = await readMaskFile(bytes, { name, pixelLimit, ignoreLabel });
  const { width, height, values, encoding, notes } = file;
  return {
    name,
    map: { width, height, data: values },
    encoding,
    ignoreLabel: file.ignoreLabel,
    notes,
    write: (changed) => file.write(changed),
  };
}

function rawMask(input: LabelMap, ignoreLabel: number | null | undefined): LoadedMask {
  const { width, height, data } = input;
  if (data.length !== width * height) {
    throw new TypeError(`Cannot read mask: ${data.length} values do not fill ${width}×${height} pixels`);
  }
  const binary = data.every((v) => v <= 1);
  return {
    name: "mask",
    map: input,
    encoding: binary ? "binary" : "labels",
    ignoreLabel: ignoreLabel ?? (binary || ignoreLabel === null || data instanceof Uint16Array ? undefined : 255),
    notes: [],
    write: (changed) =>
      binary
        ? encodeBinaryPNG({ width, height, data: Uint8Array.from(changed) })
        : encodeLabelPNG({ width, height, data: changed }),
  };
}

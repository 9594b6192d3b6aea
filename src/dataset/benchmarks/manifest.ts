/** A benchmark by a list of files. */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { InputError } from "../../core/errors.ts";
import { type BenchmarkKind, benchmarkKinds, type OpenBenchmark } from "./benchmark-data.ts";
import { pairReader } from "./read-pair.ts";

/** One line of a manifest; paths are relative to it. */
export interface BenchmarkEntry {
  /** Name of the entry. */
  readonly id: string;
  /** Path of the photo. */
  readonly image: string;
  /** Path of the coarse mask. */
  readonly coarse: string;
  /** Path of the ground truth. */
  readonly gt: string;
  /** What the masks hold. */
  readonly kind: BenchmarkKind;
}

/**
 * Reads a manifest; the source of an entry is its id up to the first `_`.
 *
 * @throws {InputError} when it is missing or no list of entries
 */
export async function openManifest(path: string): Promise<OpenBenchmark> {
  const file = (name: string): string => resolve(dirname(path), name);
  const items = (await readManifest(path)).map(({ id, kind, image, coarse, gt }) => ({
    ...{ id, kind, source: id.split("_")[0]!, image: file(image) },
    readMasks: pairReader(file(coarse), file(gt)),
  }));
  return { items, problems: [] };
}

async function readManifest(path: string): Promise<BenchmarkEntry[]> {
  const expected = "expected a JSON list of { id, image, coarse, gt, kind }";
  const text = await readFile(path, "utf8").catch((cause: Error) => {
    throw new InputError(`${path} cannot be read (${cause.message}): ${expected}`, { cause });
  });
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${path} is no JSON (${(cause as Error).message}): ${expected}`, { cause });
  }
  if (!Array.isArray(list)) throw new InputError(`${path} holds no list: ${expected}`);
  for (const [i, entry] of list.entries()) checkEntry(entry, `${path} entry ${i + 1}`);
  return list as BenchmarkEntry[];
}

function checkEntry(entry: unknown, where: string): void {
  const fields = (entry ?? {}) as Record<string, unknown>;
  for (const name of ["id", "image", "coarse", "gt"]) {
    if (typeof fields[name] !== "string")
      throw new InputError(`${where} has no text "${name}": found ${JSON.stringify(fields[name])}`);
  }
  const { kind } = fields as { kind?: unknown };
  if (!(benchmarkKinds as readonly unknown[]).includes(kind)) {
    throw new InputError(
      `${where} is of kind ${JSON.stringify(kind)}: expected ${benchmarkKinds.join(", ")}`,
    );
  }
}

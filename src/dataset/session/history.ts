/**
 * The history of files that were saved in place: `originals/<sha256>` holds what was replaced, and `history.jsonl` a line
 * for each replacement and each restoration.
 */
import { open, readFile, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../../core/errors.ts";
import { makeFolderOf, outputError, writeFileAtomic } from "../../formats/mod.ts";
import { hashOf, hashOfFile } from "../run/content.ts";

/** A line of the history. */
export type HistoryRecord = ReplacementRecord | RestorationRecord;

/** A file that was replaced, or is about to be. */
export interface ReplacementRecord {
  readonly type: "in-place";
  /** Absolute, links resolved. */
  readonly path: string;
  /** sha256 of what was there before; the store has it. */
  readonly original: string;
  /** sha256 of what was written. */
  readonly written: string;
  /** ISO 8601. */
  readonly when: string;
  /** The file that this one has to agree with, as Cityscapes' train ids with their instances. */
  readonly follows?: string;
}

/** A file that was brought back. */
export interface RestorationRecord {
  readonly type: "restored";
  readonly path: string;
  readonly original: string;
  readonly when: string;
}

/** The name of a file in the history, whatever links lead to it. */
export async function historyPath(path: string): Promise<string> {
  const absolute = resolve(path);
  const folder = await realpath(dirname(absolute)).catch(() => dirname(absolute));
  return join(folder, basename(absolute));
}

/**
 * Notes bytes before they are replaced: when this returns, both they and the note are on the disk.
 *
 * @throws {OutputError} when the history cannot be written
 */
export async function noteReplacement(
  history: string,
  bytes: Uint8Array,
  record: Omit<ReplacementRecord, "type" | "original" | "when">,
): Promise<void> {
  const original = await storeBytes(history, bytes);
  await append(history, { type: "in-place", original, when: new Date().toISOString(), ...record });
}

/**
 * Notes that a file was brought back.
 *
 * @throws {OutputError} when the history cannot be written
 */
export function noteRestoration(history: string, path: string, original: string): Promise<void> {
  return append(history, { type: "restored", path, original, when: new Date().toISOString() });
}

/**
 * Keeps bytes.
 *
 * @returns their sha256
 * @throws {OutputError} when the history cannot be written
 */
export async function storeBytes(history: string, bytes: Uint8Array): Promise<string> {
  const sha256 = hashOf(bytes);
  const path = storePath(history, sha256);
  if ((await hashOfFile(path)) === sha256) return sha256;
  await makeFolderOf(path);
  await writeFileAtomic(path, bytes, { overwrite: true });
  return sha256;
}

/**
 * Bytes that were kept.
 *
 * @throws {InputError} when they are missing or damaged
 */
export async function readStored(history: string, sha256: string): Promise<Uint8Array> {
  const path = storePath(history, sha256);
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new InputError(`${path} cannot be read (${cause.message}): expected the stored original`, {
      cause,
    });
  });
  if (hashOf(bytes) !== sha256) throw new InputError(`${path} is damaged: expected the stored original`);
  return bytes;
}

/** All lines, oldest first; what a crash has left of a line is passed over. */
export async function readHistory(history: string): Promise<HistoryRecord[]> {
  const text = await readFile(journalPath(history), "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") return "";
    throw new InputError(`${journalPath(history)} cannot be read (${cause.message}): expected a history`, {
      cause,
    });
  });
  return text.split("\n").flatMap((line) => parseLine(line) ?? []);
}

function parseLine(line: string): HistoryRecord | undefined {
  try {
    const record = JSON.parse(line) as Partial<HistoryRecord> | null;
    const whole = typeof record?.path === "string" && typeof record.original === "string";
    return whole && (record.type === "restored" || isReplacement(record))
      ? (record as HistoryRecord)
      : undefined;
  } catch {
    return undefined;
  }
}

function isReplacement(record: Partial<HistoryRecord>): boolean {
  return record.type === "in-place" && typeof record.written === "string";
}

async function append(history: string, record: HistoryRecord): Promise<void> {
  const path = journalPath(history);
  await makeFolderOf(path);
  try {
    const file = await open(path, "a+");
    try {
      // Half a line that a crash has left must not swallow this one.
      const { size } = await file.stat();
      const last = Buffer.alloc(1);
      if (size > 0) await file.read(last, 0, 1, size - 1);
      const start = size > 0 && last[0] !== 0x0a ? "\n" : "";
      await file.appendFile(`${start}${JSON.stringify(record)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw outputError(path, error);
  }
}

function storePath(history: string, sha256: string): string {
  return join(resolve(history), "originals", sha256);
}

function journalPath(history: string): string {
  return join(resolve(history), "history.jsonl");
}

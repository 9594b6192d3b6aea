/** Bringing back a file that was saved in place. */
import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { makeFolderOf, writeFileAtomic } from "../../formats/mod.ts";
import { hashOf } from "../run/content.ts";
import {
  type HistoryRecord,
  historyPath,
  noteRestoration,
  type ReplacementRecord,
  readHistory,
  readStored,
  storeBytes,
} from "./history.ts";

/** Options of {@link restoreOriginal}. */
export interface RestoreOriginalOptions {
  /** Folder of the history, as given when the file was saved. */
  readonly history: string;
  /** Also replace a file that was changed since it was saved; its bytes are kept in the history. @default false */
  readonly force?: boolean;
}

/** What came of it. */
export interface RestoredOriginal {
  /** Whether the original is back. */
  readonly restored: boolean;
  /** One sentence for people. */
  readonly message: string;
}

/**
 * Brings back the bytes that a mask or annotation file had before it was first saved in place (since it was last brought
 * back), with the files that must agree with it. Doing it again changes nothing.
 *
 * @throws {InputError} when the stored original is missing or damaged
 * @throws {OutputError} when the file cannot be written
 * @example
 * ```ts
 * import { restoreOriginal } from "samrefiner";
 * const { restored } = await restoreOriginal("masks/cat.png", { history: "history" });
 * console.log(restored); // false: it was never saved in place
 * ```
 */
export async function restoreOriginal(
  path: string,
  { history, force = false }: RestoreOriginalOptions,
): Promise<RestoredOriginal> {
  const name = await historyPath(path);
  const records = await readHistory(history);
  const followers = records.flatMap((record) =>
    record.type === "in-place" && record.follows === name && canFollow(record.path, name)
      ? [record.path]
      : [],
  );
  const pending: Pending[] = [];
  for (const each of new Set([name, ...followers])) {
    const found = await pendingOf(each, records);
    if (found !== undefined) pending.push(found);
  }
  if (pending.length === 0) return { restored: false, message: `${path} was never saved in place.` };
  const changed = pending.find(({ strange }) => strange);
  if (changed !== undefined && !force) {
    const message = `${changed.path} was changed since it was saved: restoring would lose that change.`;
    return { restored: false, message };
  }
  const needed = pending.filter(({ found, original }) => found === undefined || hashOf(found) !== original);
  if (needed.length === 0) return { restored: false, message: `${path} is as it was before it was saved.` };
  for (const file of needed) await restore(file, history);
  return { restored: true, message: `${basename(path)} is as it was before it was refined.` };
}

/**
 * Followers lie beside their file, or have its name in a folder beside. A history may come with a folder from anywhere: it
 * must not name files elsewhere on the disk.
 */
function canFollow(path: string, leader: string): boolean {
  const [own, other] = [dirname(leader), dirname(path)];
  return own === other || (dirname(own) === dirname(other) && basename(path) === basename(leader));
}

interface Pending {
  readonly path: string;
  /** sha256 of what it held at first. */
  readonly original: string;
  /** What it holds now; `undefined` where it is gone. */
  readonly found: Uint8Array | undefined;
  /** Whether that is nothing that was written or replaced here. */
  readonly strange: boolean;
}

/** A file's replacements since it was last brought back, or those before where there are none. */
async function pendingOf(path: string, records: readonly HistoryRecord[]): Promise<Pending | undefined> {
  const own = records.filter((record) => record.path === path);
  const last = own.findLastIndex(({ type }) => type === "restored");
  const since = own.slice(last + 1).filter(isReplacement);
  const all = since.length > 0 ? since : own.filter(isReplacement).slice(-1);
  const first = since[0];
  const original = first?.original ?? own[last]?.original;
  if (original === undefined) return undefined;
  const found = await readFile(path).catch(() => undefined);
  const known = all.flatMap((record) => [record.original, record.written]);
  return {
    path,
    original,
    found,
    strange: found !== undefined && ![original, ...known].includes(hashOf(found)),
  };
}

function isReplacement(record: HistoryRecord): record is ReplacementRecord {
  return record.type === "in-place";
}

async function restore({ path, original, found, strange }: Pending, history: string): Promise<void> {
  const bytes = await readStored(history, original);
  if (found !== undefined && strange) await storeBytes(history, found);
  await makeFolderOf(path);
  await writeFileAtomic(path, bytes, { overwrite: true });
  await noteRestoration(history, path, original);
}

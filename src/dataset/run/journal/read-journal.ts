/** Reading a journal line by line, however long it is. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { InputError } from "../../../core/errors.ts";
import { parseRecord } from "./parse-record.ts";
import { type HeaderRecord, JOURNAL_VERSION, type JournalRecord } from "./records.ts";

/** A record and its place in the file, in bytes without the line break. */
export interface JournalLine {
  readonly record: JournalRecord;
  readonly offset: number;
  readonly length: number;
}

const CHUNK = 2 ** 20;
const NEWLINE = 10;

/**
 * The records of a journal, the header first. A last line that a killed process left torn is left out.
 *
 * @returns how many bytes of the file hold whole lines
 * @throws {InputError} when the file cannot be read, is no journal, is one of another version, or is damaged inside
 */
export function* readJournal(path: string): Generator<JournalLine, number> {
  let end = 0;
  let broken: string | undefined;
  let count = 0;
  for (const { bytes, offset, whole } of linesOf(path)) {
    // Only the last line may be torn.
    if (broken !== undefined) throw damaged(path, count, broken);
    count++;
    const record = parseRecord(bytes.toString("utf8"));
    if (record.type === "broken" || !whole) {
      if (count === 1) throw noJournal(path, record.type === "broken" ? record.why : "is torn");
      broken = record.type === "broken" ? record.why : "is torn";
      continue;
    }
    if ((count === 1) !== (record.type === "header")) throw noJournal(path, `${count} is "${record.type}"`);
    end = offset + bytes.length + 1;
    yield { record, offset, length: bytes.length };
  }
  if (count === 0) throw noJournal(path, "is missing");
  return end;
}

/**
 * The header of a journal.
 *
 * @throws {InputError} see {@link readJournal}
 */
export function readHeader(path: string): HeaderRecord {
  for (const { record } of readJournal(path)) return record as HeaderRecord;
  throw noJournal(path, "is missing");
}

interface Line {
  readonly bytes: Buffer;
  readonly offset: number;
  /** Whether a line break ends it. */
  readonly whole: boolean;
}

function* linesOf(path: string): Generator<Line> {
  const file = open(path);
  try {
    const chunk = Buffer.alloc(CHUNK);
    let parts: Buffer[] = [];
    let offset = 0;
    for (let position = 0; ; ) {
      const size = readSync(file, chunk, 0, CHUNK, position);
      if (size === 0) break;
      position += size;
      for (let from = 0; from < size; ) {
        const at = chunk.subarray(0, size).indexOf(NEWLINE, from);
        const to = at < 0 ? size : at;
        parts.push(Buffer.from(chunk.subarray(from, to)));
        from = to + 1;
        if (at < 0) break;
        const bytes = Buffer.concat(parts);
        parts = [];
        yield { bytes, offset, whole: true };
        offset += bytes.length + 1;
      }
    }
    const rest = Buffer.concat(parts);
    if (rest.length > 0) yield { bytes: rest, offset, whole: false };
  } finally {
    closeSync(file);
  }
}

function open(path: string): number {
  try {
    // A folder opens as a file does; only reading it fails.
    if (statSync(path).isDirectory()) throw new Error("it is a folder");
    return openSync(path, "r");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "no such file" : message;
    throw new InputError(`${path} cannot be read (${why}): expected the journal of a run`, { cause });
  }
}

function noJournal(path: string, why: string): InputError {
  return new InputError(
    `${path} is no journal of this release (its first line ${why}): expected a run's journal of version ${JOURNAL_VERSION}`,
  );
}

function damaged(path: string, line: number, why: string): InputError {
  return new InputError(`${path} is damaged (line ${line} ${why}): expected a run's journal`);
}

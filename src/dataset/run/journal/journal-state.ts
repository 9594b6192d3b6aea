/** What a journal says about the files of a run, without the bulk. */

import { countVerdicts, type VerdictCounts } from "./count-verdicts.ts";
import type { LinePlace } from "./journal.ts";
import { readJournal } from "./read-journal.ts";
import type { HeaderRecord, JournalRecord, PhotoRecord, WrittenFile } from "./records.ts";

/** A photo's last record, less regions and changes: those are read again when needed. */
export interface KnownPhoto extends Pick<PhotoRecord, "key" | "session" | "photo" | "targets" | "written"> {
  readonly place: LinePlace;
  readonly failed: boolean;
  readonly verdicts: VerdictCounts;
}

/** See {@link readState}. */
export class JournalState {
  readonly header: HeaderRecord;
  readonly photos: Map<string, KnownPhoto> = new Map();
  /** Everything that was ever written to a path, the last one last. */
  readonly written: Map<string, WrittenFile[]> = new Map();
  /** Bytes of whole lines. */
  end = 0;

  constructor(header: HeaderRecord) {
    this.header = header;
  }

  /** Takes a line in. */
  add(record: JournalRecord, place: LinePlace): void {
    if (record.type === "writing") for (const file of record.files) this.addWritten(file);
    if (record.type !== "photo") return;
    const { key, session, photo, targets, written, failures, regions } = record;
    const verdicts = countVerdicts(regions);
    this.photos.set(key, {
      ...{ key, session, photo, targets, written, place, verdicts },
      failed: failures.length > 0,
    });
  }

  addWritten(file: WrittenFile): void {
    const known = this.written.get(file.path);
    if (known === undefined) this.written.set(file.path, [file]);
    else known.push(file);
  }

  /** Whether the run wrote this content to the path. */
  wrote(path: string, sha256: string): boolean {
    return this.written.get(path)?.some((file) => file.sha256 === sha256) ?? false;
  }

  /** What the path held before the run wrote this content there; the content itself when it did not. */
  originalOf(path: string, sha256: string): string {
    const found = this.written.get(path)?.findLast((file) => file.sha256 === sha256);
    return found?.original ?? sha256;
  }
}

/**
 * Reads a journal.
 *
 * @throws {InputError} when it is none, or damaged
 */
export function readState(path: string): JournalState {
  const lines = readJournal(path);
  let state: JournalState | undefined;
  for (let next = lines.next(); ; next = lines.next()) {
    if (next.done) {
      // Without a header the reader has thrown.
      state!.end = next.value;
      return state!;
    }
    const { record, ...place } = next.value;
    state ??= new JournalState(record as HeaderRecord);
    state.add(record, place);
  }
}

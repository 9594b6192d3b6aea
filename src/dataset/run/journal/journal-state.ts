/** What a journal says about the files of a run, without the bulk. */

import { countVerdicts, type VerdictCounts } from "./count-verdicts.ts";
import { DecisionBook } from "./decision-book.ts";
import type { LinePlace } from "./journal.ts";
import { readJournal } from "./read-journal.ts";
import type {
  HeaderRecord,
  JournalRecord,
  PhotoRecord,
  ReviewRecord,
  SessionFields,
  WrittenFile,
} from "./records.ts";

/** A photo's last record, less regions and changes: those are read again when needed. */
export interface KnownPhoto extends Pick<PhotoRecord, "key" | "session" | "photo" | "targets" | "written"> {
  readonly place: LinePlace;
  readonly failed: boolean;
  readonly verdicts: VerdictCounts;
}

/** See {@link readState}. */
export class JournalState {
  readonly header: HeaderRecord;
  /** What the last session worked with. */
  session: SessionFields;
  /** Whether the last session came to its end. */
  ended = false;
  readonly photos: Map<string, KnownPhoto> = new Map();
  /** Everything that was ever written to a path, the last one last. */
  readonly written: Map<string, WrittenFile[]> = new Map();
  readonly decisions: DecisionBook = new DecisionBook();
  /** The last line, if it is of a review: a process that was killed may not have written its files. */
  unsettled: ReviewRecord | undefined;
  /** Bytes of whole lines. */
  end = 0;

  constructor(header: HeaderRecord) {
    this.header = header;
    this.session = header;
  }

  /** Takes a line in. */
  add(record: JournalRecord, place: LinePlace): void {
    if (record.type === "resumed") this.session = record;
    if (record.type === "resumed" || record.type === "end") this.ended = record.type === "end";
    if (record.type === "writing" || record.type === "review")
      for (const file of record.files) this.addWritten(file);
    this.unsettled = record.type === "review" ? record : undefined;
    if (record.type === "review") this.decisions.note(record.decisions);
    if (record.type !== "photo") return;
    this.decisions.renew(record.key, this.photos.get(record.key), record);
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

  /** What the path should hold now. */
  lastOf(path: string): WrittenFile | undefined {
    return this.written.get(path)?.at(-1);
  }

  /** Ids of a file's regions that keep their coarse pixels. */
  rejected(key: string, target: number): Set<string> {
    const decided = this.decisions.of(key, target);
    return new Set([...decided.keys()].filter((id) => decided.get(id) === "rejected"));
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

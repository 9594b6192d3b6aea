/** A run's journal, open for writing. */
import { readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { makeFolderOf, outputError } from "../../../formats/mod.ts";
import { lockJournal } from "./lock.ts";
import type { JournalRecord } from "./records.ts";

/** Where a line lies. */
export interface LinePlace {
  readonly offset: number;
  readonly length: number;
}

/** Whole lines only: each is synced before its append resolves, and a line that did not fit is taken back. */
export class Journal {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #unlock: () => Promise<void>;
  #end: number;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(path: string, file: FileHandle, unlock: () => Promise<void>, end: number) {
    this.path = path;
    this.#file = file;
    this.#unlock = unlock;
    this.#end = end;
  }

  /**
   * Opens a journal alone.
   *
   * @param begin looks at what is there once nobody else writes, and says how many bytes of it stay
   * @throws {OutputError} when another process has it, or it cannot be written
   */
  static async open(path: string, begin: () => number | Promise<number>): Promise<Journal> {
    await makeFolderOf(path);
    const unlock = await lockJournal(path);
    try {
      const end = await begin();
      return new Journal(path, await openAt(path, end), unlock, end);
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  /**
   * Adds a line.
   *
   * @throws {OutputError} when the disk does not take it; then the journal is as before
   */
  append(record: JournalRecord): Promise<LinePlace> {
    const next = this.#last.then(() => this.#write(Buffer.from(`${JSON.stringify(record)}\n`)));
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Reads a line again. */
  read({ offset, length }: LinePlace): JournalRecord {
    const bytes = Buffer.alloc(length);
    readSync(this.#file.fd, bytes, 0, length, offset);
    return JSON.parse(bytes.toString("utf8")) as JournalRecord;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#file.close();
    await this.#unlock();
  }

  async #write(line: Buffer): Promise<LinePlace> {
    const offset = this.#end;
    try {
      for (let done = 0; done < line.length; ) {
        const { bytesWritten } = await this.#file.write(line, done, line.length - done, offset + done);
        done += bytesWritten;
      }
      await this.#file.sync();
    } catch (error) {
      await this.#file.truncate(offset).catch(() => undefined);
      throw outputError(this.path, error);
    }
    this.#end = offset + line.length;
    return { offset, length: line.length - 1 };
  }
}

/** What lies behind `end` is cut off. */
async function openAt(path: string, end: number): Promise<FileHandle> {
  try {
    const file = await open(path, end === 0 ? "w+" : "r+");
    await file.truncate(end);
    return file;
  } catch (error) {
    throw outputError(path, error);
  }
}

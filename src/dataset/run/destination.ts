/** Where results go: a folder laid out as the dataset, or their sources' own places. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { OutputError, SamRefinerError } from "../../core/errors.ts";
import { makeFolderOf, writeFileAtomic } from "../../formats/mod.ts";
import { hashOf, hashOfFile } from "./content.ts";
import type { Journal } from "./journal/journal.ts";
import type { JournalState } from "./journal/journal-state.ts";
import type { FailureRecord, WrittenFile } from "./journal/records.ts";
import { readOriginal, storeOriginal } from "./originals.ts";
import { pathBelow } from "./path-below.ts";

/** A result on its way. */
export interface ResultFile {
  /** Below the root, `/` between folders. */
  readonly path: string;
  /** sha256 of the source. */
  readonly before: string;
  readonly bytes: Uint8Array;
}

/** What came of results. */
export interface Delivery {
  readonly written: readonly WrittenFile[];
  readonly failures: readonly FailureRecord[];
}

/** Writes results so that the journal knows of each before it is there. */
export class Destination {
  readonly #root: string;
  readonly #out: string | undefined;
  readonly #overwrite: boolean;
  readonly #journal: Journal;
  readonly #state: JournalState;

  /** @param out folder of the results; `undefined` in place */
  constructor(
    root: string,
    out: string | undefined,
    overwrite: boolean,
    journal: Journal,
    state: JournalState,
  ) {
    this.#root = root;
    this.#out = out;
    this.#overwrite = overwrite;
    this.#journal = journal;
    this.#state = state;
  }

  /** Absolute path of a result. */
  pathOf(relative: string): string {
    return pathBelow(this.#out ?? this.#root, relative);
  }

  /** Whether a file that was written is still there as it was. */
  async holds({ path, sha256 }: WrittenFile): Promise<boolean> {
    return (await hashOfFile(this.pathOf(path))) === sha256;
  }

  /** In place: what a source held before the run. */
  originalOf(relative: string, sha256: string): string {
    return this.#out === undefined ? this.#state.originalOf(relative, sha256) : sha256;
  }

  /**
   * In place: brings a source back that the run has replaced, so that it can be read again.
   *
   * @throws {InputError} when the stored original is missing or damaged
   */
  async revert(relative: string): Promise<void> {
    if (this.#out !== undefined || !this.#state.written.has(relative)) return;
    const path = this.pathOf(relative);
    const found = await hashOfFile(path);
    if (found === undefined) return;
    const original = this.#state.originalOf(relative, found);
    if (original === found) return;
    await writeFileAtomic(path, await readOriginal(this.#journal.path, original), { overwrite: true });
  }

  /**
   * Writes results; what cannot be written is told, and the others are.
   *
   * @throws {OutputError} when the journal cannot be written
   */
  async deliver(files: readonly ResultFile[]): Promise<Delivery> {
    const failures: FailureRecord[] = [];
    const ready: { file: ResultFile; written: WrittenFile; needed: boolean }[] = [];
    for (const file of files) {
      await attempt(file.path, failures, async () => {
        ready.push({ file, ...(await this.#prepare(file)) });
      });
    }
    const needed = ready.filter((one) => one.needed);
    if (ready.length > 0)
      await this.#journal.append({ type: "writing", files: ready.map(({ written }) => written) });
    for (const { written } of ready) this.#state.addWritten(written);
    const failed = new Set<string>();
    for (const { file } of needed) {
      const done = await attempt(file.path, failures, () => this.#write(file));
      if (!done) failed.add(file.path);
    }
    return {
      written: ready.map(({ written }) => written).filter(({ path }) => !failed.has(path)),
      failures,
    };
  }

  /** Everything that must be sure before the journal promises the file. */
  async #prepare(file: ResultFile): Promise<{ written: WrittenFile; needed: boolean }> {
    const sha256 = hashOf(file.bytes);
    const path = this.pathOf(file.path);
    const found = await hashOfFile(path);
    if (this.#out === undefined) return this.#prepareReplacement(file, sha256, found);
    const own = found !== undefined && this.#state.wrote(file.path, found);
    if (found !== undefined && found !== sha256 && !own && !this.#overwrite) {
      throw new OutputError(`${path} cannot be written: it exists with other content and overwriting is off`);
    }
    if (found !== undefined) await assertOther(path, join(this.#root, file.path));
    return { written: { path: file.path, sha256 }, needed: found !== sha256 };
  }

  async #prepareReplacement(
    { path, before }: ResultFile,
    sha256: string,
    found: string | undefined,
  ): Promise<{ written: WrittenFile; needed: boolean }> {
    if (found !== before)
      throw new OutputError(`${this.pathOf(path)} cannot be replaced: it was changed during the run`);
    if (sha256 === before) return { written: { path, sha256 }, needed: false };
    const bytes = await readFile(this.pathOf(path));
    if (hashOf(bytes) !== before)
      throw new OutputError(`${this.pathOf(path)} cannot be replaced: it was changed during the run`);
    await storeOriginal(this.#journal.path, bytes, before);
    return { written: { path, sha256, original: before }, needed: true };
  }

  async #write({ path: relative, bytes }: ResultFile): Promise<void> {
    const path = this.pathOf(relative);
    await makeFolderOf(path);
    await writeFileAtomic(path, bytes, { overwrite: true });
  }
}

/** A link may lead from the results' folder back to the dataset. */
async function assertOther(result: string, source: string): Promise<void> {
  const [a, b] = await Promise.all([result, source].map((path) => stat(path).catch(() => undefined)));
  if (a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev)
    throw new OutputError(`${result} cannot be written: it is the source itself`);
}

async function attempt(path: string, failures: FailureRecord[], work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof SamRefinerError)) throw error;
    failures.push({ path, message: error.message });
    return false;
  }
}

/** Bringing back what an in-place run replaced. */
import { resolve } from "node:path";
import { InputError, OptionError, SamRefinerError } from "../../core/errors.ts";
import { makeFolderOf, writeFileAtomic } from "../../formats/mod.ts";
import { hashOfFile } from "./content.ts";
import { type JournalState, readState } from "./journal/journal-state.ts";
import { lockJournal } from "./journal/lock.ts";
import type { WrittenFile } from "./journal/records.ts";
import { readOriginal } from "./originals.ts";
import { pathBelow } from "./path-below.ts";

/** What came of one file. */
export interface RestoredFile {
  /** Absolute. */
  readonly path: string;
  /** `restored`; `original` already; or `refused`. */
  readonly outcome: "restored" | "original" | "refused";
  /** Why it was refused. */
  readonly reason?: string;
}

/** Options of {@link restoreRun}. */
export interface RestoreOptions {
  /** Also replace files that were changed since the run wrote them. @default false */
  readonly force?: boolean;
  /** Stops the call; it then throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Brings back every original that an in-place run replaced, from the store beside its journal. A file that is no longer
 * what the run wrote is refused; doing it again changes nothing.
 *
 * @param journal path of the run's journal
 * @returns one outcome a file, in the order in which they were first replaced
 * @throws {InputError} when the journal is missing, damaged or of another version
 * @throws {OptionError} when the run was not in place
 * @throws {OutputError} when a run works with the journal at the moment
 */
export async function restoreRun(journal: string, options: RestoreOptions = {}): Promise<RestoredFile[]> {
  const path = resolve(journal);
  // First, because the lock would be made in whatever folder the name says.
  const { header } = readState(path);
  if (header.out !== null)
    throw new OptionError(`${journal} is of a run that wrote to ${header.out}: there is nothing to restore`);
  const unlock = await lockJournal(path);
  try {
    const state = readState(path);
    const outcomes: RestoredFile[] = [];
    for (const [relative, files] of state.written) {
      options.signal?.throwIfAborted();
      const last = files.findLast(({ original }) => original !== undefined);
      if (last !== undefined) outcomes.push(await restoreFile(path, state, relative, last, options));
    }
    return outcomes;
  } finally {
    await unlock();
  }
}

async function restoreFile(
  journal: string,
  state: JournalState,
  relative: string,
  { original }: WrittenFile,
  { force = false }: RestoreOptions,
): Promise<RestoredFile> {
  let path = resolve(state.header.root, relative);
  try {
    path = pathBelow(state.header.root, relative);
    const found = await hashOfFile(path);
    if (found === original) return { path, outcome: "original" };
    if (found !== undefined && !force && !state.wrote(relative, found)) {
      throw new InputError(`${path} was changed since the run wrote it: expected it as the run left it`);
    }
    const bytes = await readOriginal(journal, original!);
    await makeFolderOf(path);
    await writeFileAtomic(path, bytes, { overwrite: true });
    return { path, outcome: "restored" };
  } catch (error) {
    if (!(error instanceof SamRefinerError)) throw error;
    return { path, outcome: "refused", reason: error.message };
  }
}

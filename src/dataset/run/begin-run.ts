/** Opening the journal of a new run, or of one that is continued. */
import { readFile, stat } from "node:fs/promises";
import { InputError, OutputError } from "../../core/errors.ts";
import { Journal } from "./journal/journal.ts";
import { JournalState, readState } from "./journal/journal-state.ts";
import { readHeader } from "./journal/read-journal.ts";
import { type HeaderRecord, JOURNAL_VERSION, type SessionFields } from "./journal/records.ts";
import { type ResolvedRun, sessionName } from "./run-options.ts";

/** A run's journal and what it says so far. */
export interface BegunRun {
  readonly journal: Journal;
  readonly state: JournalState;
  readonly session: string;
}

/**
 * Begins or continues.
 *
 * @throws {OutputError} when another process has the journal, or there is one that is not to be continued
 * @throws {InputError} when the journal is damaged, of another version, or of another dataset
 */
export async function beginRun(root: string, run: ResolvedRun, engine: SessionEngine): Promise<BegunRun> {
  const fields = sessionOf(run, engine);
  const header: HeaderRecord = {
    type: "header",
    version: JOURNAL_VERSION,
    root,
    out: run.out ?? null,
    ...fields,
  };
  let state = new JournalState(header);
  let fresh = true;
  const journal = await Journal.open(run.journal, async () => {
    if (await isBlank(run.journal)) return 0;
    if (!run.resume) return startOver(run);
    state = readState(run.journal);
    assertSame(run.journal, state.header, header);
    fresh = false;
    return state.end;
  });
  try {
    await journal.append(fresh ? header : { type: "resumed", ...fields });
  } catch (error) {
    await journal.close();
    throw error;
  }
  return { journal, state, session: fields.session };
}

/** What a journal says of who refines. */
export interface SessionEngine {
  readonly model: { readonly manifest: { readonly name: string }; readonly sha256: string };
  readonly device: string;
}

function sessionOf(run: ResolvedRun, { model, device }: SessionEngine): SessionFields {
  return {
    created: new Date().toISOString(),
    model: { name: model.manifest.name, sha256: model.sha256 },
    device,
    options: run.recorded,
    session: sessionName(model.sha256, run.recorded),
  };
}

/** A run that was killed before its first line was whole has done nothing. */
async function isBlank(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || found.size === 0) return true;
  return found.size < 2 ** 16 && !(await readFile(path)).includes("\n");
}

function startOver({ journal, overwrite }: ResolvedRun): number {
  if (!overwrite) {
    throw new OutputError(
      `${journal} is there from an earlier run: expected resume to continue it, overwrite to start over, or another place`,
    );
  }
  // Its originals would be out of reach.
  if (readHeader(journal).out === null) {
    throw new OutputError(
      `${journal} knows the originals that an in-place run has replaced: expected resume, or another journal`,
    );
  }
  return 0;
}

function assertSame(journal: string, then: HeaderRecord, now: HeaderRecord): void {
  if (then.root !== now.root)
    throw new InputError(`${journal} is of a run over ${then.root}: expected one over ${now.root}`);
  if (then.out === now.out) return;
  const place = (out: string | null): string => (out === null ? "in place" : `into ${out}`);
  throw new InputError(`${journal} is of a run ${place(then.out)}: expected one ${place(now.out)}`);
}

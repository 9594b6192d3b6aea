/** Taking decisions about one file's regions into the results and the journal. */
import { makeFolderOf, writeFileAtomic } from "../../formats/mod.ts";
import { hashOf } from "../run/content.ts";
import type { DecisionRecord, ReviewRecord, WrittenFile } from "../run/journal/records.ts";
import { storeOriginal } from "../run/originals.ts";
import { checkResult } from "./check-result.ts";
import { annotationComposer } from "./compose-annotation-file.ts";
import { maskComposer } from "./compose-mask-file.ts";
import { type Rejections, type ReviewedFile, type ReviewPlace, resultPath } from "./reviewed-file.ts";

/** A result with what it should hold by the journal, and by the new decisions. */
interface Exchange {
  readonly path: string;
  readonly former: WrittenFile;
  readonly formerBytes: Uint8Array;
  readonly next: WrittenFile;
  readonly bytes: Uint8Array;
  /** The source's. */
  readonly original: Uint8Array;
  /** sha256 of what it holds. */
  readonly found: string | undefined;
}

/**
 * Notes decisions, then writes the results that hold other pixels by them.
 *
 * @returns absolute paths of what was written
 * @throws {InputError} when source, original or result are no longer what the run left
 * @throws {OutputError} when a result or the journal cannot be written; then all is as before
 */
export async function decideFile(place: ReviewPlace, file: ReviewedFile): Promise<string[]> {
  const exchanges = changesPixels(place, file) ? await exchangesOf(place, file) : [];
  if (place.state.header.out === null) await keepOriginals(place, exchanges);
  const undo = file.decisions.map((one) => ({ ...one, decision: decisionNow(place, one) }));
  await note(
    place,
    file.decisions,
    exchanges.map(({ next }) => next),
  );
  const begun: Exchange[] = [];
  try {
    for (const one of exchanges.filter(({ found, next }) => found !== next.sha256)) {
      begun.push(one);
      await write(place, one.path, one.bytes);
    }
  } catch (error) {
    await note(
      place,
      undo,
      exchanges.map(({ former }) => former),
    );
    // The last one is as it was. Where the disk takes nothing any more, the next decision brings the others back.
    for (const { path, formerBytes } of begun.slice(0, -1))
      await write(place, path, formerBytes).catch(() => undefined);
    throw error;
  }
  return begun.map(({ path }) => resultPath(place, path));
}

/** Accepting what nobody rejected changes none. */
function changesPixels({ state }: ReviewPlace, { decisions, unsettled }: ReviewedFile): boolean {
  return (
    unsettled ||
    decisions.some(
      ({ key, target, id, decision }) => state.rejected(key, target).has(id) !== (decision === "rejected"),
    )
  );
}

function decisionNow(
  { state }: ReviewPlace,
  { key, target, id }: DecisionRecord,
): DecisionRecord["decision"] {
  return state.decisions.of(key, target).get(id) ?? null;
}

async function exchangesOf(place: ReviewPlace, file: ReviewedFile): Promise<Exchange[]> {
  const { state } = place;
  const now: Rejections = (key, target) => state.rejected(key, target);
  const compose = await (file.kind === "labels" ? maskComposer : annotationComposer)(place, file);
  const before = await compose(now);
  const after = await compose(rejectionsAfter(now, file.decisions));
  return Promise.all(
    after.map(async ({ path, bytes, source, sha256: original }, i) => {
      const formerBytes = before[i]!.bytes;
      const { former, found } = await checkResult(place, path, hashOf(formerBytes));
      const inPlace = state.header.out === null ? { original } : {};
      const next = { path, sha256: hashOf(bytes), ...inPlace };
      return { path, former, formerBytes, next, bytes, original: source, found };
    }),
  );
}

function rejectionsAfter(now: Rejections, decisions: readonly DecisionRecord[]): Rejections {
  return (key, target) => {
    const rejected = new Set(now(key, target));
    for (const one of decisions) {
      if (one.key !== key || one.target !== target) continue;
      if (one.decision === "rejected") rejected.add(one.id);
      else rejected.delete(one.id);
    }
    return rejected;
  };
}

/** The run has stored those that it replaced. */
async function keepOriginals({ journal }: ReviewPlace, exchanges: readonly Exchange[]): Promise<void> {
  for (const { next, original } of exchanges)
    if (next.original !== undefined && next.original !== next.sha256)
      await storeOriginal(journal.path, original, next.original);
}

async function note(
  { journal, state }: ReviewPlace,
  decisions: readonly DecisionRecord[],
  files: readonly WrittenFile[],
): Promise<void> {
  const record: ReviewRecord = { type: "review", decided: new Date().toISOString(), decisions, files };
  state.add(record, await journal.append(record));
}

async function write(place: ReviewPlace, relative: string, bytes: Uint8Array): Promise<void> {
  const path = resultPath(place, relative);
  await makeFolderOf(path);
  await writeFileAtomic(path, bytes, { overwrite: true });
}

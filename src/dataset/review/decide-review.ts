/** Taking decisions about regions of a run into its results and its journal. */
import { resolve } from "node:path";
import { InputError, SamRefinerError } from "../../core/errors.ts";
import { hashOfFile } from "../run/content.ts";
import { Journal } from "../run/journal/journal.ts";
import { type JournalState, readState } from "../run/journal/journal-state.ts";
import { readHeader } from "../run/journal/read-journal.ts";
import type { DecisionRecord, FailureRecord, PhotoRecord } from "../run/journal/records.ts";
import { decideFile } from "./decide-file.ts";
import type { DecidedReview, RegionDecision } from "./review.ts";
import { type ReviewedFile, type ReviewPlace, resultPath } from "./reviewed-file.ts";

/** Decisions of this process wait for one another: the journal's lock only keeps others away. */
const turns = new Map<string, Promise<unknown>>();

/**
 * Notes decisions in the journal and writes the results concerned: a rejected region gets its coarse pixels back, one
 * that is accepted again its refined ones. In a mask file a pixel is coarse if the region that had it or the one that won
 * it is rejected. A file whose result, source or original is no longer as the run left it is refused, and its decisions
 * are not taken; the others are.
 *
 * @param journal path of the run's journal
 * @throws {InputError} when the journal is missing, damaged or of another version, or does not have a region
 * @throws {OutputError} when a run works with the journal at the moment, or it cannot be written
 */
export async function decideReview(
  journal: string,
  decisions: readonly RegionDecision[],
): Promise<DecidedReview> {
  const path = resolve(journal);
  const turn = (turns.get(path) ?? Promise.resolve())
    .catch(() => undefined)
    .then(() => decideAlone(path, decisions));
  turns.set(path, turn);
  try {
    return await turn;
  } finally {
    if (turns.get(path) === turn) turns.delete(path);
  }
}

async function decideAlone(path: string, decisions: readonly RegionDecision[]): Promise<DecidedReview> {
  // First, because the lock would be made in whatever folder the name says.
  readHeader(path);
  let state: JournalState | undefined;
  const journal = await Journal.open(path, () => {
    state = readState(path);
    return state.end;
  });
  try {
    return await decideAll({ journal, state: state! }, decisions);
  } finally {
    await journal.close();
  }
}

async function decideAll(place: ReviewPlace, decisions: readonly RegionDecision[]): Promise<DecidedReview> {
  const written: string[] = [];
  const failures: FailureRecord[] = [];
  const files = filesOf(place, decisions);
  const unsettled = await unsettledFile(place);
  for (const file of unsettled === undefined ? files : [unsettled, ...files]) {
    try {
      written.push(...(await decideFile(place, file)));
    } catch (error) {
      if (!(error instanceof SamRefinerError)) throw error;
      failures.push({ path: file.path, message: error.message });
    }
  }
  return { written, failures };
}

/** The file of the last decisions, if the process that noted them did not come to write it. */
async function unsettledFile(place: ReviewPlace): Promise<ReviewedFile | undefined> {
  const { unsettled } = place.state;
  if (unsettled === undefined) return undefined;
  for (const { path, sha256 } of unsettled.files) {
    if ((await hashOfFile(resultPath(place, path))) === sha256) continue;
    const [file] = filesOf(place, unsettled.decisions);
    return file && { ...file, unsettled: true };
  }
  return undefined;
}

/** @throws {InputError} for a region that the run does not have */
function filesOf(place: ReviewPlace, decisions: readonly RegionDecision[]): ReviewedFile[] {
  const files = new Map<string, ReviewedFile & { readonly decisions: DecisionRecord[] }>();
  const records = new Map<string, PhotoRecord>();
  for (const { key, target, id, decision } of decisions) {
    const record = records.get(key) ?? recordOf(place, key);
    records.set(key, record);
    const stamp = record.targets[target];
    if (stamp === undefined || !record.regions.some((one) => one.target === target && one.id === id))
      throw new InputError(
        `${place.journal.path} has no region ${id} of file ${target} on ${key}: expected one of its regions`,
      );
    const { path, kind } = stamp;
    const file = files.get(path) ?? { path, kind, decisions: [], unsettled: false };
    file.decisions.push({ key, target, id, decision });
    files.set(path, file);
  }
  return [...files.values()];
}

function recordOf({ state, journal }: ReviewPlace, key: string): PhotoRecord {
  const known = state.photos.get(key);
  if (known === undefined)
    throw new InputError(`${journal.path} has no photo ${key}: expected one of its photos`);
  return journal.read(known.place) as PhotoRecord;
}

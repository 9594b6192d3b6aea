import { InputError } from "../../core/errors.ts";
import { hashOfFile } from "../run/content.ts";
import type { WrittenFile } from "../run/journal/records.ts";
import { type ReviewPlace, resultPath } from "./reviewed-file.ts";

/** A result that is as the run, or a review, left it. */
export interface CheckedResult {
  /** What it should hold by the journal. */
  readonly former: WrittenFile;
  /** sha256 of what it holds; `undefined` where a mirror no longer has it. */
  readonly found: string | undefined;
}

/**
 * Makes sure that a result can be replaced.
 *
 * @param composed sha256 of what it should hold, put together from its source and the journal
 * @throws {InputError} when it has not been written, or was changed by somebody else; or when the journal does not give it
 */
export async function checkResult(
  place: ReviewPlace,
  relative: string,
  composed: string,
): Promise<CheckedResult> {
  const { state, journal } = place;
  const path = resultPath(place, relative);
  const known = state.written.get(relative) ?? [];
  const former = known.at(-1);
  if (former === undefined)
    throw new InputError(`${path} has not been written yet: expected a run that has come to its end`);
  if (former.sha256 !== composed)
    throw new InputError(
      `${path} cannot be put together from ${journal.path}: expected a run of this release that has come to its end`,
    );
  const found = await hashOfFile(path);
  if (found === undefined && state.header.out === null)
    throw new InputError(`${path} is missing: expected it as the run left it`);
  // A process that was killed may have noted the last content and not written it.
  const ours = known.slice(-2).some(({ sha256 }) => sha256 === found);
  if (found !== undefined && !ours)
    throw new InputError(`${path} was changed since the run wrote it: expected it as the run left it`);
  return { former, found };
}

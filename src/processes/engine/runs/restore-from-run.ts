import type { EngineRequests } from "../../../protocol/engine.ts";
import { restoreRun } from "../../../sdk/mod.ts";

/**
 * Brings back what a run in place replaced.
 *
 * @returns paths of the files that are as they were, and a sentence for each that was left
 * @throws {InputError} when the journal is missing, damaged or of another version
 * @throws {OptionError} when the run was not in place
 */
export async function restoreFromRun(
  journal: string,
  signal: AbortSignal,
): Promise<EngineRequests["run/restore"][1]> {
  const files = await restoreRun(journal, { signal });
  return {
    restored: files.filter(({ outcome }) => outcome !== "refused").map(({ path }) => path),
    left: files.filter(({ outcome }) => outcome === "refused").map(({ path, reason }) => reason ?? path),
  };
}

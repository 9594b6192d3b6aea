/** Where a run's results and its journal lie. */
import { isAbsolute, join } from "node:path";

/** Name of a run's journal, as the command line has it, so that both continue each other's runs. */
export const JOURNAL_NAME = "samrefiner-run.jsonl";

/** A place for results. */
export interface RunPlace {
  /** Folder of the results; `undefined` in place. */
  readonly out: string | undefined;
  readonly journal: string;
}

/** Results over their sources; the journal, with the originals, lies in the dataset's folder. */
export function inPlace(root: string): RunPlace {
  return { out: undefined, journal: join(root, JOURNAL_NAME) };
}

/**
 * Results in a folder laid out as the dataset.
 *
 * @param base what a folder of the settings counts from
 */
export function mirrored(folder: string, base: string): RunPlace {
  const out = isAbsolute(folder) ? folder : join(base, folder);
  return { out, journal: join(out, JOURNAL_NAME) };
}

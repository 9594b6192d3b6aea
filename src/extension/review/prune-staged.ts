/** Copies of originals that no review has asked for lately. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** A preview of a review that VS Code restores wants its copies after a holiday, too. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Removes folders of a store that were not used for a month; what cannot be removed stays.
 *
 * @param store folder of {@link stageOriginals}
 * @param now milliseconds since 1970
 */
export async function pruneStaged(store: string, now: number): Promise<void> {
  for (const name of await readdir(store).catch(() => [])) {
    const folder = join(store, name);
    const used = await stat(folder).catch(() => undefined);
    if (used !== undefined && now - used.mtimeMs > KEPT_MS)
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Keeps results from being written over what they are made of, whatever name or link leads there. */
import { stat } from "node:fs/promises";
import { OutputError } from "../../sdk/mod.ts";
import { filesOf } from "./output-paths.ts";
import type { Job } from "./plan-jobs.ts";

/**
 * A check for each job: its results may replace its own mask, but no photo and no other mask.
 *
 * @returns rejects with an {@link OutputError}
 */
export async function inputGuard(jobs: readonly Job[]): Promise<(job: Job) => Promise<void>> {
  const photos = await ownersById(jobs.map(({ image }) => image));
  const masks = await ownersById(jobs.map(({ mask }) => mask));
  return async (job) => {
    for (const target of filesOf(job)) {
      const id = await fileId(target.path);
      if (id === undefined) continue;
      const mask = masks.get(id);
      const replaced = mask === job.mask && target === job.output ? undefined : mask;
      const what = photos.has(id) ? "the photo" : replaced && `the mask ${replaced}`;
      if (what) throw new OutputError(`${target.path} cannot be written: it is ${what}`);
    }
  };
}

async function ownersById(paths: readonly string[]): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  for (const path of new Set(paths)) {
    const id = await fileId(path);
    if (id !== undefined) owners.set(id, path);
  }
  return owners;
}

/** What a file is by, on every path to it; `undefined` if there is none. */
async function fileId(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}

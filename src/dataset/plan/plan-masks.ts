import type { FileHeads } from "./file-heads.ts";
import { findPhoto, type PhotoSearch } from "./find-photo.ts";
import type { FoundFile } from "./find-sources.ts";
import type { PlanDraft } from "./plan-draft.ts";

/** What planning mask files needs. */
export interface MaskPlanning {
  readonly draft: PlanDraft;
  readonly search: PhotoSearch;
  readonly heads: FileHeads;
  readonly signal: AbortSignal | undefined;
}

/** Adds mask files. */
export async function planMasks(files: readonly FoundFile[], planning: MaskPlanning): Promise<void> {
  // A gray picture is a photo where a mask or an annotation file says so: these come last.
  const certain = files.filter(({ role }) => role === "mask");
  const gray = files.filter(({ role }) => role === "gray");
  for (const { path } of [...certain, ...gray]) {
    planning.signal?.throwIfAborted();
    if (!planning.draft.has(path)) await planMask(path, planning);
  }
}

async function planMask(path: string, { draft, search, heads }: MaskPlanning): Promise<void> {
  const photo = await draft.attempt(path, undefined, async () => {
    await heads.assertFetched(path, "a mask", search.show);
    const found = await findPhoto(path, search);
    await heads.assertFetched(found, "a photo", search.show);
    return found;
  });
  if (photo !== undefined) draft.add(photo, { kind: "labels", path, siblings: [] });
}

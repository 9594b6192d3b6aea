/** One mask file of a dataset again, when its photo does not matter. */
import { dirname } from "node:path";
import { FileHeads } from "./file-heads.ts";
import { Folders } from "./folders.ts";
import { Labelmaps } from "./layouts/labelmaps.ts";
import type { LabelDraft } from "./plan-draft.ts";
import { layoutOf, targetOf } from "./plan-masks.ts";

/**
 * Finds out how a mask file is read and what goes with it, as the plan of its dataset did.
 *
 * @param path absolute
 * @param root of the dataset
 * @throws {InputError} when a colour map cannot be read
 */
export async function findLabelTarget(path: string, root: string): Promise<LabelDraft> {
  const search = { folders: new Folders(), heads: new FileHeads(), show: (name: string) => name };
  // A mask that was given by itself may have its colour map in the folder above.
  const labelmaps = new Labelmaps(search.folders, dirname(root), search.show);
  return targetOf(path, await layoutOf(path, search), labelmaps, search.heads);
}

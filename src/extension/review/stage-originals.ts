/** Masks as they were before a run replaced them, laid out so that a preview finds everything. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, rm, symlink, utimes } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import type { ReviewView } from "../../protocol/engine.ts";

/** A photo of a review. */
export type ReviewedPhoto = ReviewView["photos"][number];

/**
 * Copies a photo's originals to {@link stagedFiles}, with the photo at its path of the dataset: links of annotation files
 * and names pair as they do there.
 *
 * @param store folder for such copies
 * @returns absolute paths, in the order of the photo's files
 */
export async function stageOriginals(
  view: Pick<ReviewView, "root" | "journal">,
  photo: ReviewedPhoto,
  store: string,
): Promise<readonly string[]> {
  const { files, originals } = photo;
  const staged = stagedFiles(view, photo, store);
  const folder = folderFor(view, photo, store);
  const place = join(folder, belowRoot(view.root, photo.photo));
  if (!existsSync(place)) await putPhoto(photo.photo, place);
  for (const [i, path] of staged.entries()) {
    const original = originals[i] ?? files[i] ?? path;
    // Stores name originals by their content: an earlier copy is the same, and may be open in a preview.
    if (existsSync(path) && original !== files[i]) continue;
    await mkdir(dirname(path), { recursive: true });
    await copyFile(original, path);
  }
  // When it was last used decides how long it is kept; see `pruneStaged`.
  const now = new Date();
  await utimes(folder, now, now).catch(() => undefined);
  return staged;
}

/** Where copies of a photo's originals lie: below a folder of their own as in the dataset. */
export function stagedFiles(
  view: Pick<ReviewView, "root" | "journal">,
  photo: ReviewedPhoto,
  store: string,
): readonly string[] {
  const folder = folderFor(view, photo, store);
  return photo.files.map((file) => join(folder, belowRoot(view.root, file)));
}

function folderFor(
  { journal }: Pick<ReviewView, "journal">,
  { photo, originals }: ReviewedPhoto,
  store: string,
): string {
  const content = JSON.stringify([journal, photo, originals]);
  return join(store, createHash("sha256").update(content).digest("hex").slice(0, 16));
}

function belowRoot(root: string, path: string): string {
  const below = relative(root, path);
  // Another drive of Windows has no way there but the whole path.
  return below.startsWith(`..${sep}`) || isAbsolute(below) ? basename(path) : below;
}

/** A link costs nothing; where none can be made, a copy does. */
async function putPhoto(photo: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  await rm(place, { force: true });
  await symlink(photo, place).catch(() => copyFile(photo, place));
}

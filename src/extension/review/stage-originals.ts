/** Masks as they were before a run replaced them, laid out so that a preview finds everything. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, rm, symlink } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import type { ReviewView } from "../../protocol/engine.ts";

/** A photo of a review. */
export type ReviewedPhoto = ReviewView["photos"][number];

/**
 * Copies a photo's originals to a folder with the paths of the dataset, the photo beside them: links of annotation files
 * and names pair as in the dataset.
 *
 * @param store folder for such copies
 * @returns absolute paths, in the order of the photo's files
 */
export async function stageOriginals(
  { root, journal }: Pick<ReviewView, "root" | "journal">,
  { photo, files, originals }: ReviewedPhoto,
  store: string,
): Promise<string[]> {
  const content = JSON.stringify([journal, photo, originals]);
  const folder = join(store, createHash("sha256").update(content).digest("hex").slice(0, 16));
  const place = (path: string): string => join(folder, belowRoot(root, path));
  if (!existsSync(place(photo))) await putPhoto(photo, place(photo));
  return Promise.all(
    files.map(async (file, i) => {
      const staged = place(file);
      // Stores name originals by their content: the copy of an earlier time is the same, and may be open in a preview.
      if (existsSync(staged) && originals[i] !== file) return staged;
      await mkdir(dirname(staged), { recursive: true });
      await copyFile(originals[i] ?? file, staged);
      return staged;
    }),
  );
}

function belowRoot(root: string, path: string): string {
  const below = relative(root, path);
  return below.startsWith(`..${sep}`) || below === path ? basename(path) : below;
}

/** A link costs nothing; where none can be made, a copy does. */
async function putPhoto(photo: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  await rm(place, { force: true });
  await symlink(photo, place).catch(() => copyFile(photo, place));
}

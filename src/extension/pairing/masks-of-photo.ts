/** Pairing the other way: the masks of a photo. */
import { dirname, relative, sep } from "node:path";
import type { PlanView } from "../../protocol/engine.ts";

/**
 * The folder in which the masks of a photo are looked for: the one that holds the photo's folder, as `masks` lies beside
 * `images`, but nothing outside of the workspace, which may be the whole disk.
 *
 * @param workspace the photo's workspace folder
 */
export function folderAround(photo: string, workspace: string | undefined): string {
  const own = dirname(photo);
  const parent = dirname(own);
  const inside = parent === workspace || parent.startsWith(`${workspace}${sep}`);
  return workspace !== undefined && inside ? parent : own;
}

/** The files that lie on a photo. */
export function masksOfPhoto({ photos }: Pick<PlanView, "photos">, photo: string): readonly string[] {
  const files = photos.filter((one) => relative(one.photo, photo) === "").flatMap((one) => one.files);
  return [...new Set(files)];
}

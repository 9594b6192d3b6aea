/** Which files of a dataset are photos, which masks, which may be annotations. */
import { basename, dirname, relative, sep } from "node:path";
import type { FileHeads } from "./file-heads.ts";
import type { Folders } from "./folders.ts";
import {
  fileExtension,
  fileStem,
  hasMaskSuffix,
  isMaskFolder,
  isPhotoFolder,
  isPicture,
  withoutMaskSuffix,
} from "./names.ts";

/** What a file is; `gray` is a picture that its colours alone make a mask: a photo where another mask says so. */
export type FileRole = "photo" | "mask" | "gray" | "document" | "other";

const documents = [".json", ".xml", ".txt"];

/** What telling files apart needs to know. */
export interface Surroundings {
  /** Absolute folder of the dataset; names above it say nothing. */
  readonly root: string;
  readonly folders: Folders;
  readonly heads: FileHeads;
}

/**
 * What a file found in a dataset's folder is: by its ending, by its name, by the nearest folder whose name says it,
 * and only then by its first bytes.
 *
 * @param path absolute
 */
export async function tellFile(path: string, around: Surroundings): Promise<FileRole> {
  const extension = fileExtension(path);
  if (extension === ".npy") return "mask";
  if (documents.includes(extension)) return "document";
  if (!isPicture(path)) return "other";
  const byName = roleByName(path, around.root);
  const twin = await hasTwin(path, around.folders);
  if (extension !== ".png") return (await isMaskPicture(path, byName, around.folders)) ? "mask" : "photo";
  if (byName === "mask" || (byName === "photo" && !twin)) return byName;
  // A PNG beside a JPEG of its name is a mask whatever its colours.
  if (twin) return "mask";
  return (await around.heads.kind(path)) === "colour" ? "photo" : "gray";
}

/** What a file's own name or the nearest telling folder says; of the folders above the root only its own counts. */
export function roleByName(path: string, root: string): "mask" | "photo" | undefined {
  const stem = fileStem(path);
  if (/_leftImg8bit$/.test(stem)) return "photo";
  if (hasMaskSuffix(stem) || /_gt(Fine|Coarse)_\w+$/.test(stem)) return "mask";
  const below = relative(root, dirname(path)).split(sep);
  const outside = below.lastIndexOf("..");
  const folders = outside < 0 ? [basename(root), ...below] : below.slice(outside + 1);
  for (const folder of folders.reverse()) {
    if (isPhotoFolder(folder)) return "photo";
    if (isMaskFolder(folder)) return "mask";
  }
  return undefined;
}

/** Whether a picture that is no PNG has the same stem and folder. */
async function hasTwin(path: string, folders: Folders): Promise<boolean> {
  const others = await folders.withStem(dirname(path), [fileStem(path)]);
  return others.some((other) => isPicture(other) && fileExtension(other) !== ".png");
}

/** Masks are seldom JPEGs: the folder must say so, or the photo lie beside it. */
async function isMaskPicture(
  path: string,
  byName: "mask" | "photo" | undefined,
  folders: Folders,
): Promise<boolean> {
  if (byName !== "mask") return false;
  const stem = fileStem(path);
  if (!hasMaskSuffix(stem)) return true;
  const photos = await folders.withStem(dirname(path), [withoutMaskSuffix(stem)]);
  return photos.some(isPicture) || isMaskFolder(basename(dirname(path)));
}

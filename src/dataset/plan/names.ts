/** What names of files and folders say. */
import { basename, extname } from "node:path";

/** Endings of photos, in the order messages list them. */
export const photoExtensions: readonly string[] = [
  ".jpg",
  ".jpeg",
  ".png",
  ".webp",
  ".tif",
  ".tiff",
  ".avif",
];

/** Folders of photos, as layouts call them; compared without case. */
export const photoFolders: readonly string[] = [
  "images",
  "image",
  "img",
  "imgs",
  "JPEGImages",
  "photos",
  "leftImg8bit",
];

const maskFolder =
  /^(masks?|labels?|annotations?|gt|gtfine|gtcoarse|ground[-_ ]?truth|segs?|segmentations?|segmentation(class|object)\w*|coarse|trimaps?)$/i;
const maskFolderEnding = /[-_](masks?|labels?|annotations?|segmentations?)$/i;
const maskSuffix = /_(mask|seg|segmentation|coarse)$/i;
const instanceSuffixes = [/_\d+$/, /-[^-]+-\d+$/];

/** A file's name without folder and ending, in one form: file systems differ in how they compose letters. */
export function fileStem(path: string): string {
  return basename(path, extname(path)).normalize("NFC");
}

/** Ending in small letters, with its dot. */
export function fileExtension(path: string): string {
  return extname(path).toLowerCase();
}

/** Whether a file's ending is that of a picture that could be a photo. */
export function isPicture(path: string): boolean {
  return photoExtensions.includes(fileExtension(path));
}

/** Whether a folder's name says that it holds photos. */
export function isPhotoFolder(name: string): boolean {
  return photoFolders.some((folder) => folder.toLowerCase() === name.toLowerCase());
}

/** Whether a folder's name says that it holds masks or annotations. */
export function isMaskFolder(name: string): boolean {
  return maskFolder.test(name) || maskFolderEnding.test(name);
}

/** Names that the folder of the photos may have where masks lie in a folder of this name. */
export function photoFoldersFor(name: string): readonly string[] {
  const base = name.replace(maskFolderEnding, "");
  if (base === name) return photoFolders;
  return [...photoFolders, base, ...["images", "imgs", "img"].map((images) => `${base}_${images}`)];
}

/** Whether a stem ends as masks do: `_mask`, `_seg`, `_segmentation`, `_coarse`. */
export function hasMaskSuffix(stem: string): boolean {
  return maskSuffix.test(stem) && withoutMaskSuffix(stem) !== "";
}

/** A stem without the ending of masks. */
export function withoutMaskSuffix(stem: string): string {
  return stem.replace(maskSuffix, "");
}

/** The stems that the photo of a mask may have: its own, and that without the ending of masks. */
export function photoStems(stem: string): string[] {
  return distinct([stem, withoutMaskSuffix(stem)]);
}

/** The stems that the photo may have where a mask is one of several objects: `stem_n`, `stem-class-n`. */
export function photoStemsOfInstance(stem: string): string[] {
  const cut = photoStems(stem).flatMap((name) => instanceSuffixes.map((suffix) => name.replace(suffix, "")));
  const own = photoStems(stem);
  return distinct(cut.flatMap(photoStems)).filter((name) => !own.includes(name));
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => name !== "");
}

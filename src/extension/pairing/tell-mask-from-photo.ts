/** Which of two files is the mask, by their names. */
import { basename, dirname, extname } from "node:path";

/** A mask and its photo, absolute paths. */
export interface MaskAndPhoto {
  readonly mask: string;
  readonly photo: string;
}

const maskName = /[-_.](mask|masks|seg|segmentation|coarse|label|labels|gt|pred|matte)$/i;
const maskFolder = /mask|label|annotation|segment|coarse|trimap|^gt/i;

/** Tells mask from photo, or `undefined` where the names do not say. */
export function tellMaskFromPhoto(a: string, b: string): MaskAndPhoto | undefined {
  for (const sign of [isDocument, isNamedMask, isLossless, liesWithMasks]) {
    const [first, second] = [sign(a), sign(b)];
    // A sign that both carry says nothing.
    if (first !== second) return first ? { mask: a, photo: b } : { mask: b, photo: a };
  }
  return undefined;
}

function isDocument(path: string): boolean {
  return [".npy", ".json", ".xml", ".txt"].includes(ending(path));
}

function isNamedMask(path: string): boolean {
  return maskName.test(basename(path, extname(path)));
}

/** Lossless pictures hold masks rather than photos, where the other one is not lossless. */
function isLossless(path: string): boolean {
  return ending(path) === ".png";
}

function liesWithMasks(path: string): boolean {
  return maskFolder.test(basename(dirname(path)));
}

function ending(path: string): string {
  return extname(path).toLowerCase();
}

/** Whether a file's name or folder says that it is a mask. */
export function looksLikeMask(path: string): boolean {
  return isNamedMask(path) || liesWithMasks(path);
}

/** Whether a file can be a photo by its ending. */
export function isPicture(path: string): boolean {
  return [".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".avif"].includes(ending(path));
}

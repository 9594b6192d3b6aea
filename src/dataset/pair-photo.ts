/** Finding the photo that belongs to a mask. */
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { InputError } from "../core/errors.ts";

const EXTENSIONS = [".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".avif"];
const SIBLINGS = ["images", "img", "JPEGImages", "photos"];
const SUFFIX = /_(mask|seg|segmentation|coarse)$/i;

/**
 * The photo of a mask: the one picture with the mask's name, or with that name less a trailing `_mask`, `_seg`,
 * `_segmentation` or `_coarse`, in the mask's folder or in `images`, `img`, `JPEGImages` or `photos` beside it.
 *
 * @throws {InputError} when there is no mask, no photo, or more than one that fits: it never guesses
 * @example
 * ```ts
 * import { pairPhoto } from "samrefiner";
 * // VOC2012/SegmentationClass/2007_000032.png → VOC2012/JPEGImages/2007_000032.jpg
 * const photo = await pairPhoto("VOC2012/SegmentationClass/2007_000032.png").catch(() => undefined);
 * ```
 */
export async function pairPhoto(mask: string): Promise<string> {
  if ((await stat(mask).catch(() => undefined)) === undefined)
    throw new InputError(`${mask} cannot be read (no such file): expected a mask file`);
  const stems = stemsOf(mask);
  const lists = await Promise.all(foldersOf(mask).map((folder) => photosIn(folder, stems)));
  const found = lists.flat().filter((path) => resolve(path) !== resolve(mask));
  if (found.length === 1) return found[0]!;
  if (found.length > 1) {
    throw new InputError(`${mask} has ${found.length} photos that fit (${found.join(", ")}): expected one`);
  }
  const names = `${stems.join(" or ")} (${EXTENSIONS.map((extension) => extension.slice(1)).join(", ")})`;
  throw new InputError(
    `${mask} has no photo: looked for ${names} in ${dirname(mask)} and in ${SIBLINGS.join(", ")} beside that folder`,
  );
}

/** File systems differ in how they compose letters; names are compared in one form. */
function stemsOf(mask: string): string[] {
  const stem = basename(mask, extname(mask)).normalize("NFC");
  return [...new Set([stem, stem.replace(SUFFIX, "")])].filter((name) => name !== "");
}

/** Each folder once, also where the mask itself lies in one of the siblings. */
function foldersOf(mask: string): string[] {
  const own = dirname(mask);
  const siblings = SIBLINGS.map((name) => join(own, "..", name));
  const different = siblings.filter((folder) => resolve(folder) !== resolve(own));
  return [own, ...different];
}

async function photosIn(folder: string, stems: readonly string[]): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const fits = (name: string): boolean =>
    EXTENSIONS.includes(extname(name).toLowerCase()) &&
    stems.includes(basename(name, extname(name)).normalize("NFC"));
  return names
    .filter(fits)
    .sort()
    .map((name) => join(folder, name));
}

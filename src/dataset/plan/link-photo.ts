/** Finding the photo that an annotation file links. */
import { basename, dirname, isAbsolute, join, resolve, win32 } from "node:path";
import { InputError } from "../../core/errors.ts";
import { findPhoto, type ImagesPlace, type PhotoSearch, severalPhotos, tailsOf } from "./find-photo.ts";
import type { Folders } from "./folders.ts";
import { isInside } from "./inside.ts";
import { fileStem, isPhotoFolder } from "./names.ts";

/** A link in an annotation file. */
export interface PhotoLink {
  /** Absolute path of the annotation file. */
  readonly file: string;
  /** As the file writes it, `/` between folders; `undefined` where only names pair. */
  readonly link: string | undefined;
  /** Whether this is the file's only photo: then it may be found by the file's own name. */
  readonly alone: boolean;
  /** Absolute folder that no link may leave. */
  readonly within: string;
}

/**
 * The photo of a link: among the photos that the user named; else where the link leads from the file's folder;
 * else the one that it leads to from the root, from a folder of photos, or from the folder of its part of the
 * dataset, such as `val2017` for `instances_val2017.json`; else, for a file of one photo, as the photo of a mask.
 *
 * @throws {InputError} when the link leaves the dataset, or leads to no photo or to several
 */
export async function linkPhoto(link: PhotoLink, search: PhotoSearch): Promise<string> {
  if (link.link === undefined) return photoByName(link, search);
  if (search.images !== undefined) return photoAmong(link, link.link, search.images, search);
  const exact = resolveLink(link, link.link, search);
  if (await isListed(exact, search.folders)) return exact;
  const bases = isAbsolute(link.link) ? [] : await basesOf(link, search);
  const found = await existing(
    bases.map((base) => join(base, link.link!)),
    link.within,
    search.folders,
  );
  if (found.length === 1) return found[0]!;
  if (found.length > 1) throw severalPhotos(label(link, search), found.map(search.show));
  if (link.alone) return photoByName(link, search);
  const looked = [dirname(exact), ...bases].map(search.show);
  throw new InputError(
    `${label(link, search)} is missing: looked for ${link.link} in ${[...new Set(looked)].join(", ")}`,
  );
}

/** What messages call a photo of an annotation file. */
function label({ file, link }: PhotoLink, { show }: PhotoSearch): string {
  return `${show(file)}: its photo ${link}`;
}

async function photoByName(link: PhotoLink, search: PhotoSearch): Promise<string> {
  if (link.alone) return findPhoto(link.file, search);
  throw new InputError(
    `${search.show(link.file)} has several photos but names no file for this one: expected a file name`,
  );
}

/** Links that start at a disk are foreign unless they lead into the dataset. */
function resolveLink({ file, within }: PhotoLink, link: string, { show }: PhotoSearch): string {
  const path = resolve(dirname(file), link);
  const foreign = win32.isAbsolute(link) && !isAbsolute(link);
  if (!foreign && isInside(path, within)) return path;
  throw new InputError(
    `${show(file)} links ${link}, which leaves the dataset ${show(within)}: expected a photo inside, or the folder of the photos (images)`,
  );
}

async function photoAmong(
  link: PhotoLink,
  text: string,
  images: ImagesPlace,
  search: PhotoSearch,
): Promise<string> {
  if (!images.isFolder) {
    if (link.alone) return images.path;
    throw new InputError(
      `${search.show(link.file)} has several photos, but images is the one file ${search.show(images.path)}: expected a folder`,
    );
  }
  const near = tailsOf(text).flatMap((tail) => (tail === "" ? [] : [join(images.path, tail)]));
  const found = await existing(near, images.path, search.folders);
  const below = found.length > 0 ? found : await sameName(text, images);
  if (below.length === 1) return below[0]!;
  if (below.length > 1) throw severalPhotos(label(link, search), below.map(search.show));
  throw new InputError(`${label(link, search)} is missing: looked for it in ${search.show(images.path)}`);
}

async function sameName(link: string, images: ImagesPlace): Promise<string[]> {
  const name = basename(link).normalize("NFC");
  const sameStem = (await images.byStem()).get(fileStem(link)) ?? [];
  return sameStem.filter((path) => basename(path).normalize("NFC") === name);
}

async function existing(paths: readonly string[], within: string, folders: Folders): Promise<string[]> {
  const inside = [...new Set(paths.map((path) => resolve(path)))].filter((path) => isInside(path, within));
  const there = await Promise.all(inside.map((path) => isListed(path, folders)));
  return inside.filter((_, i) => there[i]);
}

async function isListed(path: string, folders: Folders): Promise<boolean> {
  const same = await folders.withStem(dirname(path), [fileStem(path)]);
  return same.some((other) => other.normalize("NFC") === path.normalize("NFC"));
}

/** Folders that photos are often counted from, other than the annotation file's own. */
async function basesOf({ file, within }: PhotoLink, { folders, root }: PhotoSearch): Promise<string[]> {
  const own = dirname(file);
  const above = dirname(own);
  const parts = fileStem(file).split(/[_.\s]+/);
  const isPart = (name: string): boolean => parts.includes(name.normalize("NFC"));
  const found: string[] = [above, root];
  for (const folder of [own, above]) {
    for (const name of (await folders.look(folder)).folders) {
      if (isPart(name)) found.push(join(folder, name));
      if (isPhotoFolder(name)) found.push(join(folder, name), ...(await inner(join(folder, name), isPart)));
    }
  }
  return [...new Set(found)].filter((folder) => folder !== own && isInside(folder, within));

  async function inner(folder: string, wanted: (name: string) => boolean): Promise<string[]> {
    return (await folders.look(folder)).folders.filter(wanted).map((name) => join(folder, name));
  }
}

/** Pairing: the photo that belongs to a mask, found in one order everywhere, never guessed. */
import { stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { InputError } from "../../core/errors.ts";
import type { FileHeads } from "./file-heads.ts";
import type { Folders } from "./folders.ts";
import {
  fileExtension,
  fileStem,
  isMaskFolder,
  isPicture,
  photoExtensions,
  photoFolders,
  photoFoldersFor,
  photoStems,
  photoStemsOfInstance,
} from "./names.ts";
import { type PairingTemplate, parsePairingTemplate } from "./pairing-template.ts";
import { placePhoto } from "./place-photo.ts";
import { roleByName } from "./tell-files.ts";
import { walkFiles } from "./walk-files.ts";

/** Where photos are looked for. */
export interface PhotoSearch {
  readonly folders: Folders;
  readonly heads: FileHeads;
  /** Absolute folder of the dataset. */
  readonly root: string;
  /** A photo, or a folder of photos: looked for there and nowhere else. */
  readonly images?: ImagesPlace | undefined;
  /** Tried in this order, before those of known layouts. */
  readonly templates: readonly PairingTemplate[];
  /** How messages write an absolute path. */
  readonly show: (path: string) => string;
}

/** Photos that the user named. */
export interface ImagesPlace {
  /** Absolute. */
  readonly path: string;
  readonly isFolder: boolean;
  /** All pictures below the folder by their stem, walked once. */
  byStem(): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** Layouts in which the photo's name or folder follows other rules than the mask's stem. */
const layoutTemplates: readonly PairingTemplate[] = [
  "{fine}/{split}/{city}/{name}_gtFine_{kind}.{ext} -> leftImg8bit/{split}/{city}/{name}_leftImg8bit.{ext}",
  "{fine}/{split}/{city}/{name}_gtCoarse_{kind}.{ext} -> leftImg8bit/{split}/{city}/{name}_leftImg8bit.{ext}",
  "{name}_gtFine_{kind}.{ext} -> {name}_leftImg8bit.{ext}",
  "{name}_gtCoarse_{kind}.{ext} -> {name}_leftImg8bit.{ext}",
].map(parsePairingTemplate);

/** A place that was looked into. */
interface Step {
  /** What messages call it, as the object of "looked for". */
  readonly looked: string;
  readonly find: () => Promise<readonly string[]>;
}

/**
 * The photo of a mask, or of an annotation file that names none: the photo the user named; else the first that a
 * template puts somewhere; else that of the known layouts; else the picture with the mask's stem, with or without
 * `_mask`, `_seg`, `_segmentation`, `_coarse`, in the mask's folder or a folder of photos beside it or beside a folder
 * of masks above it; else the same with the stem less `_n` or `-class-n`.
 *
 * @param mask absolute path
 * @throws {InputError} when there is none, listing what was looked for, or several, listing them
 */
export async function findPhoto(mask: string, search: PhotoSearch): Promise<string> {
  const looked: string[] = [];
  for (const step of stepsFor(mask, search)) {
    const found = await others(mask, await step.find(), search.folders);
    if (found.length === 1) return found[0]!;
    if (found.length > 1) throw severalPhotos(search.show(mask), found.map(search.show));
    if (step.looked !== "") looked.push(step.looked);
  }
  throw new InputError(`${search.show(mask)} has no photo: looked for ${looked.join("; ")}`);
}

/** The refusal of a mask with several photos. */
export function severalPhotos(mask: string, photos: readonly string[]): InputError {
  return new InputError(`${mask} has ${photos.length} photos that fit (${photos.join(", ")}): expected one`);
}

/** Each file once, and never the mask itself, whatever it is called. */
async function others(mask: string, found: readonly string[], folders: Folders): Promise<string[]> {
  if (found.length === 0) return [];
  const self = await folders.realPath(mask);
  const files = await Promise.all(found.map((path) => folders.realPath(path)));
  return found.filter((_, i) => files[i] !== self && files.indexOf(files[i]!) === i);
}

function stepsFor(mask: string, search: PhotoSearch): Step[] {
  const { images, templates } = search;
  if (images !== undefined) return imagesSteps(mask, images, search);
  return [
    ...templates.map((template) => templateStep(mask, [template], search)),
    templateStep(mask, layoutTemplates, search),
    stemStep(mask, photoStems(fileStem(mask)), search),
    instanceStep(mask, search),
  ];
}

function imagesSteps(mask: string, images: ImagesPlace, search: PhotoSearch): Step[] {
  if (!images.isFolder) return [{ looked: search.show(images.path), find: async () => [images.path] }];
  const { folders, root } = search;
  const places = tailsOf(relative(root, dirname(mask))).map((tail) => join(images.path, tail));
  const within = (stems: readonly string[], looked: string): Step => ({
    looked,
    find: async () => {
      const near = await picturesIn(places, stems, folders);
      if (near.length > 0) return near;
      const below = await images.byStem();
      return stems.flatMap((each) => below.get(each) ?? []);
    },
  });
  const stem = fileStem(mask);
  const place = `${namesList(photoStems(stem))} in ${search.show(images.path)}`;
  return [
    ...[...search.templates, ...layoutTemplates].map((template) => renamedStep(mask, template, within)),
    within(photoStems(stem), place),
    within([...photoStemsOfInstance(stem), ...folderStems(mask)], ""),
  ];
}

/** Of a template only the photo's name counts where the user named the folder. */
function renamedStep(
  mask: string,
  template: PairingTemplate,
  within: (stems: readonly string[], looked: string) => Step,
): Step {
  const place = placePhoto(template, mask, dirname(mask));
  if (place === undefined) return { looked: "", find: async () => [] };
  return within([place.anyExtension ? place.name : fileStem(place.name)], "");
}

/** `a/b`, `b`, and nothing: where below another folder a path may be repeated. */
export function tailsOf(path: string): string[] {
  const names = path.split(/[\\/]/).filter((name) => name !== "" && name !== "." && name !== "..");
  return [...names.map((_, i) => names.slice(i).join("/")), ""];
}

async function picturesIn(
  places: readonly string[],
  stems: readonly string[],
  folders: Folders,
): Promise<string[]> {
  const lists = await Promise.all(places.map((place) => folders.withStem(place, stems)));
  return lists.flat().filter(isPicture);
}

function templateStep(mask: string, templates: readonly PairingTemplate[], search: PhotoSearch): Step {
  const places = templates.flatMap((template) => placePhoto(template, mask, search.root) ?? []);
  const looked = places.map(({ folder, name, anyExtension }) =>
    search.show(join(folder, anyExtension ? `${name}.*` : name)),
  );
  const find = async (): Promise<string[]> => {
    const lists = places.map(async ({ folder, name, anyExtension }) => {
      if (anyExtension) return picturesIn([folder], [name], search.folders);
      return (await isFile(join(folder, name))) ? [join(folder, name)] : [];
    });
    return (await Promise.all(lists)).flat();
  };
  return { looked: looked.join(", "), find };
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** Pictures that no more than their name makes a photo: other masks of the photo have that name, too. */
async function photosIn(
  places: readonly string[],
  stems: readonly string[],
  { folders, heads, root }: PhotoSearch,
): Promise<string[]> {
  const found = await picturesIn(places, stems, folders);
  const kept = await Promise.all(
    found.map(async (path) => {
      const byName = fileExtension(path) === ".png" && roleByName(path, root) === "mask";
      return !byName || (await heads.kind(path)) === "colour";
    }),
  );
  return found.filter((_, i) => kept[i]);
}

function stemStep(mask: string, stems: readonly string[], search: PhotoSearch): Step {
  const { folders, show } = search;
  const beside = `${show(dirname(mask))} and in ${photoFolders.join(", ")} beside that folder`;
  return {
    looked: `${namesList(stems)} in ${beside}`,
    find: async () => photosIn(await foldersOf(mask, folders), stems, search),
  };
}

function instanceStep(mask: string, search: PhotoSearch): Step {
  const { folders } = search;
  const stems = photoStemsOfInstance(fileStem(mask));
  const find = async (): Promise<string[]> => {
    const found = await photosIn(await foldersOf(mask, folders), stems, search);
    if (found.length > 0) return found;
    const [own, above] = folderStems(mask);
    const outside = await photosIn(await foldersOf(dirname(mask), folders), [own], search);
    const beside = isMaskFolder(own) ? await photosIn(await foldersOf(mask, folders), [above], search) : [];
    return [...outside, ...beside];
  };
  return { looked: stems.length > 0 ? `${stems.join(" or ")} there` : "", find };
}

/** A folder per photo, `masks/photo/1.png` or `photo/masks/1.png`: a folder has the photo's name. */
function folderStems(mask: string): [own: string, above: string] {
  const own = dirname(mask);
  return [basename(own).normalize("NFC"), basename(dirname(own)).normalize("NFC")];
}

function namesList(stems: readonly string[]): string {
  return `${stems.join(" or ")} (${photoExtensions.map((extension) => extension.slice(1)).join(", ")})`;
}

/** The folder of a mask, those of photos beside it, and those beside a folder of masks above it. */
async function foldersOf(mask: string, folders: Folders): Promise<string[]> {
  const own = dirname(mask);
  const found = [own, ...(await photoFoldersIn(dirname(own), photoFoldersFor(basename(own)), folders))];
  const below = own.split(sep);
  // Three levels, as in labels/train/left: further up, a name says nothing about the dataset.
  for (let cut = below.length - 1; cut > Math.max(1, below.length - 4); cut--) {
    const name = below[cut]!;
    if (cut === below.length - 1 || !isMaskFolder(name)) continue;
    const above = below.slice(0, cut).join(sep) || sep;
    const beside = await photoFoldersIn(above, photoFoldersFor(name), folders);
    found.push(...beside.map((folder) => join(folder, ...below.slice(cut + 1))));
  }
  return [...new Set(found)];
}

/** Folders of photos in a folder, whatever the case of their names. */
async function photoFoldersIn(folder: string, names: readonly string[], folders: Folders): Promise<string[]> {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const content = await folders.look(folder);
  return content.folders.filter((name) => wanted.has(name.toLowerCase())).map((name) => join(folder, name));
}

/**
 * A photo or folder of photos that the user named.
 *
 * @throws {InputError} when there is none
 */
export async function imagesPlace(images: string, folders: Folders): Promise<ImagesPlace> {
  const path = resolve(images);
  const found = await stat(path).catch((cause: unknown) => {
    const why =
      (cause as NodeJS.ErrnoException).code === "ENOENT" ? "no such file" : (cause as Error).message;
    throw new InputError(`${images} cannot be read (${why}): expected a photo or a folder of photos`, {
      cause,
    });
  });
  let index: Promise<Map<string, string[]>> | undefined;
  return {
    path,
    isFolder: found.isDirectory(),
    byStem: () => (index ??= picturesByStem(path, folders)),
  };
}

async function picturesByStem(folder: string, folders: Folders): Promise<Map<string, string[]>> {
  const index = new Map<string, string[]>();
  for await (const path of walkFiles(folder, folders, { onUnreadable: () => {} })) {
    if (!isPicture(path)) continue;
    const stem = fileStem(path);
    index.set(stem, [...(index.get(stem) ?? []), path]);
  }
  return index;
}

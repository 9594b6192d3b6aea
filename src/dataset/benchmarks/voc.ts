/** PASCAL VOC 2012 with pseudo masks. */
import { join } from "node:path";
import { InputError, OptionError } from "../../core/errors.ts";
import type { BenchmarkData, BenchmarkItem, OpenBenchmark } from "./benchmark-data.ts";
import { type Listing, listFolder } from "./list-folder.ts";
import { pairReader } from "./read-pair.ts";

const EXPECTED = "VOC 2012 as published: JPEGImages/<id>.jpg and SegmentationClass/<id>.png";

/**
 * Finds the pseudo masks that a photo and a ground truth belong to.
 *
 * @throws {InputError} when there are none
 * @throws {OptionError} without the folder of pseudo masks
 */
export async function openVoc({ root, coarse, truth, images }: BenchmarkData): Promise<OpenBenchmark> {
  if (coarse === undefined)
    throw new OptionError(
      "The coarse masks of VOC are not named: expected a folder of pseudo masks <id>.png",
    );
  const photoFolder = images ?? join(root, "JPEGImages");
  const photos = await listFolder(photoFolder, EXPECTED);
  const wanted = await truthFolder(root, truth);
  const masks = await listFolder(coarse, "pseudo masks <id>.png");
  const items: BenchmarkItem[] = [];
  const problems: string[] = [];
  for (const name of masks.files) {
    if (!name.endsWith(".png")) continue;
    const id = name.slice(0, -".png".length);
    const photo = `${id}.jpg`;
    const lacks = !photos.files.has(photo)
      ? "photo"
      : !wanted.listing.files.has(name)
        ? "ground truth"
        : undefined;
    if (lacks !== undefined) {
      problems.push(
        `${join(coarse, name)} has no ${lacks} in ${lacks === "photo" ? photoFolder : wanted.path}: it is left out`,
      );
      continue;
    }
    items.push({
      id,
      kind: "semantic",
      source: "voc",
      image: join(photoFolder, photo),
      readMasks: pairReader(join(coarse, name), join(wanted.path, name), {
        encoding: "labels",
        ignoreLabel: 255,
      }),
    });
  }
  if (items.length > 0) return { items, problems, pooled: { background: true } };
  throw new InputError(`${coarse} holds no pseudo mask of a photo in ${photoFolder}: expected <id>.png`);
}

/** Weakly supervised work is measured on the augmented set. */
async function truthFolder(
  root: string,
  truth: string | undefined,
): Promise<{ path: string; listing: Listing }> {
  if (truth !== undefined) return { path: truth, listing: await listFolder(truth, "<id>.png") };
  const { folders } = await listFolder(root, EXPECTED);
  const name = folders.includes("SegmentationClassAug") ? "SegmentationClassAug" : "SegmentationClass";
  const path = join(root, name);
  return { path, listing: await listFolder(path, EXPECTED) };
}

/** Finding the photo that belongs to a mask. */
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { InputError } from "../core/errors.ts";
import { FileHeads } from "./plan/file-heads.ts";
import { findPhoto } from "./plan/find-photo.ts";
import { Folders } from "./plan/folders.ts";
import { parsePairingTemplate } from "./plan/pairing-template.ts";
import { shownLike } from "./plan/shown-like.ts";

/** How a photo is looked for. */
export interface PairOptions {
  /** Templates that are tried first, see docs/pairing.md. @default [] */
  readonly pairing?: readonly string[];
}

/**
 * The photo of a mask: the one picture with the mask's name, or with that name less a trailing `_mask`, `_seg`,
 * `_segmentation` or `_coarse`, in the mask's folder or in `images`, `img`, `JPEGImages` or `photos` beside it;
 * also in the layouts of docs/pairing.md, and where templates say.
 *
 * @throws {InputError} when there is no mask, no photo, or more than one that fits: it never guesses
 * @throws {OptionError} for a template that cannot be understood
 * @example
 * ```ts
 * import { pairPhoto } from "samrefiner";
 * // VOC2012/SegmentationClass/2007_000032.png → VOC2012/JPEGImages/2007_000032.jpg
 * const photo = await pairPhoto("VOC2012/SegmentationClass/2007_000032.png").catch(() => undefined);
 * ```
 */
export async function pairPhoto(mask: string, { pairing = [] }: PairOptions = {}): Promise<string> {
  const templates = pairing.map(parsePairingTemplate);
  if ((await stat(mask).catch(() => undefined)) === undefined)
    throw new InputError(`${mask} cannot be read (no such file): expected a mask file`);
  const show = shownLike(mask);
  const path = resolve(mask);
  const search = { folders: new Folders(), heads: new FileHeads(), root: dirname(path), templates, show };
  return show(await findPhoto(path, search));
}

import { basename, dirname, resolve } from "node:path";
import { type ColourMap, vocColours } from "../../../formats/mod.ts";
import { Folders } from "../folders.ts";
import { shownLike } from "../shown-like.ts";
import { Labelmaps } from "./labelmaps.ts";

/** Whether a mask's colours are VOC's numbers of instances, whatever its classes are called. */
export function hasInstanceColours(mask: string): boolean {
  return basename(dirname(mask)) === "SegmentationObject";
}

/**
 * What the colours of a mask that is given by itself mean: VOC's numbers for its instances, else what the
 * `labelmap.txt` in its folder or the one above says.
 *
 * @param mask path
 * @throws {InputError} for a labelmap that cannot be read
 */
export async function coloursOfFile(mask: string): Promise<ColourMap | undefined> {
  const path = resolve(mask);
  if (hasInstanceColours(path)) return vocColours();
  return new Labelmaps(new Folders(), dirname(dirname(path)), shownLike(mask)).of(path);
}

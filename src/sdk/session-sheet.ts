/** An open session as a picture. */
import { basename } from "node:path";
import type { LabelMap, Mask } from "../core/mask.ts";
import type { RefinementSession } from "../dataset/session/refinement-session.ts";
import { comparePNG, NOTEBOOK_PANEL } from "./sheets.ts";

/** Photo, coarse, refined and difference of all regions, each in a colour of its own, as PNG. */
export function sessionSheet({
  width,
  height,
  photo,
  regions,
  path,
}: RefinementSession): Promise<Uint8Array> {
  const sheet = {
    photo: { width, height, data: new Uint8Array(photo.data) },
    coarse: numbered(
      regions.map(({ coarse }) => coarse),
      width,
      height,
    ),
    refined: numbered(
      regions.map(({ refined }) => refined),
      width,
      height,
    ),
    title: basename(path),
  };
  const changed = regions.filter(({ verdict }) => verdict === "refined").length;
  const caption = [`${changed} of ${regions.length} regions refined`];
  return comparePNG(sheet, caption, undefined, NOTEBOOK_PANEL);
}

/** One map of all masks; of a pixel in several the last one has it. */
function numbered(masks: readonly Mask[], width: number, height: number): LabelMap {
  const data = new Uint16Array(width * height);
  for (const [index, mask] of masks.entries())
    for (let i = 0; i < data.length; i++) if (mask.data[i] === 1) data[i] = index + 1;
  return { width, height, data };
}

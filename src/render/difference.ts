import type { LabelMap } from "../core/mask.ts";
import { blend } from "./blend.ts";
import { changeShares } from "./changes.ts";
import type { Colour } from "./colour.ts";
import { dim } from "./dim.ts";
import type { Picture } from "./picture.ts";
import { assertSameSize } from "./same-size.ts";
import { COARSE, REFINED, RELABELLED } from "./theme.ts";

/** Colours of added, removed and relabelled pixels. Blue and orange stay apart for the colour-blind. */
export const CHANGE_COLOURS: readonly [added: Colour, removed: Colour, relabelled: Colour] = [
  REFINED,
  COARSE,
  RELABELLED,
];

/** Opacity of the smallest change: a single pixel of a large photo stays visible in a small picture. */
const LEAST_OPACITY = 0.45;

/**
 * What changed between two label maps, over the photo in dim gray. The maps are scaled to the photo's size.
 *
 * @throws RangeError if the maps differ in size
 */
export function difference(photo: Picture, before: LabelMap, after: LabelMap): Picture {
  assertSameSize("The label map before", before, "the one after", after);
  const picture = dim(photo);
  const shares = changeShares(before, after, photo);
  const pixels = photo.width * photo.height;
  for (const [i, share] of shares.entries()) {
    if (share === 0) continue;
    const colour = CHANGE_COLOURS[Math.floor(i / pixels)]!;
    blend(picture, i % pixels, colour, LEAST_OPACITY + (0.95 - LEAST_OPACITY) * share);
  }
  return picture;
}

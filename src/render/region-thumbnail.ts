import type { Box, LabelMap } from "../core/mask.ts";
import { drawContour } from "./contour.ts";
import { type Pixels, photoPicture } from "./photo-picture.ts";
import type { Picture } from "./picture.ts";
import { regionBox } from "./region-box.ts";
import { assertSameSize } from "./same-size.ts";
import { COARSE, REFINED } from "./theme.ts";
import { fitView, viewLabels, viewPicture } from "./view.ts";

/** Pixels of a thumbnail's sides. */
const CELL = { width: 320, height: 240 };

/**
 * A region of the photo with its surroundings, the coarse outline below the refined one; at most 320 × 240 pixels.
 *
 * @param box of the region on the photo, both ends inclusive
 * @throws RangeError if the sizes differ
 */
export function regionThumbnail(photo: Pixels, coarse: LabelMap, refined: LabelMap, box: Box): Picture {
  assertSameSize("The coarse mask", coarse, "the photo", photo);
  assertSameSize("The refined mask", refined, "the photo", photo);
  const view = fitView(regionBox({ box, iterations: [] }, photo, CELL), CELL);
  const picture = viewPicture(photoPicture(photo), view);
  drawContour(picture, viewLabels(coarse, view), { colour: COARSE, thickness: 2, ignoreLabel: null });
  drawContour(picture, viewLabels(refined, view), { colour: REFINED, thickness: 2, ignoreLabel: null });
  return picture;
}

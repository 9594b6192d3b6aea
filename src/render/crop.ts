import type { Box } from "../core/mask.ts";
import { blit } from "./blit.ts";
import { createPicture, type Picture } from "./picture.ts";

/**
 * The part of a picture inside a box (both ends inclusive); what lies outside the picture is transparent.
 *
 * @throws RangeError if the box is empty
 */
export function crop(picture: Picture, [x0, y0, x1, y1]: Box): Picture {
  const part = createPicture(x1 - x0 + 1, y1 - y0 + 1);
  blit(part, picture, -x0, -y0);
  return part;
}

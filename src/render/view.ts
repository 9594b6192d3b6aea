import type { Box, LabelMap, Point } from "../core/mask.ts";
import { crop } from "./crop.ts";
import { cropLabels } from "./crop-labels.ts";
import type { Picture } from "./picture.ts";
import { resize } from "./resize.ts";
import { resizeLabels } from "./resize-labels.ts";
import type { Sized } from "./same-size.ts";
import type { Edges, Place } from "./shapes.ts";

/** A part of the photo and the size at which it is shown. */
export interface View extends Sized {
  /** Part of the photo, both ends inclusive, within the photo. */
  readonly box: Box;
}

/** The largest view of a box that fits the limits; a part smaller than them is enlarged, by whole pixels if asked. */
export function fitView(box: Box, limits: Sized, wholePixels = false): View {
  const width = box[2] - box[0] + 1;
  const height = box[3] - box[1] + 1;
  const most = Math.min(limits.width / width, limits.height / height);
  const scale = wholePixels && most > 1 ? Math.floor(most) : most;
  return { box, width: side(width * scale, limits.width), height: side(height * scale, limits.height) };
}

function side(length: number, limit: number): number {
  return Math.max(1, Math.min(limit, Math.round(length)));
}

/** What a view shows of the photo. */
export function viewPicture(photo: Picture, { box, width, height }: View): Picture {
  return resize(crop(photo, box), width, height);
}

/** What a view shows of a label map of the photo's size. */
export function viewLabels(labels: LabelMap, { box, width, height }: View): LabelMap {
  return resizeLabels(cropLabels(labels, box), width, height);
}

/** Where the centre of a photo pixel lies in a view. */
export function viewPlace({ x, y }: Point, view: View): Place {
  const [left, top] = viewEdges([x, y, x, y], view);
  const [scaleX, scaleY] = viewScale(view);
  return { x: left + scaleX / 2, y: top + scaleY / 2 };
}

/** Where the outer edges of a box (both ends inclusive) lie in a view. */
export function viewEdges([x0, y0, x1, y1]: Box, view: View): Edges {
  const [scaleX, scaleY] = viewScale(view);
  const [left, top] = view.box;
  return [(x0 - left) * scaleX, (y0 - top) * scaleY, (x1 + 1 - left) * scaleX, (y1 + 1 - top) * scaleY];
}

/** View pixels per photo pixel in x and y. */
export function viewScale({ box, width, height }: View): [x: number, y: number] {
  return [width / (box[2] - box[0] + 1), height / (box[3] - box[1] + 1)];
}

import type { Box, LabelMap } from "../core/mask.ts";
import { emptyLike } from "./resize-labels.ts";

/** The part of a label map inside a box (both ends inclusive) that lies within the map. */
export function cropLabels(labels: LabelMap, [x0, y0, x1, y1]: Box): LabelMap {
  const width = x1 - x0 + 1;
  const height = y1 - y0 + 1;
  const data = emptyLike(labels, width * height);
  for (let y = 0; y < height; y++) {
    const from = (y0 + y) * labels.width + x0;
    data.set(labels.data.subarray(from, from + width), y * width);
  }
  return { width, height, data };
}

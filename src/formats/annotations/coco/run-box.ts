import type { RunLengthMask } from "../../../core/run-length.ts";

/** `[x, y, width, height]` around the foreground in pixels, as pycocotools gives it; all 0 without foreground. */
export function runBox({
  height,
  counts,
}: RunLengthMask): [x: number, y: number, width: number, height: number] {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, height, -1, -1];
  let position = 0;
  for (let k = 0; k < counts.length; position += counts[k]!, k++) {
    if (k % 2 === 0 || counts[k] === 0) continue;
    const last = position + counts[k]! - 1;
    const column = Math.floor(last / height);
    left = Math.min(left, Math.floor(position / height));
    right = column;
    // A run over the end of a column has pixels in its last row and in the next one's first.
    const wraps = Math.floor(position / height) < column;
    top = Math.min(top, wraps ? 0 : position % height);
    bottom = Math.max(bottom, wraps ? height - 1 : last % height);
  }
  return right < 0 ? [0, 0, 0, 0] : [left, top, right - left + 1, bottom - top + 1];
}

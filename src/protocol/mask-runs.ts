/** Masks as runs, small enough to send. */
import { type Mask, maskBox } from "../core/mask.ts";
import type { MaskRuns } from "./views.ts";

/** The runs of a mask inside its box. */
export function runsOf(mask: Mask): MaskRuns {
  const { width, data } = mask;
  const box = maskBox(mask);
  if (box === undefined) return { box: undefined, runs: new Uint32Array(0) };
  const [x0, y0, x1, y1] = box;
  const runs: number[] = [];
  let value = 0;
  let length = 0;
  for (let y = y0; y <= y1; y++) {
    for (let i = y * width + x0; i <= y * width + x1; i++) {
      if (data[i] !== value) {
        runs.push(length);
        length = 0;
        value = 1 - value;
      }
      length++;
    }
  }
  runs.push(length);
  return { box, runs: Uint32Array.from(runs) };
}

/** Calls `fill(start, end, y)` for every horizontal stretch of foreground: x from `start` up to, not including, `end`. */
export function eachStretch(
  { box, runs }: MaskRuns,
  fill: (start: number, end: number, y: number) => void,
): void {
  if (box === undefined) return;
  const [x0, y0, x1] = box;
  const width = x1 - x0 + 1;
  let position = 0;
  for (let r = 0; r < runs.length; r++) {
    const end = position + runs[r]!;
    for (let from = position; r % 2 === 1 && from < end; ) {
      const row = Math.floor(from / width);
      const to = Math.min(end, (row + 1) * width);
      fill(x0 + from - row * width, x0 + to - row * width, y0 + row);
      from = to;
    }
    position = end;
  }
}

/** Writes `value` where the mask is: `data` is `[height, width]`, row-major. */
export function fillRuns(mask: MaskRuns, data: Uint8Array, width: number, value = 1): void {
  eachStretch(mask, (start, end, y) => data.fill(value, y * width + start, y * width + end));
}

/** The boundary of a mask held as runs; only the box around the object is decoded. */
import type { Box } from "../mask.ts";
import type { RunLengthMask } from "../run-length.ts";
import { boundaryBand } from "./boundary-iou.ts";

/** The pixels of a mask within `d` pixels of its contour, see {@link boundaryIoU}. */
export function runBoundary(runs: RunLengthMask, d: number): RunLengthMask {
  const box = runBox(runs);
  if (box === undefined) return runs;
  const [x0, y0, x1, y1] = box;
  const [columns, rows] = [x1 - x0 + 1, y1 - y0 + 1];
  // Runs go down the columns: laid out like that, the box is a mask with its axes swapped, whose boundary is the same.
  const data = new Uint8Array(columns * rows);
  forEachStretch(runs, (x, from, to) => data.fill(1, (x - x0) * rows + from - y0, (x - x0) * rows + to - y0));
  const band = boundaryBand({ width: rows, height: columns, data }, [0, 0, rows - 1, columns - 1], d);
  return runsOfColumns(band.data, box, runs);
}

/** Tight box of the foreground (both ends inclusive), or `undefined` for an empty mask. */
function runBox(runs: RunLengthMask): Box | undefined {
  let [x0, y0, x1, y1] = [runs.width, runs.height, -1, -1];
  forEachStretch(runs, (x, from, to) => {
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x);
    y0 = Math.min(y0, from);
    y1 = Math.max(y1, to - 1);
  });
  return x1 < 0 ? undefined : [x0, y0, x1, y1];
}

/** Calls for every stretch of foreground of a column, rows `from` up to but without `to`, from left to right. */
function forEachStretch(
  { height, counts }: RunLengthMask,
  visit: (x: number, from: number, to: number) => void,
): void {
  let position = 0;
  for (let k = 0; k < counts.length; k++) {
    const end = position + counts[k]!;
    while (k % 2 === 1 && position < end) {
      const x = Math.floor(position / height);
      const stop = Math.min(end, (x + 1) * height);
      visit(x, position - x * height, stop - x * height);
      position = stop;
    }
    position = end;
  }
}

/** The runs of a photo that is empty but for a box, `[columns, rows]` column by column. */
function runsOfColumns(
  data: Uint8Array,
  [x0, y0, x1, y1]: Box,
  { width, height }: RunLengthMask,
): RunLengthMask {
  const rows = y1 - y0 + 1;
  const counts: number[] = [];
  // Where the last run ended: up to the next run of foreground all is background.
  let last = 0;
  for (let x = x0; x <= x1; x++) {
    const column = data.subarray((x - x0) * rows, (x - x0 + 1) * rows);
    for (let from = column.indexOf(1); from >= 0; ) {
      const end = column.indexOf(0, from);
      const to = end < 0 ? rows : end;
      const start = x * height + y0 + from;
      if (start === last && counts.length > 0) counts[counts.length - 1]! += to - from;
      else counts.push(start - last, to - from);
      last = x * height + y0 + to;
      from = column.indexOf(1, to);
    }
  }
  if (last < width * height) counts.push(width * height - last);
  return { width, height, counts: Uint32Array.from(counts) };
}

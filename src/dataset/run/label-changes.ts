/** What became of the regions of a mask file, as the journal keeps it. */
import type { Box, LabelMap } from "../../core/mask.ts";
import type { PixelMoves } from "../../engine/pixel-moves.ts";
import { compressCounts } from "../../formats/compressed-counts.ts";
import type { ChangeRecord } from "./journal/records.ts";

/** Most regions that 16 bits tell apart beside none; what lies beyond is not recorded, so that it cannot be reviewed. */
const MOST = 2 ** 16 - 1;

/** The regions that moves are about. */
export interface MovedRegions {
  /** Index of their file among the photo's. */
  readonly target: number;
  /** In the order that the moves count. */
  readonly ids: readonly string[];
  /** Pixels of the map. */
  readonly pixels: number;
  /** Lays values of the photo as displayed as the file's pixels lie. */
  readonly stored: (values: LabelMap["data"]) => LabelMap;
}

/** A record for every region that won or lost pixels. */
export function labelChanges(moves: PixelMoves, regions: MovedRegions): ChangeRecord[] {
  if (moves.pixels.length === 0) return [];
  const { target, ids, stored } = regions;
  const spread = (owners: Int32Array): LabelMap => stored(ownerMap(moves.pixels, owners, regions.pixels));
  const after = spread(moves.to);
  const { width, height } = after;
  const won = runsByValue(after);
  const gone = runsByValue(spread(moves.from));
  return ids.flatMap((region, i) => {
    const gains = won.get(i + 1);
    const losses = gone.get(i + 1);
    if (gains === undefined && losses === undefined) return [];
    return {
      ...{ target, region, size: [height, width] as const },
      counts: compressCounts(gains ?? [width * height]),
      ...(losses === undefined ? {} : { gone: compressCounts(losses) }),
    };
  });
}

/** A map of regions, counted from 1; 0 is none. */
function ownerMap(pixels: Uint32Array, owners: Int32Array, length: number): Uint16Array {
  const map = new Uint16Array(length);
  for (const [i, pixel] of pixels.entries()) if (owners[i]! < MOST) map[pixel] = owners[i]! + 1;
  return map;
}

/** The run lengths of every value but 0, column-major as COCO counts. */
export function runsByValue({ width, height, data }: LabelMap): Map<number, number[]> {
  const runs = new Map<number, { counts: number[]; end: number }>();
  const total = width * height;
  const close = (value: number, from: number, to: number): void => {
    if (value === 0) return;
    const run = runs.get(value) ?? { counts: [], end: 0 };
    run.counts.push(from - run.end, to - from);
    runs.set(value, { counts: run.counts, end: to });
  };
  let value = 0;
  let since = 0;
  const change = (to: number, position: number): void => {
    close(value, since, position);
    value = to;
    since = position;
  };
  const [x0, y0, x1, y1] = filledBox(width, data);
  for (let x = x0; x <= x1; x++) {
    // What lies between two columns of the box is 0.
    if (value !== 0 && y0 > 0) change(0, x * height);
    for (let y = y0, i = y0 * width + x; y <= y1; y++, i += width)
      if (data[i] !== value) change(data[i]!, x * height + y);
    if (value !== 0 && y1 < height - 1) change(0, x * height + y1 + 1);
  }
  if (value !== 0) change(0, (x1 + 1) * height);
  return new Map(
    [...runs].map(([key, { counts, end }]) => [key, end < total ? [...counts, total - end] : counts]),
  );
}

/** The box of all values but 0, both ends inclusive. */
function filledBox(width: number, data: LabelMap["data"]): Box {
  let [x0, y0, x1, y1] = [width, data.length, -1, -1];
  for (let i = 0, y = 0; i < data.length; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (data[i] === 0) continue;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      y1 = y;
    }
  }
  return [x0, y0, x1, y1];
}

/** A mask file's values from its source and the changes of its regions. */

import { InputError } from "../../core/errors.ts";
import type { LabelMap } from "../../core/mask.ts";
import { expandCounts } from "../../formats/compressed-counts.ts";
import type { ChangeRecord } from "./journal/records.ts";

/**
 * The refined values without those of some regions: a pixel is coarse if the region that had it or the one that won it is
 * rejected.
 *
 * @param source as its file lies
 * @param labelOf value of a region in the map
 * @param rejected ids of regions
 * @throws {InputError} when the changes are of another size than the map
 */
export function composeLabels(
  source: LabelMap,
  changes: readonly ChangeRecord[],
  labelOf: (region: string) => number,
  rejected: ReadonlySet<string>,
): LabelMap["data"] {
  const { width, height, data } = source;
  for (const { size } of changes)
    if (size[0] !== height || size[1] !== width)
      throw new InputError(
        `A mask is ${width}×${height} pixels: expected ${size[1]}×${size[0]}, as when it was refined`,
      );
  const stays = new Uint8Array(data.length);
  const out = data.slice();
  const paint = (counts: string | undefined, visit: (pixel: number) => void): void => {
    if (counts !== undefined) eachPixel(counts, source, visit);
  };
  for (const { region, counts, gone } of changes) {
    if (!rejected.has(region)) continue;
    for (const runs of [counts, gone])
      paint(runs, (pixel) => {
        stays[pixel] = 1;
      });
  }
  const write = (counts: string | undefined, value: number): void =>
    paint(counts, (pixel) => {
      if (stays[pixel] === 0) out[pixel] = value;
    });
  // What nobody won is background, so that what is gone comes first.
  for (const { gone } of changes) write(gone, 0);
  for (const { region, counts } of changes) write(counts, labelOf(region));
  return out;
}

/** Runs go down the columns. */
function eachPixel(text: string, { width, height }: LabelMap, visit: (pixel: number) => void): void {
  let position = 0;
  for (const [k, count] of expandCounts(text).entries()) {
    const end = position + count;
    for (; k % 2 === 1 && position < end; position++)
      visit((position % height) * width + Math.floor(position / height));
    position = end;
  }
}

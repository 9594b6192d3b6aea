import { coherence, measureSteps, type Samples } from "./texture.ts";

/** Two values, shades between background and foreground, or ids. */
export type SampleKind = "two values" | "shades" | "ids";

/** More distinct in-between values than a picture usually has classes. */
const many = 64;
/** More than an antialiased edge needs, fewer than `many`. */
const several = 16;

/**
 * Decides what the values of a mask mean.
 *
 * - Palette: indices are ids, except where the palette has at most two colours: two values.
 * - One value, or 0 and one of 1, 255 and full scale: two values.
 * - Shades (antialiased, compressed or soft mask), if one of these holds:
 *   1. Full scale occurs, at least an eighth of the in-between pixels lie in the upper half, and these pixels
 *      are no areas: under half of them have an equal neighbour in row and column. Measured on masks that were
 *      resized, blurred or JPEG-compressed: at most 0.06; on label maps: at least 0.94.
 *   2. As before, but as areas (a resized mask enlarged again): more than 16 in-between values, and full scale
 *      covers more than all of them.
 *   3. More than 64 in-between values that flow: no areas and three quarters of the steps between neighbours
 *      small, or areas and nine tenths of the steps at most 2.
 * - Everything else is ids: thin label maps stay ids because theirs are low or few, instance maps because
 *   steps between instances and background are large.
 *
 * Known to be taken the wrong way, hence the `encoding` option: a three-valued trimap is ids; a soft mask of
 * few values that never reaches full scale is ids; a small antialiased mask enlarged in blocks, more edge than
 * inside, is ids.
 *
 * @param counts - how often each value occurs, `[fullScale + 1]`.
 * @param paletteSize - number of palette entries, `undefined` for gray.
 */
export function classifySamples(
  samples: Samples,
  counts: Uint32Array,
  paletteSize: number | undefined,
): SampleKind {
  const { fullScale } = samples;
  const largest = counts.findLastIndex((count) => count > 0);
  if (paletteSize !== undefined) return paletteSize <= 2 && largest <= 1 ? "two values" : "ids";
  if (isTwoValued(counts, largest, fullScale)) return "two values";
  return isShaded(samples, counts.subarray(1, fullScale), counts[fullScale]!) ? "shades" : "ids";
}

function isTwoValued(counts: Uint32Array, largest: number, fullScale: number): boolean {
  const distinct = distinctValues(counts);
  if (distinct === 1) return true;
  return distinct === 2 && counts[0]! > 0 && [1, 255, fullScale].includes(largest);
}

function isShaded(samples: Samples, between: Uint32Array, full: number): boolean {
  const distinct = distinctValues(between);
  const total = sum(between);
  const upper = sum(between.subarray(samples.fullScale >> 1));
  const areas = coherence(samples) >= 0.5;
  if (full > 0 && upper * 8 >= total && (!areas || (distinct > several && full > total))) return true;
  if (distinct <= many) return false;
  const largest = 1 + between.findLastIndex((count) => count > 0);
  const { tiny, small } = measureSteps(samples, largest);
  return areas ? tiny >= 0.9 : small >= 0.75;
}

function distinctValues(counts: Uint32Array): number {
  return counts.reduce((distinct, count) => distinct + (count > 0 ? 1 : 0), 0);
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}

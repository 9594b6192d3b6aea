/** Coarse masks made from a ground truth, as those of DAVIS-585 (Chen et al., FocalClick, CVPR 2022). */
import type { Photo } from "../lab.ts";
import { countOnes, type Mask } from "../mask.ts";
import { maskIoU } from "../metrics/mask-iou.ts";
import { defectRegion } from "./defect-region.ts";
import { type Random, randomIndex, seededRandom } from "./seeded-random.ts";
import { type Superpixels, slicSuperpixels } from "./slic.ts";

/** Numbers of superpixels that a defect may come from. */
const COMPONENTS = [50, 100, 200, 300, 500, 700] as const;

/** How a mask is damaged. */
export interface DefectOptions {
  /** Another seed gives other defects. @default 0 */
  readonly seed?: number;
  /** IoU with the ground truth that the mask ends in, both ends included. @default [0.75, 0.85] */
  readonly range?: readonly [low: number, high: number];
  /** Most defects before the next try begins. @default 10 */
  readonly defects?: number;
  /** Tries, each from the clean mask. @default 31 */
  readonly tries?: number;
}

/** A damaged mask. */
export interface DefectMask {
  /** The mask with its defects. */
  readonly mask: Mask;
  /** IoU with the ground truth, 0..1. */
  readonly iou: number;
  /** Superpixels that were added or removed. */
  readonly defects: number;
  /** Tries it took, the last one included. */
  readonly tries: number;
}

/**
 * Damages a ground truth until its IoU with itself falls into a range. One defect: a region of the mask (mostly the band
 * along its boundary), a random pixel of it, and the SLIC superpixel there (Lab, compactness 10, 50 to 700 components),
 * which is added where the pixel is background and removed where it is foreground. Below the range, or after ten
 * defects, it begins again.
 *
 * @param truth of the photo's size
 * @returns `undefined` when no try ended in the range, as for masks smaller than superpixels, and for an empty mask
 * @throws {RangeError} when photo and mask differ in size
 * @example
 * ```ts
 * import { simulateDefects } from "samrefiner";
 * const side = 64;
 * const data = Uint8Array.from({ length: side * side }, (_, i) => (i % side < 30 ? 1 : 0));
 * const photo = { width: side, height: side, data: new Uint8Array(side * side * 3) };
 * const damaged = simulateDefects({ width: side, height: side, data }, photo, { seed: 7 });
 * console.log(damaged === undefined || (damaged.iou >= 0.75 && damaged.iou <= 0.85)); // true
 * ```
 */
export function simulateDefects(
  truth: Mask,
  photo: Photo,
  { seed = 0, range = [0.75, 0.85], defects = 10, tries = 31 }: DefectOptions = {},
): DefectMask | undefined {
  if (truth.width !== photo.width || truth.height !== photo.height) {
    throw new RangeError(
      `The mask is ${truth.width}×${truth.height} pixels, the photo ${photo.width}×${photo.height}: expected one size`,
    );
  }
  if (countOnes(truth.data) === 0) return undefined;
  const random = seededRandom(seed);
  const superpixels = cached((components) => slicSuperpixels(photo, { components }));
  for (let tried = 1; tried <= tries; tried++) {
    const found = damage(truth, superpixels, random, range, defects);
    if (found !== undefined) return { ...found, tries: tried };
  }
  return undefined;
}

/** One try. */
function damage(
  truth: Mask,
  superpixels: (components: number) => Superpixels,
  random: Random,
  [low, high]: readonly [number, number],
  most: number,
): Omit<DefectMask, "tries"> | undefined {
  const mask: Mask = { ...truth, data: truth.data.slice() };
  for (let defects = 1; defects <= most; defects++) {
    const region = defectRegion(mask, random);
    const components = COMPONENTS[randomIndex(random, COMPONENTS.length)]!;
    toggle(mask.data, superpixels(components), randomPixel(region, random));
    const iou = maskIoU(mask, truth);
    if (iou < low) return undefined;
    if (iou <= high) return { mask, iou, defects };
  }
  return undefined;
}

/** Adds the superpixel at a background pixel, removes that at a foreground pixel. */
function toggle(data: Uint8Array, { labels }: Superpixels, at: number): void {
  const value = 1 - data[at]!;
  for (let i = 0; i < labels.length; i++) if (labels[i] === labels[at]) data[i] = value;
}

/** A pixel of a region, each as likely as any other. */
function randomPixel(region: Uint8Array, random: Random): number {
  let left = randomIndex(random, countOnes(region));
  let at = region.indexOf(1);
  while (left-- > 0) at = region.indexOf(1, at + 1);
  return at;
}

/** Superpixels are made when they are first asked for: six cuts of a photo serve all its tries. */
function cached<T>(make: (key: number) => T): (key: number) => T {
  const made = new Map<number, T>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

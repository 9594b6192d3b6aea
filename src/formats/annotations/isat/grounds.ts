import { type Mask, maskBox } from "../../../core/mask.ts";
import { decodeRuns, type RunLengthMask } from "../../../core/run-length.ts";
import type { Size } from "../annotation-file.ts";
import { type Extent, extentOf, shareArea } from "../match-parts.ts";
import { uniteParts } from "../region-geometry.ts";
import { background, type IsatObject, type IsatRegion, liesAbove, readPolygon } from "./read-regions.ts";

/** Pixels that are only drawn where their extent does not settle the question. */
interface Area {
  readonly extent: Extent;
  draw(): Mask;
}

/** The photo's objects of the background, and what they have to do with regions that change. */
export interface Grounds {
  /** Those that cut only into regions that change: these bring their own holes. */
  readonly removed: readonly IsatObject[];
  /** The highest layer of an object of the background that would cut into these pixels; `undefined` for none. */
  layerAbove(mask: Mask): number | undefined;
}

/** Sorts out the objects of the background before some regions change. */
export function sortGrounds(
  name: string,
  objects: readonly IsatObject[],
  regions: readonly IsatRegion[],
  accepted: ReadonlyMap<string, RunLengthMask>,
): Grounds {
  const grounds = objects.filter(({ category }) => category === background);
  const [anyMask] = accepted.values();
  if (grounds.length === 0 || anyMask === undefined) return { removed: [], layerAbove: () => undefined };
  const size = { width: anyMask.width, height: anyMask.height };
  const removed = grounds.filter((ground) => {
    const cut = regions.filter(
      (region) => region.label !== background && cutsInto(name, ground, region, size),
    );
    return cut.length > 0 && cut.every(({ id }) => accepted.has(id));
  });
  const kept = grounds.filter((ground) => !removed.includes(ground));
  return {
    removed,
    layerAbove: (mask) => {
      const area = areaOfMask(mask);
      const layers = kept
        .filter((ground) => meet(areaOfObject(name, ground, size), area))
        .map(({ layer }) => layer);
      return layers.length === 0 ? undefined : Math.max(...layers);
    },
  };
}

/** Whether an object of the background covers pixels of a region's polygons below it. */
function cutsInto(name: string, ground: IsatObject, { objects }: IsatRegion, size: Size): boolean {
  const below = objects.filter((object) => liesAbove(ground, object));
  try {
    return below.some((object) => meet(areaOfObject(name, ground, size), areaOfObject(name, object, size)));
  } catch {
    // What cannot be read is left as it is.
    return true;
  }
}

/** Whether a hole covers pixels of other regions as they are after the changes; what cannot be read has none. */
export function holdsOthers(
  name: string,
  hole: readonly number[][],
  { regions, accepted, except }: OtherRegions,
  size: Size,
): boolean {
  const area = areaOfPolygons(hole, size);
  return regions
    .filter((region) => region !== except && region.label !== background)
    .some((region) => {
      try {
        return meet(area, areaOfRegion(name, region, accepted.get(region.id), size));
      } catch {
        return false;
      }
    });
}

/** The regions around one. */
export interface OtherRegions {
  readonly regions: readonly IsatRegion[];
  readonly accepted: ReadonlyMap<string, RunLengthMask>;
  readonly except: IsatRegion;
}

function areaOfRegion(
  name: string,
  region: IsatRegion,
  changed: RunLengthMask | undefined,
  size: Size,
): Area {
  if (changed !== undefined) return areaOfMask(decodeRuns(changed));
  const polygons = region.objects.map((object) => readPolygon(name, object));
  return { extent: extentOf(polygons.flat()), draw: () => region.mask(size) };
}

function areaOfObject(name: string, object: IsatObject, size: Size): Area {
  return areaOfPolygons([readPolygon(name, object)], size);
}

function areaOfPolygons(polygons: readonly number[][], size: Size): Area {
  return { extent: extentOf(polygons.flat()), draw: () => uniteParts(polygons, [], size) };
}

function areaOfMask(mask: Mask): Area {
  const [x0, y0, x1, y1] = maskBox(mask) ?? [0, 0, -1, -1];
  return { extent: [x0, y0, x1 + 1, y1 + 1], draw: () => mask };
}

function meet(a: Area, b: Area): boolean {
  return near(a.extent, b.extent) && overlap(a.draw(), b.draw());
}

/** Whether pixels may be shared; outlines are rounded by less than a pixel. */
function near(a: Extent, [left, top, right, bottom]: Extent): boolean {
  return shareArea(a, [left - 1, top - 1, right + 1, bottom + 1]) > 0;
}

/** Whether two masks of one size share a pixel. */
export function overlap({ data: a }: Mask, { data: b }: Mask): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] === 1 && b[i] === 1) return true;
  return false;
}

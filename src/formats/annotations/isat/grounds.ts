import type { Mask } from "../../../core/mask.ts";
import { decodeRuns, type RunLengthMask } from "../../../core/run-length.ts";
import type { Size } from "../annotation-file.ts";
import { uniteParts } from "../region-geometry.ts";
import { background, type IsatObject, type IsatRegion, liesAbove, readPolygon } from "./read-regions.ts";

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
      const layers = kept
        .filter((ground) => overlap(drawn(name, ground, size), mask))
        .map(({ layer }) => layer);
      return layers.length === 0 ? undefined : Math.max(...layers);
    },
  };
}

/** Whether an object of the background covers pixels of a region's polygons below it. */
function cutsInto(name: string, ground: IsatObject, { objects }: IsatRegion, size: Size): boolean {
  const below = objects.filter((object) => liesAbove(ground, object));
  try {
    return below.some((object) => overlap(drawn(name, ground, size), drawn(name, object, size)));
  } catch {
    // What cannot be read is left as it is.
    return true;
  }
}

function drawn(name: string, object: IsatObject, size: Size): Mask {
  return uniteParts([readPolygon(name, object)], [], size);
}

/** Whether two masks of one size share a pixel. */
export function overlap(a: Mask, b: Mask): boolean {
  return a.data.some((value, i) => value === 1 && b.data[i] === 1);
}

/** Pixels of all regions but one, as they are after the changes; those that cannot be read have none. */
export function pixelsOfOthers(
  regions: readonly IsatRegion[],
  accepted: ReadonlyMap<string, RunLengthMask>,
  except: IsatRegion,
  size: Size,
): Mask {
  const others = regions.filter((region) => region !== except && region.label !== background);
  const masks = others.map((region) => {
    const changed = accepted.get(region.id);
    return changed === undefined ? readable(region, size) : decodeRuns(changed);
  });
  return uniteParts([], masks, size);
}

function readable(region: IsatRegion, size: Size): Mask {
  try {
    return region.mask(size);
  } catch {
    return uniteParts([], [], size);
  }
}

import { runIntersection } from "../../../core/metrics/run-iou.ts";
import { encodeRuns, type RunLengthMask } from "../../../core/run-length.ts";
import { rasterizePolygons } from "../../geometry/rasterize-polygon.ts";
import type { Size } from "../annotation-file.ts";
import { background, type IsatObject, type IsatRegion, liesAbove, readPolygon } from "./read-regions.ts";

/** What lies where on a photo while some of its regions change. Pixels are held as runs, and only once. */
export class Grounds {
  /** Objects of the background that cut only into regions that change: these bring their own holes. */
  readonly removed: readonly IsatObject[];
  readonly #kept: readonly IsatObject[];
  readonly #drawn = new Map<IsatObject, RunLengthMask>();
  readonly #name: string;
  readonly #regions: readonly IsatRegion[];
  readonly #accepted: ReadonlyMap<string, RunLengthMask>;
  readonly #size: Size;

  /**
   * @param name what messages call the file
   * @param regions all of the photo
   * @param accepted new pixels of those that change, at least one
   */
  constructor(name: string, regions: readonly IsatRegion[], accepted: ReadonlyMap<string, RunLengthMask>) {
    this.#name = name;
    this.#regions = regions.filter(({ label }) => label !== background);
    this.#accepted = accepted;
    const { width, height } = accepted.values().next().value!;
    this.#size = { width, height };
    const grounds = regions.filter(({ label }) => label === background).flatMap(({ objects }) => objects);
    this.removed = grounds.filter((ground) => this.#cutsOnlyChanged(ground));
    this.#kept = grounds.filter((ground) => !this.removed.includes(ground));
  }

  /** The highest layer of an object of the background that would cut into these pixels; `undefined` for none. */
  layerAbove(mask: RunLengthMask): number | undefined {
    const layers = this.#kept.filter((ground) => meet(this.#draw(ground), mask)).map(({ layer }) => layer);
    return layers.length === 0 ? undefined : Math.max(...layers);
  }

  /** Whether a hole covers pixels that other regions have after the changes. */
  holdsOthers(hole: readonly number[][], except: IsatRegion): boolean {
    const area = rasterizePolygons(hole, this.#size);
    return this.#regions.some((region) => region !== except && this.#reaches(region, area));
  }

  #cutsOnlyChanged(ground: IsatObject): boolean {
    const cut = this.#regions.filter((region) => this.#cuts(ground, region));
    return cut.length > 0 && cut.every(({ id }) => this.#accepted.has(id));
  }

  /** What cannot be read is left as it is: then it counts as cut. */
  #cuts(ground: IsatObject, { objects }: IsatRegion): boolean {
    const below = objects.filter((object) => liesAbove(ground, object));
    try {
      return below.some((object) => meet(this.#draw(ground), this.#draw(object)));
    } catch {
      return true;
    }
  }

  /** What cannot be read has no pixels. */
  #reaches(region: IsatRegion, area: RunLengthMask): boolean {
    const changed = this.#accepted.get(region.id);
    if (changed !== undefined) return meet(changed, area);
    try {
      // Its polygons first: what is cut out of them takes longer.
      const near = region.objects.some((object) => meet(this.#draw(object), area));
      return near && meet(encodeRuns(region.mask(this.#size)), area);
    } catch {
      return false;
    }
  }

  #draw(object: IsatObject): RunLengthMask {
    const known = this.#drawn.get(object);
    if (known !== undefined) return known;
    const runs = rasterizePolygons([readPolygon(this.#name, object)], this.#size);
    this.#drawn.set(object, runs);
    return runs;
  }
}

function meet(a: RunLengthMask, b: RunLengthMask): boolean {
  return runIntersection(a, b) > 0;
}

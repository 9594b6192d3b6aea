/** Split-then-merge (STM, Algorithm 1 and section C.1): the regions of one class that SAM can take for objects. */
import { type Component, type Components, componentMask, connectedComponents } from "./components.ts";
import { type Box, boxArea, boxUnion, type Mask } from "./mask.ts";
import type { MethodSettings } from "./settings.ts";

/** The settings that steer a split. */
export type SplitSettings = Pick<MethodSettings, "split" | "mu" | "minPart" | "rules">;

/** A class cut into regions. */
export interface Split {
  /** Regions to refine, each a mask of the photo's size. */
  readonly regions: readonly Mask[];
  /** Pixels of parts too small to refine; they stay as they are. `undefined` for none. */
  readonly rest: Mask | undefined;
}

/**
 * Splits the mask of one class into regions, as `settings.split` says.
 *
 * @throws {InputError} for a mask with too few values
 */
export function splitClass(mask: Mask, settings: SplitSettings): Split {
  if (settings.split === "none") return { regions: [mask], rest: undefined };
  const components = connectedComponents(mask);
  const large = components.list.filter((part) => part.area >= settings.minPart * mask.data.length);
  const groups =
    settings.split === "parts" ? large.map((part) => new Set([part.id])) : mergeParts(large, settings);
  const kept = new Set(groups.flatMap((group) => [...group]));
  return {
    regions: groups.map((group) => componentMask(components, group, mask)),
    rest: kept.size === components.list.length ? undefined : restOf(components, kept, mask),
  };
}

/** Parts and what they add up to while merging. */
interface Group {
  readonly ids: Set<number>;
  box: Box;
  boxArea: number;
  area: number;
}

/**
 * Algorithm 1: for i, for j > i, parts merge where their boxes **and** their masks fill more than μ of the box
 * around both. A merged part keeps growing: later comparisons use its own box and area.
 */
export function mergeParts(parts: readonly Component[], settings: SplitSettings): Set<number>[] {
  const reference = settings.rules === "reference";
  const list =
    reference && parts.length > 1 ? parts.filter((part) => part.area >= REFERENCE_MIN_AREA) : parts;
  const fits = reference ? referenceFits : fitsTogether;
  const groups: Group[] = list.map(({ id, box, area }) => ({
    ids: new Set([id]),
    box,
    boxArea: boxArea(box),
    area,
  }));
  for (let i = 0; i < groups.length; i++) {
    for (let j = i + 1; j < groups.length; ) {
      const a = groups[i]!;
      const b = groups[j]!;
      if (!fits(a, b, settings.mu)) {
        j++;
        continue;
      }
      absorb(a, b);
      groups.splice(j, 1);
    }
  }
  return groups.map((group) => group.ids);
}

/** The published code drops regions under this many pixels when there are two or more. */
const REFERENCE_MIN_AREA = 5;

function absorb(a: Group, b: Group): void {
  for (const id of b.ids) a.ids.add(id);
  a.box = boxUnion(a.box, b.box);
  a.boxArea = boxArea(a.box);
  a.area += b.area;
}

function fitsTogether(a: Group, b: Group, mu: number): boolean {
  const limit = mu * boxArea(boxUnion(a.box, b.box));
  return a.boxArea + b.boxArea > limit && a.area + b.area > limit;
}

/** The published code's rule: the occupancy asked for drops with the sparser part, and the joint box lacks its +1. */
function referenceFits(a: Group, b: Group, mu: number): boolean {
  const [x0, y0, x1, y1] = boxUnion(a.box, b.box);
  const joint = (x1 - x0) * (y1 - y0);
  const occupancy = Math.min(mu, Math.min(a.area / a.boxArea, b.area / b.boxArea) - 0.1);
  return a.boxArea + b.boxArea > mu * joint && a.area + b.area > occupancy * joint;
}

function restOf(components: Components, kept: ReadonlySet<number>, mask: Mask): Mask {
  const rest = new Set(components.list.map((part) => part.id).filter((id) => !kept.has(id)));
  return componentMask(components, rest, mask);
}

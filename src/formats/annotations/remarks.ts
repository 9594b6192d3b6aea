/** What writers say of regions, collected: a file may have a hundred thousand of them. */
import { mostNamed, nameSome } from "../text/name-some.ts";

/**
 * A sentence about regions, without the file's name.
 *
 * @param regions their names, as many as a sentence bears
 * @param count what was counted of all of them
 */
export type Remark = (regions: string, count: number) => string;

interface Collected {
  readonly names: string[];
  regions: number;
  count: number;
}

/** Collects remarks of one file and makes one sentence of those of a kind. */
export class Remarks {
  readonly #collected = new Map<Remark, Collected>();

  /** @param count adds to what the sentence counts */
  add(remark: Remark, region: string, count: number = 1): void {
    const known = this.#collected.get(remark) ?? { names: [], regions: 0, count: 0 };
    this.#collected.set(remark, known);
    if (known.regions < mostNamed) known.names.push(region);
    known.regions++;
    known.count += count;
  }

  /** One sentence a remark, in the order in which they came first. */
  sentences(file: string): string[] {
    return [...this.#collected].map(
      ([remark, { names, regions, count }]) => `${file}: ${remark(nameSome(names, regions), count)}`,
    );
  }
}

/** Holes in formats whose polygons have none. */
export const bridgedHoles: Remark = (regions, count) =>
  count === 1
    ? `1 hole of ${regions} is joined to the outline by a bridge, for polygons have no holes there`
    : `${count} holes of ${regions} are joined to their outlines by bridges, for polygons have no holes there`;

/** Parts and holes that are too small to be written. */
export const leftOutSpecks: Remark = (regions, count) =>
  `${count === 1 ? "1 tiny part or hole is" : `${count} tiny parts and holes are`} left out of ${regions} (leastPart)`;

/** Parts that a new group joins. */
export const joinedParts: Remark = (regions) => `new groups join the parts of ${regions}`;

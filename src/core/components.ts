/** Connected regions of a mask. */
import { checkMask } from "./check-mask.ts";
import type { Box, Mask } from "./mask.ts";

/** One connected region: foreground runs of rows, its tight box and its area. */
export interface Component {
  /** Id in the `ids` of {@link Components}, from 1. */
  readonly id: number;
  /** Both ends inclusive. */
  readonly box: Box;
  /** Pixels of the part. */
  readonly area: number;
}

/** All regions of a mask. */
export interface Components {
  /** `Int32Array [height, width]` row-major: 0 background, else the region's id. */
  readonly ids: Int32Array;
  /** In order of their first pixel (row-major). */
  readonly list: readonly Component[];
}

/**
 * The 8-connected regions of a mask (section C.1), in two raster passes with union-find.
 *
 * @throws {InputError} for a mask with too few values
 * @example
 * ```ts
 * import { connectedComponents } from "samrefiner";
 * const data = Uint8Array.of(1, 0, 0, 1);
 * connectedComponents({ width: 2, height: 2, data }).list.length; // 1: the diagonal connects
 * ```
 */
export function connectedComponents(mask: Mask): Components {
  checkMask(mask);
  const { ids, parents } = provisionalIds(mask);
  const finalId = new Map<number, number>();
  const boxes: [number, number, number, number][] = [];
  const areas: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === 0) continue;
    const root = find(parents, ids[i]!);
    let id = finalId.get(root);
    const x = i % mask.width;
    const y = (i - x) / mask.width;
    if (id === undefined) {
      id = finalId.size + 1;
      finalId.set(root, id);
      boxes.push([x, y, x, y]);
      areas.push(0);
    }
    ids[i] = id;
    areas[id - 1]!++;
    grow(boxes[id - 1]!, x, y);
  }
  return { ids, list: boxes.map((box, k) => ({ id: k + 1, box, area: areas[k]! })) };
}

/** The pixels of the regions with these ids as one mask. */
export function componentMask(components: Components, members: ReadonlySet<number>, size: Mask): Mask {
  const data = new Uint8Array(size.data.length);
  const { ids } = components;
  for (let i = 0; i < ids.length; i++) if (ids[i] !== 0 && members.has(ids[i]!)) data[i] = 1;
  return { width: size.width, height: size.height, data };
}

function grow(box: [number, number, number, number], x: number, y: number): void {
  if (x < box[0]) box[0] = x;
  if (x > box[2]) box[2] = x;
  box[3] = y;
}

function provisionalIds({ width, data }: Mask): { ids: Int32Array; parents: number[] } {
  const ids = new Int32Array(data.length);
  const parents: number[] = [0];
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 0) continue;
    const x = i % width;
    let id = x > 0 ? ids[i - 1]! : 0;
    if (i >= width) {
      const first = x > 0 ? i - width - 1 : i - width;
      const last = x + 1 < width ? i - width + 1 : i - width;
      for (let j = first; j <= last; j++) id = join(parents, id, ids[j]!);
    }
    if (id === 0) id = parents.push(parents.length) - 1;
    ids[i] = id;
  }
  return { ids, parents };
}

function join(parents: number[], a: number, b: number): number {
  if (a === 0 || b === 0 || a === b) return a || b;
  const rootA = find(parents, a);
  const rootB = find(parents, b);
  const root = Math.min(rootA, rootB);
  parents[rootA] = root;
  parents[rootB] = root;
  return root;
}

function find(parents: number[], id: number): number {
  let root = id;
  while (parents[root] !== root) root = parents[root]!;
  let at = id;
  while (parents[at] !== root) {
    const next = parents[at]!;
    parents[at] = root;
    at = next;
  }
  return root;
}

import type { LabelMap } from "../core/mask.ts";
import { assertSameSize, type Sized } from "./same-size.ts";

/** Pixels that differ between two label maps. */
export interface ChangeCounts {
  /** Background before, an object after. */
  readonly added: number;
  /** An object before, background after. */
  readonly removed: number;
  /** One id before, another after. */
  readonly relabelled: number;
}

/** What happened to a pixel: 0 nothing, 1 added, 2 removed, 3 relabelled. */
type Change = 0 | 1 | 2 | 3;

/** What happened to one pixel. */
export function changeOf(before: number, after: number): Change {
  if (before === after) return 0;
  if (before === 0) return 1;
  return after === 0 ? 2 : 3;
}

/**
 * Counts the pixels that differ.
 *
 * @throws RangeError if the sizes differ
 */
export function countChanges(before: LabelMap, after: LabelMap): ChangeCounts {
  assertSameSize("The label map before", before, "the one after", after);
  const counts: [number, number, number, number] = [0, 0, 0, 0];
  for (let i = 0; i < before.data.length; i++) counts[changeOf(before.data[i]!, after.data[i]!)]++;
  return { added: counts[1], removed: counts[2], relabelled: counts[3] };
}

/**
 * Share of each cell of a grid that changed in each way; a cell smaller than a pixel reads the pixel under it.
 *
 * @returns `Float32Array [3, height, width]` row-major, 0..1: added, removed, relabelled
 */
export function changeShares(before: LabelMap, after: LabelMap, { width, height }: Sized): Float32Array {
  const shares = new Float32Array(3 * width * height);
  const columns = spans(before.width, width);
  const rows = spans(before.height, height);
  for (const [y, [top, bottom]] of rows.entries()) {
    for (const [x, [left, right]] of columns.entries()) {
      const weight = 1 / ((right - left) * (bottom - top));
      for (let j = top; j < bottom; j++) {
        for (let i = j * before.width + left; i < j * before.width + right; i++) {
          const change = changeOf(before.data[i]!, after.data[i]!);
          if (change > 0) shares[((change - 1) * height + y) * width + x]! += weight;
        }
      }
    }
  }
  return shares;
}

/** The inputs `[from, to)` under each output, at least one. */
function spans(inputs: number, outputs: number): [from: number, to: number][] {
  return Array.from({ length: outputs }, (_, o) => {
    const from = Math.floor((o * inputs) / outputs);
    return [from, Math.max(from + 1, Math.floor(((o + 1) * inputs) / outputs))];
  });
}

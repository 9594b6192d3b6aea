/** How many pixels changed. */
import type { Size } from "../types.ts";
import { ADDED, type Changes, eachChange, REMOVED } from "./changes.ts";

/** Numbers of pixels. */
export interface ChangeCounts {
  /** Belong to a region and did not before. */
  readonly added: number;
  /** Belonged to one and no longer do. */
  readonly removed: number;
  /** Went from one region to another. */
  readonly relabelled: number;
}

/** Counts every changed pixel once; `size` is the photo's. */
export function countChanges(changes: readonly Changes[], { width, height }: Size): ChangeCounts {
  const kinds = [0, 0, 0, 0];
  const line = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    let first = width;
    let last = 0;
    eachChange(changes, y, y, (start, end, _, kind) => {
      for (let x = start; x < end; x++) line[x]! |= kind;
      first = Math.min(first, start);
      last = Math.max(last, end);
    });
    for (let x = first; x < last; x++) kinds[line[x]!]!++;
    if (first < last) line.fill(0, first, last);
  }
  return { added: kinds[ADDED]!, removed: kinds[REMOVED]!, relabelled: kinds[ADDED | REMOVED]! };
}

/** What a region's refinement adds and removes. */
import type { MaskRuns } from "../../protocol/views.ts";
import { eachSpan, type Spans, spansOf } from "./spans.ts";
import { subtractSpans } from "./subtract-spans.ts";

/** Pixels that only one of two masks has. */
export interface Changes {
  readonly added: Spans;
  readonly removed: Spans;
}

const known = new WeakMap<MaskRuns, { readonly coarse: MaskRuns; readonly changes: Changes }>();

/** The changes from coarse to refined; worked out once for each pair. */
export function changesOf(coarse: MaskRuns, refined: MaskRuns): Changes {
  const last = known.get(refined);
  if (last?.coarse === coarse) return last.changes;
  const before = spansOf(coarse);
  const after = spansOf(refined);
  const changes = { added: subtractSpans(after, before), removed: subtractSpans(before, after) };
  known.set(refined, { coarse, changes });
  return changes;
}

/** Marks of a pixel; one that has both went from one region to another. */
export const ADDED = 1;
export const REMOVED = 2;

/** Calls `put` for every changed stretch in rows `y0` to `y1`, both inclusive, region by region. */
export function eachChange(
  changes: readonly Changes[],
  y0: number,
  y1: number,
  put: (start: number, end: number, y: number, kind: typeof ADDED | typeof REMOVED) => void,
): void {
  for (const { added, removed } of changes) {
    eachSpan(added, y0, y1, (start, end, y) => put(start, end, y, ADDED));
    eachSpan(removed, y0, y1, (start, end, y) => put(start, end, y, REMOVED));
  }
}

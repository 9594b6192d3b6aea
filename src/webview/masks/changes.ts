/** What a region's refinement adds and removes. */
import type { MaskRuns } from "../../protocol/views.ts";
import { type Spans, spansOf } from "./spans.ts";
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

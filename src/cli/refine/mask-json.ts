/** A refined mask as `--json` prints it: everything but pixels. */
import type { CascadeIteration, ChangeCounts, RefinedMask, Region } from "../../sdk/mod.ts";
import type { Job } from "./plan-jobs.ts";
import type { Written } from "./report.ts";

/** See {@link maskJSON}. */
export interface MaskJSON extends Written {
  readonly mask: string;
  readonly image: string;
  readonly mode: string;
  readonly unchanged: boolean;
  readonly changes: ChangeCounts;
  readonly notes: readonly string[];
  readonly regions: readonly object[];
}

/** The entry of one mask. */
export function maskJSON(
  { mask: path, image }: Job,
  written: Written,
  mask: RefinedMask,
  regions: readonly Region[],
): MaskJSON {
  return {
    mask: path,
    image,
    ...written,
    mode: mask.mode,
    unchanged: mask.unchanged,
    changes: mask.changes(),
    notes: mask.notes,
    regions: regions.map(({ maskIndex: _, iterations, ...region }) => ({
      ...region,
      iterations: iterations.map(withoutPixels),
    })),
  };
}

function withoutPixels({ prompts, candidates, sourceMask: _, ...iteration }: CascadeIteration): object {
  const { maskLogits: _logits, ...rest } = prompts;
  return { prompts: rest, candidates: candidates.map(({ mask: _, ...score }) => score), ...iteration };
}

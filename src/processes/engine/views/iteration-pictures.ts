import { runsOf } from "../../../protocol/mask-runs.ts";
import type { IterationPictures } from "../../../protocol/views.ts";
import type { DecodePictures } from "../../../sdk/mod.ts";

/** Pictures of one decode, for the page. */
export function iterationPictures({ source, heat, candidates }: DecodePictures): IterationPictures {
  return {
    source: runsOf(source),
    // A copy: a view would be sent with everything it is a view of.
    ...(heat === undefined ? {} : { heat: { size: Math.sqrt(heat.length), values: heat.slice() } }),
    candidates: candidates.map(runsOf),
  };
}

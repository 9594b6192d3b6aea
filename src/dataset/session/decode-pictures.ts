/** The pictures of a decode, from what was kept of it. */
import type { Frame } from "../../core/frame.ts";
import type { Mask } from "../../core/mask.ts";
import { upscaleMask } from "../../core/upscale.ts";
import { restoreLogits } from "./kept-logits.ts";
import type { Outcome } from "./outcome.ts";
import type { DecodePictures } from "./refinement-session.ts";
import type { RegionState } from "./region-state.ts";
import { maskOfStretches } from "./stretches.ts";

/**
 * Draws what a decode started from and what it proposed.
 *
 * @param iteration index of one of the outcome's iterations
 */
export function decodePictures(
  { read, settings }: RegionState,
  outcome: Outcome,
  iteration: number,
  frame: Frame,
): DecodePictures {
  const show = (lowRes: Float32Array): Mask => upscaleMask(lowRes, frame, settings.upscale);
  const before = sourceLogits(outcome, iteration);
  const { grown, heat, candidates } = outcome.traces[iteration]!;
  return {
    source: before === undefined ? maskOfStretches(grown ?? read.coarse, frame) : show(before),
    ...(heat === undefined ? {} : { heat: restoreLogits(heat) }),
    candidates: candidates.map((kept) => show(restoreLogits(kept))),
  };
}

/** Logits of the candidate that is the source; `undefined` where it is no candidate. */
function sourceLogits({ result, traces }: Outcome, iteration: number): Float32Array | undefined {
  const { iterations } = result;
  const { source } = iterations[iteration]!;
  if (source === "coarse" || source === "grown") return undefined;
  const from =
    source === "previous"
      ? iteration - 1
      : iterations.findLastIndex(({ accepted }, i) => accepted && i < iteration);
  const chosen = iterations[from]!.candidates.findIndex((candidate) => candidate.chosen);
  return restoreLogits(traces[from]!.candidates[chosen]!);
}

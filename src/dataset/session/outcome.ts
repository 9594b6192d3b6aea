/** What a refinement of a region leaves behind, small enough to keep for every region of a large photo. */
import type { Frame } from "../../core/frame.ts";
import type { Box } from "../../core/mask.ts";
import type { CascadeIteration, CascadeResult, RefinedWindow } from "../../engine/cascade.ts";
import { type KeptLogits, keepHeat, keepLogits } from "./kept-logits.ts";
import { boxOf, type Stretches, stretchesInWindow, stretchesOf } from "./stretches.ts";

/** Pixels that a refined region asks for. */
export interface Claim {
  readonly stretches: Stretches;
  readonly box: Box;
  /** The logit of every pixel of the stretches; without, all weigh as those of a kept region. */
  readonly logits?: Float32Array;
}

/** What the pictures of a decode can be made from. */
export interface Trace {
  /** In the order of the iteration's candidates. */
  readonly candidates: readonly KeptLogits[];
  /** The source mask where it was grown. */
  readonly grown?: Stretches;
  /** The mask prompt, if there was one: its mask was excavated on another grid than the photo's. */
  readonly heat?: KeptLogits;
}

/** The outcome of a cascade. */
export interface Outcome {
  readonly result: Pick<
    CascadeResult,
    "verdict" | "reason" | "predictedIoU" | "coarseContrast" | "iterations"
  >;
  /** Absent where the region stays as it is. */
  readonly claim: Claim | undefined;
  /** One per iteration. */
  readonly traces: readonly Trace[];
}

/** Condenses a result of a cascade that explained with `logits`. */
export function outcomeOf(
  { refined, refinedArea: _, coarseIoU: __, iterations, ...result }: CascadeResult,
  frame: Frame,
): Outcome {
  const claim = refined && claimOf(refined, frame.width);
  // A region without a pixel can be shown, but no annotation file can hold it.
  const kept = { verdict: "kept", reason: "SAM found no object" } as const;
  return {
    result: {
      ...result,
      ...(refined !== undefined && claim === undefined ? kept : {}),
      iterations: iterations.map(light),
    },
    claim,
    traces: iterations.map((iteration) => traceOf(iteration, frame)),
  };
}

function claimOf({ logits, mask, ...window }: RefinedWindow, width: number): Claim | undefined {
  const stretches = stretchesInWindow(window, mask, width);
  const box = boxOf(stretches, width);
  if (box === undefined) return undefined;
  if (logits === undefined) return { stretches, box };
  return { stretches, box, logits: logits.filter((value) => value > 0) };
}

function light({ sourceMask: _, candidates, ...iteration }: CascadeIteration): CascadeIteration {
  const { maskLogits: __, ...prompts } = iteration.prompts;
  return {
    ...iteration,
    prompts,
    candidates: candidates.map(({ lowRes: _, mask: __, ...candidate }) => candidate),
  };
}

function traceOf({ candidates, sourceMask, prompts }: CascadeIteration, frame: Frame): Trace {
  const { maskLogits } = prompts;
  return {
    candidates: candidates.map(({ lowRes }) => keepLogits(lowRes!, frame)),
    ...(sourceMask === undefined ? {} : { grown: stretchesOf(sourceMask) }),
    ...(maskLogits === undefined ? {} : { heat: keepHeat(maskLogits) }),
  };
}

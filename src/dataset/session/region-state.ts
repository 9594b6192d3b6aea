/** One region of a session: as read, as asked for, as refined. */
import type { OwnPrompts } from "../../core/prompts/own-prompts.ts";
import type { MethodSettings } from "../../core/settings.ts";
import type { Region } from "../../engine/refine-photo.ts";
import type { Size } from "../../formats/annotations/annotation-file.ts";
import { doubtOf } from "../run/doubt.ts";
import type { Claim, Outcome } from "./outcome.ts";
import type { CandidateChoice, SessionRegion } from "./refinement-session.ts";
import type { ReadRegion } from "./session-file.ts";
import { areaOf, maskOfStretches, type Stretches, stretchesIoU } from "./stretches.ts";

/** A region of a session. */
export interface RegionState {
  readonly id: number;
  /** Index of its file, and its own among that file's regions. */
  readonly file: number;
  readonly place: number;
  readonly read: ReadRegion;
  settings: MethodSettings;
  own: OwnPrompts;
  /** Of the method; absent for regions that are not refined. */
  outcome: Outcome | undefined;
  /** What a person chose instead. */
  taken: { readonly choice: CandidateChoice; readonly outcome: Outcome } | undefined;
  /** After the contest with the other regions of its file. */
  refined: Stretches;
}

/** What a region asks for when it is accepted: its refined pixels, else its coarse ones. */
export function claimOf(region: RegionState): Claim {
  return acceptedClaim(region) ?? keptClaimOf(region);
}

/** The refined pixels, where there are any. */
export function acceptedClaim({ outcome, taken }: RegionState): Claim | undefined {
  return (taken?.outcome ?? outcome)?.claim;
}

/** What a region asks for that stays as it is. */
export function keptClaimOf({ read: { coarse, box } }: RegionState): Claim {
  return { stretches: coarse, box };
}

/** The region as callers see it: a picture of this moment. */
export function viewOf(state: RegionState, size: Size): SessionRegion {
  const { id, file, read, own, taken, refined } = state;
  const result = resultOf(state);
  const { name, label, colour, box, coarse } = read;
  const coarseIoU = coarse === refined ? 1 : stretchesIoU(coarse, refined);
  const doubt = result.verdict === "failed" ? 1 : taken === undefined ? doubtIn(result, state, coarseIoU) : 0;
  return {
    ...{ id, mask: file, name, label, colour, box },
    ...result,
    ...{ area: areaOf(coarse), refinedArea: areaOf(refined), coarseIoU, doubt, own },
    ...(taken === undefined ? {} : { choice: taken.choice }),
    get coarse() {
      return maskOfStretches(coarse, size);
    },
    get refined() {
      return maskOfStretches(refined, size);
    },
  };
}

type Result = Pick<SessionRegion, "verdict" | "reason" | "predictedIoU" | "coarseContrast" | "iterations">;

function resultOf({ read, outcome, taken }: RegionState): Result {
  if (outcome === undefined) return { ...read.fixed!, iterations: [] };
  if (taken === undefined) return outcome.result;
  // The decodes stay those of the method: the choice is one of their candidates.
  const { iterations } = outcome.result;
  const { iteration, token } = taken.choice;
  const chosen = iterations[iteration]?.candidates.find((candidate) => candidate.token === token);
  const { verdict, reason } = taken.outcome.result;
  return {
    verdict,
    ...(reason === undefined ? {} : { reason }),
    ...(chosen === undefined ? {} : { predictedIoU: chosen.predictedIoU }),
    iterations,
  };
}

function doubtIn(result: Result, { read, file, refined }: RegionState, coarseIoU: number): number {
  if (result.verdict === "failed") return 1;
  const region: Region = {
    ...result,
    verdict: result.verdict,
    ...{
      maskIndex: file,
      label: read.value,
      box: read.box,
      area: 0,
      refinedArea: areaOf(refined),
      coarseIoU,
    },
  };
  return doubtOf(region);
}

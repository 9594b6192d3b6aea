/** What was done in a session, as far as it is needed to do it again. */
import type { RefinementSession, SessionChange } from "../../../sdk/mod.ts";

/** A change of a session. */
export type Step =
  | { readonly kind: "refine"; readonly change: Pick<SessionChange, "preset" | "settings" | "regions"> }
  | {
      readonly kind: "prompt";
      readonly region: number;
      readonly own: Parameters<RefinementSession["prompt"]>[1];
    }
  | {
      readonly kind: "choose";
      readonly region: number;
      readonly choice: Parameters<RefinementSession["choose"]>[1];
    };

/** Adds a step. One that repeats the last with other values takes its place: a slider that is dragged is one step. */
export function addStep(steps: Step[], step: Step): void {
  const last = steps.at(-1);
  if (last !== undefined && subjectOf(last) === subjectOf(step)) steps.pop();
  steps.push(step);
}

/** Does everything again. */
export async function repeatSteps(session: RefinementSession, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (step.kind === "refine") await session.refine(step.change);
    else if (step.kind === "prompt") await session.prompt(step.region, step.own);
    else await session.choose(step.region, step.choice);
  }
}

function subjectOf(step: Step): string {
  return JSON.stringify([step.kind, step.kind === "refine" ? step.change.regions : step.region]);
}

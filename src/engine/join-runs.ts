/** Several runs as one. */
import type { CascadeRun } from "./drive-cascades.ts";

/** What a run costs that does nothing. */
export const NO_COST: Omit<CascadeRun, "results"> = {
  encoderRuns: 0,
  encodeMs: 0,
  decoderRuns: 0,
  decodeMs: 0,
  methodMs: 0,
};

/** Their results in their order, and the sums of what they cost. */
export function joinRuns(runs: readonly CascadeRun[]): CascadeRun {
  const sum = (name: keyof typeof NO_COST): number => runs.reduce((total, run) => total + run[name], 0);
  return {
    results: runs.flatMap(({ results }) => results),
    encoderRuns: sum("encoderRuns"),
    encodeMs: sum("encodeMs"),
    decoderRuns: sum("decoderRuns"),
    decodeMs: sum("decodeMs"),
    methodMs: sum("methodMs"),
  };
}

import { runsOf } from "../../../protocol/mask-runs.ts";
import type { MaskRuns } from "../../../protocol/views.ts";
import type { RefinementSession, SessionRegion } from "../../../sdk/mod.ts";

const known = new WeakMap<RefinementSession, Map<number, MaskRuns>>();

/** The coarse mask of a region: it stays as it is, and making it costs 40 ms in a photo of 24 million pixels. */
export function coarseRuns(session: RefinementSession, region: SessionRegion): MaskRuns {
  const ofSession = known.get(session) ?? new Map<number, MaskRuns>();
  known.set(session, ofSession);
  const runs = ofSession.get(region.id) ?? runsOf(region.coarse);
  ofSession.set(region.id, runs);
  return runs;
}

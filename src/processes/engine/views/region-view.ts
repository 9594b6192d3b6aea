import { runsOf } from "../../../protocol/mask-runs.ts";
import type { IterationView, RegionView } from "../../../protocol/views.ts";
import type { CascadeIteration, RefinementSession, SessionRegion } from "../../../sdk/mod.ts";
import { coarseRuns } from "./coarse-runs.ts";

/** Regions for the page. */
export function regionViews(session: RefinementSession, regions: readonly SessionRegion[]): RegionView[] {
  return regions.map((region) => regionView(session, region));
}

function regionView(session: RefinementSession, region: SessionRegion): RegionView {
  const { id, mask, name, label, colour, box, area, refinedArea, verdict, coarseIoU, doubt } = region;
  const { reason, predictedIoU, choice, own } = region;
  return {
    ...{ id, mask, name, label, colour, box, area, refinedArea, verdict, coarseIoU, doubt },
    ...(reason === undefined ? {} : { reason }),
    ...(predictedIoU === undefined ? {} : { predictedIoU }),
    coarse: coarseRuns(session, region),
    refined: runsOf(region.refined),
    iterations: region.iterations.map(iterationView),
    own: { points: own.points ?? [], ...(own.box === undefined ? {} : { box: own.box }) },
    ...(choice === undefined ? {} : { choice }),
  };
}

function iterationView({ source, prompts, candidates, contrast, accepted }: CascadeIteration): IterationView {
  const { positive, negative, own = [], tightBox, box } = prompts;
  return {
    source,
    points: [
      ...(positive === undefined ? [] : [{ ...positive, positive: true }]),
      ...(negative === undefined ? [] : [{ ...negative, positive: false }]),
      ...own,
    ],
    tightBox,
    ...(box === undefined ? {} : { promptBox: box }),
    candidates: candidates.map(({ token, predictedIoU, stability, coarseIoU, chosen }) => ({
      ...{ token, predictedIoU, stability, coarseIoU, chosen },
    })),
    ...(contrast === undefined ? {} : { contrast }),
    accepted,
  };
}

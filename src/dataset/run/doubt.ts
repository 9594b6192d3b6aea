/** Which regions people should look at first. */
import type { CascadeIteration } from "../../engine/cascade.ts";
import type { Region } from "../../engine/refine-photo.ts";

/** What is known about a refinement beside its pixels. */
export interface Evidence {
  readonly predictedIoU?: number;
  readonly stability?: number;
  /** Boundary contrast of the outcome over that of the coarse region. */
  readonly contrastGain?: number;
}

/** The evidence of a region: that of its last accepted candidate, or of the best one when none was. */
export function evidenceOf({ iterations, coarseContrast = 0 }: Region): Evidence {
  const judged = iterations.findLast(({ accepted }) => accepted) ?? mostContrast(iterations);
  const chosen = judged?.candidates.find((candidate) => candidate.chosen);
  if (judged === undefined || chosen === undefined) return {};
  const { contrast } = judged;
  return {
    predictedIoU: chosen.predictedIoU,
    stability: chosen.stability,
    ...(contrast === undefined || coarseContrast <= 0 ? {} : { contrastGain: contrast / coarseContrast }),
  };
}

/**
 * Doubt about a region, 0 (certain) to 1 (look at it first).
 *
 * - Refined: `1 − (a·s·p·g)^¼` with its IoU with the coarse region `a`, stability `s`, predicted IoU `p`, and
 *   `g = ½ + ½·log₂(contrast gain)`, each held within 0..1: a large change, an outline that moves with the threshold,
 *   a model that is unsure and a gain of nothing each raise it.
 * - Kept: `(1 − a)·s·p` of the best candidate, `a` being its IoU with the coarse region: a sure candidate that differs
 *   much says that one of the two is wrong.
 * - Unchanged: 0. Failed: 1.
 */
export function doubtOf(region: Region): number {
  const { stability = 1, predictedIoU = 1, contrastGain = 2 } = evidenceOf(region);
  const sure = share(stability) * share(predictedIoU);
  if (region.verdict === "unchanged") return 0;
  if (region.verdict === "kept") return (1 - candidateIoU(region)) * sure;
  const gain = share(0.5 + 0.5 * Math.log2(Math.max(contrastGain, 1e-9)));
  return 1 - (share(region.coarseIoU) * sure * gain) ** 0.25;
}

/** IoU of the best candidate with the coarse region, on the low-res grid. */
function candidateIoU({ iterations }: Region): number {
  const chosen = mostContrast(iterations)?.candidates.find((candidate) => candidate.chosen);
  return share(chosen?.coarseIoU ?? 1);
}

function mostContrast(iterations: readonly CascadeIteration[]): CascadeIteration | undefined {
  return iterations.reduce<CascadeIteration | undefined>(
    (best, one) => ((one.contrast ?? 0) > (best?.contrast ?? -1) ? one : best),
    undefined,
  );
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** Samples with a known answer. */
import type { AdaptionSample } from "../../../src/core/adaption/adaption-sample.ts";
import { seededRandom } from "../../../src/core/simulate/seeded-random.ts";

const WIDTH = 256;

/**
 * Decodes of a head whose scores are wrong on purpose: it always puts token 1 first, by about a hundredth, while the
 * features tell which mask is the best. They are as long as SAM's own, about 3.
 *
 * @param bests the tokens that may be the best, all as often
 */
export function misrankedSamples(count: number, bests: readonly number[], seed = 1): AdaptionSample[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const best = bests[Math.floor(random() * bests.length)]!;
    const features = Float32Array.from({ length: WIDTH }, (_, i) => (i < 3 ? 0 : 0.2 * random()));
    features[best - 1] = 2.5;
    const coarseIoU = Float32Array.from([0.1, 0.4, 0.4, 0.4], (iou) => iou + 0.1 * random());
    coarseIoU[best] = 0.9;
    const predictedIoU = Float32Array.from([0.7, 0.92, 0.9, 0.9], (iou) => iou + 0.01 * random());
    return { features, predictedIoU, coarseIoU, stability: Float32Array.of(0.9, 0.9, 0.9, 0.9) };
  });
}

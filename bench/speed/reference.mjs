// The reference in PyTorch 1.13 on two cores, as measured once in November 2026 with the same weights, five iterations: the
// encoder, then prompts and decoder in every iteration. Other machines have other figures; the ratio is for two such cores.

const ENCODER = 1.9;
const ITERATIONS = 5;

/** @returns {{ seconds: number, peakMB: number }} of one photo with so many masks: 1 or 32 */
export function publishedReference(count) {
  // Prompts took 1.0 to 2.0 s an iteration with 32 masks: the middle of it.
  if (count === 32) return { seconds: ENCODER + ITERATIONS * (1.5 + 3.9), peakMB: 1.8 * 1073.741824 };
  return { seconds: 3.1, peakMB: 0.92 * 1073.741824 };
}

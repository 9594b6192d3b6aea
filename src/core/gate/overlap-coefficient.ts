/** Whether two masks can be views of one object. */

/**
 * Overlap coefficient |A ∩ B| / min(|A|, |B|) of positive logits with a mask on the same grid (Szymkiewicz and Simpson): 1
 * where one contains the other, however different their sizes; 0 where either is empty.
 *
 * @param lowRes `Float32Array [256, 256]`
 * @param mask `Uint8Array [256, 256]`, 0 or 1
 */
export function overlapCoefficient(lowRes: Float32Array, mask: Uint8Array): number {
  let positive = 0;
  let area = 0;
  let shared = 0;
  for (let i = 0; i < lowRes.length; i++) {
    const inMask = mask[i]!;
    area += inMask;
    if (lowRes[i]! <= 0) continue;
    positive++;
    shared += inMask;
  }
  const smaller = Math.min(positive, area);
  return smaller === 0 ? 0 : shared / smaller;
}

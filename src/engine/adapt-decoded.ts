/** What an IoU adaptor makes of a decode. */
import { adaptedIoU, type IoUAdaptor } from "../core/adaption/iou-adaptor.ts";
import type { Decoded } from "./decoder.ts";

/**
 * The decode with the scores of the adapted head (docs/adr/0019-adaptors-score-features.md). Where HQ-SAM's mask stands
 * alone there is nothing to choose, and the scores are not those of the head's tokens.
 */
export function adaptDecoded(decoded: Decoded, adaptor: IoUAdaptor | undefined): Decoded {
  const { features, predictedIoU } = decoded;
  if (adaptor === undefined || predictedIoU.length !== adaptor.tokens) return decoded;
  return { ...decoded, adaptedIoU: adaptedIoU(adaptor, features, predictedIoU) };
}

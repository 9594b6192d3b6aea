/** HQ-SAM's own mask beside SAM's. */
import { LOW_RES_SIZE } from "../core/frame.ts";
import type { MethodSettings } from "../core/settings.ts";
import type { Decoded } from "./decoder.ts";

const CELLS = LOW_RES_SIZE * LOW_RES_SIZE;

/**
 * What SAM's tokens answer with HQ-SAM's token taken into account; other decoders have none, and nothing changes.
 *
 * `sum`, HQ-SAM's own default: its logits are added to those of each token. `only`: its mask stands alone, with the
 * predicted IoU of the single-mask token (0) and of the best multimask token (1). `none`: SAM's tokens as they are.
 */
export function combineHq(decoded: Decoded, mode: MethodSettings["hq"]): Decoded {
  const { hq, lowRes, predictedIoU } = decoded;
  if (hq === undefined || mode === "none") return decoded;
  if (mode === "sum") return { ...decoded, lowRes: lowRes.map((logit, i) => logit + hq[i % CELLS]!) };
  const alone = new Float32Array(2 * CELLS);
  alone.set(hq);
  alone.set(hq, CELLS);
  const best = Math.max(...predictedIoU.subarray(1));
  return { ...decoded, lowRes: alone, predictedIoU: Float32Array.of(predictedIoU[0]!, best) };
}

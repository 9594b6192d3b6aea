/** Refined regions back into a label map. */
import type { Mask } from "./mask.ts";
import type { LogitWindow } from "./upscale.ts";

/** What one region claims: its label where its logits are positive. */
export interface Claim {
  readonly label: number;
  /** Logits of the refined region in photo pixels; outside the window it claims nothing. */
  readonly logits: LogitWindow;
}

/** Logit with which a region that was not refined claims its own pixels. */
export const KEPT_LOGIT = 5;

/** The claim of a region that stays as it is. */
export function keptClaim(label: number, mask: Mask): Claim {
  const data = new Float32Array(mask.data.length);
  for (let i = 0; i < data.length; i++) data[i] = mask.data[i] === 1 ? KEPT_LOGIT : -20;
  return { label, logits: { x0: 0, y0: 0, x1: mask.width, y1: mask.height, data } };
}

/**
 * Pastes regions into a label map: each pixel takes the label of the highest positive logit, background where
 * none is positive; pixels of the ignore label stay.
 *
 * @param source `[height, width]` labels
 * @param targets labels that were refined: their pixels become background before pasting
 */
export function pasteBack<T extends Uint8Array | Uint16Array>(
  source: T,
  width: number,
  claims: readonly Claim[],
  targets: ReadonlySet<number>,
  ignoreLabel: number | undefined,
): T {
  const out = source.slice() as T;
  for (let i = 0; i < out.length; i++) if (targets.has(out[i]!)) out[i] = 0;
  const best = new Float32Array(out.length);
  for (const { label, logits } of claims) {
    const columns = logits.x1 - logits.x0;
    for (let y = logits.y0; y < logits.y1; y++) {
      let from = (y - logits.y0) * columns;
      let to = y * width + logits.x0;
      for (const end = to + columns; to < end; to++, from++) {
        const value = logits.data[from]!;
        if (value > best[to]! && source[to] !== ignoreLabel) {
          best[to] = value;
          out[to] = label;
        }
      }
    }
  }
  return out;
}

/** Refined regions back into a label map. */
import type { Box, Mask } from "./mask.ts";
import type { LogitWindow } from "./upscale.ts";

/** What one region claims: its label where its logits are positive. */
export interface Claim {
  readonly label: number;
  /** Logits of the refined region in photo pixels; outside the window it claims nothing. */
  readonly logits: LogitWindow;
}

/** Logit with which a region that was not refined claims its own pixels. */
export const KEPT_LOGIT = 5;

/**
 * The claim of a region that stays as it is.
 *
 * @param box tight box of the mask, both ends inclusive
 */
export function keptClaim(label: number, mask: Mask, [x0, y0, x1, y1]: Box): Claim {
  const width = x1 - x0 + 1;
  const data = new Float32Array(width * (y1 - y0 + 1));
  for (let y = y0, i = 0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++, i++)
      data[i] = mask.data[y * mask.width + x] === 1 ? KEPT_LOGIT : -KEPT_LOGIT;
  }
  return { label, logits: { x0, y0, x1: x1 + 1, y1: y1 + 1, data } };
}

/**
 * Pastes regions into a label map: each pixel takes the label of the highest positive logit, background where
 * none is positive; pixels of the ignore label stay.
 *
 * @param source `[height, width]` labels
 * @param targets labels that were refined: their pixels become background before pasting
 * @param owners takes, for every pixel that a claim won, its index in `claims`
 */
export function pasteBack<T extends Uint8Array | Uint16Array>(
  source: T,
  width: number,
  claims: readonly Claim[],
  targets: ReadonlySet<number>,
  ignoreLabel: number | undefined,
  owners?: Int32Array,
): T {
  const out = source.slice() as T;
  for (let i = 0; i < out.length; i++) if (targets.has(out[i]!)) out[i] = 0;
  const best = new Float32Array(out.length);
  for (const [index, { label, logits }] of claims.entries()) {
    const columns = logits.x1 - logits.x0;
    for (let y = logits.y0; y < logits.y1; y++) {
      let from = (y - logits.y0) * columns;
      let to = y * width + logits.x0;
      for (const end = to + columns; to < end; to++, from++) {
        const value = logits.data[from]!;
        if (value > best[to]! && source[to] !== ignoreLabel) {
          best[to] = value;
          out[to] = label;
          if (owners !== undefined) owners[to] = index;
        }
      }
    }
  }
  return out;
}

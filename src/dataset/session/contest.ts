/** Who gets a pixel that several regions of one label map ask for: as `pasteBack` decides, but where it matters. */
import type { Box, LabelMap } from "../../core/mask.ts";
import { boxUnion } from "../../core/mask.ts";
import { KEPT_LOGIT } from "../../core/paste-back.ts";
import type { Claim } from "./outcome.ts";
import { type Stretches, stretchesInWindow } from "./stretches.ts";

/**
 * The owners of a label map's pixels. A claim of the highest logit wins, of equals the earlier one; ignored pixels have no
 * owner.
 */
export class Contest {
  readonly #map: LabelMap;
  readonly #ignoreLabel: number | undefined;
  readonly #claims: Claim[];
  /** `[height, width]`: index of the claim and 1, 0 for none. */
  readonly #owners: Uint16Array | Uint32Array;

  constructor(map: LabelMap, ignoreLabel: number | undefined, claims: readonly Claim[]) {
    this.#map = map;
    this.#ignoreLabel = ignoreLabel;
    this.#claims = [...claims];
    const pixels = map.width * map.height;
    this.#owners = claims.length < 2 ** 16 - 1 ? new Uint16Array(pixels) : new Uint32Array(pixels);
    this.#settle([0, 0, map.width - 1, map.height - 1]);
  }

  /**
   * Replaces claims.
   *
   * @returns indices of claims that have gained or lost pixels
   */
  change(changes: ReadonlyMap<number, Claim>): ReadonlySet<number> {
    const touched: Box[] = [];
    for (const [index, claim] of changes) {
      touched.push(boxUnion(this.#claims[index]!.box, claim.box));
      this.#claims[index] = claim;
    }
    const changed = new Set<number>();
    for (const box of touched) for (const index of this.#settle(box)) changed.add(index);
    return changed;
  }

  /** The pixels that a claim has won. */
  won(index: number): Stretches {
    const { width } = this.#map;
    const [x0, y0, x1, y1] = this.#claims[index]!.box;
    const columns = x1 - x0 + 1;
    const mask = new Uint8Array(columns * (y1 - y0 + 1));
    for (let y = y0, i = 0; y <= y1; y++)
      for (let x = x0; x <= x1; x++, i++) if (this.#owners[y * width + x] === index + 1) mask[i] = 1;
    return stretchesInWindow({ x0, y0, x1: x1 + 1, y1: y1 + 1 }, mask, width);
  }

  /**
   * The map's values when every pixel has its owner's label.
   *
   * @param labels one per claim
   */
  values(labels: readonly number[]): LabelMap["data"] {
    const { data } = this.#map;
    const out = data.slice() as LabelMap["data"];
    for (let i = 0; i < out.length; i++) {
      const owner = this.#owners[i]!;
      if (owner > 0) out[i] = labels[owner - 1]!;
      else if (data[i] !== this.#ignoreLabel) out[i] = 0;
    }
    return out;
  }

  /** Decides anew inside a box; says whose pixels changed. */
  #settle([x0, y0, x1, y1]: Box): Set<number> {
    const { width, data } = this.#map;
    const columns = x1 - x0 + 1;
    const best = new Float32Array(columns * (y1 - y0 + 1));
    const winners = new Uint32Array(best.length);
    for (const [index, claim] of this.#claims.entries())
      contend(claim, index, { x0, y0, x1, y1, width }, best, winners);
    const changed = new Set<number>();
    for (let y = y0, i = 0; y <= y1; y++) {
      for (let at = y * width + x0; at <= y * width + x1; at++, i++) {
        const winner = data[at] === this.#ignoreLabel ? 0 : winners[i]!;
        const before = this.#owners[at]!;
        if (winner === before) continue;
        if (before > 0) changed.add(before - 1);
        if (winner > 0) changed.add(winner - 1);
        this.#owners[at] = winner;
      }
    }
    return changed;
  }
}

/** A box in a photo of this width; all ends inclusive. */
interface Arena {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly width: number;
}

/** Takes the pixels of a box in which a claim has the highest logit so far. */
function contend(
  { stretches, box, logits }: Claim,
  index: number,
  { x0, y0, x1, y1, width }: Arena,
  best: Float32Array,
  winners: Uint32Array,
): void {
  if (box[0] > x1 || box[2] < x0 || box[1] > y1 || box[3] < y0) return;
  const columns = x1 - x0 + 1;
  for (let k = 0, read = 0; k < stretches.length; k += 2) {
    const start = stretches[k]!;
    const length = stretches[k + 1]! - start;
    const y = Math.floor(start / width);
    if (y > y1) return;
    const left = start - y * width;
    if (y >= y0) {
      const row = (y - y0) * columns - x0;
      const end = Math.min(x1 + 1, left + length);
      for (let x = Math.max(x0, left); x < end; x++) {
        const value = logits === undefined ? KEPT_LOGIT : logits[read + x - left]!;
        if (value <= best[row + x]!) continue;
        best[row + x] = value;
        winners[row + x] = index + 1;
      }
    }
    read += length;
  }
}

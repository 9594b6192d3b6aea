/** SAM's masks of a grid of points, without a prompt from the coarse mask (appendix B.1). */
import { type Frame, LOW_RES_SIZE } from "../../core/frame.ts";
import { type Mask, maskBox, type Point } from "../../core/mask.ts";
import type { Prompts } from "../../core/prompts/excavate.ts";
import { lowResMask } from "../../core/prompts/gaussian-mask.ts";
import { positivePoint } from "../../core/prompts/points.ts";
import { scoreTokens, type TokenScore } from "../../core/selection.ts";
import type { Decoded } from "../decoder.ts";

const CELLS = LOW_RES_SIZE * LOW_RES_SIZE;

/** Points along each side of the photo. */
const POINTS = 32;
/** What SAM's automatic mask generator keeps by default. */
const LEAST_PREDICTED_IOU = 0.88;
const LEAST_STABILITY = 0.95;
/** Share of a mask inside the coarse one from which it belongs to the object. */
const MOSTLY_INSIDE = 0.5;

/** The mask that came of a grid. */
export interface GridMask {
  /** `Float32Array [256, 256]` */
  readonly lowRes: Float32Array;
  /** The decode it is from, where it is from a single one. */
  readonly decode?: GridDecode;
}

/** One decode of a grid. */
export interface GridDecode {
  readonly prompts: Prompts;
  readonly decoded: Decoded;
  readonly scores: readonly TokenScore[];
  readonly chosen: TokenScore;
}

/** Whether the mask closest to the coarse one is taken, or all that lie mostly inside of it. */
export type GridRule = "grid-max" | "grid-merge";

/**
 * Asks SAM for the objects at a regular grid of 32×32 points, of which only those on the coarse mask matter, and picks
 * among its masks: the one of the highest IoU with the coarse mask, or the union of those that have more than half of
 * their pixels in it. Only masks that SAM is sure of count, as in its automatic mask generator.
 *
 * @returns `undefined` when no mask is left
 */
export function* gridMask(
  coarse: Mask,
  frame: Frame,
  rule: GridRule,
): Generator<Prompts, GridMask | undefined, Decoded> {
  const cells = lowResMask(coarse, frame);
  let best: GridDecode | undefined;
  const union = new Float32Array(CELLS).fill(Number.NEGATIVE_INFINITY);
  let united = false;
  for (const prompts of gridPrompts(coarse)) {
    const decoded = yield prompts;
    const scores = scoreTokens(decoded.lowRes, decoded.predictedIoU, cells, "multi");
    for (const chosen of scores.filter(isSure)) {
      if (chosen.coarseIoU > (best?.chosen.coarseIoU ?? 0)) best = { prompts, decoded, scores, chosen };
      const lowRes = tokenLogits(decoded, chosen);
      if (rule === "grid-merge" && shareInside(lowRes, cells) > MOSTLY_INSIDE) {
        raise(union, lowRes);
        united = true;
      }
    }
  }
  if (rule === "grid-merge") return united ? { lowRes: union } : undefined;
  return best && { lowRes: tokenLogits(best.decoded, best.chosen), decode: best };
}

/** One point each: those of the grid on the mask, or its innermost where it lies between them. */
function gridPrompts(coarse: Mask): Prompts[] {
  const tightBox = maskBox(coarse)!;
  const inside = gridPoints(coarse).filter(({ x, y }) => coarse.data[y * coarse.width + x] === 1);
  const points = inside.length > 0 ? inside : [positivePoint(coarse, tightBox)];
  return points.map((positive) => ({ tightBox, positive }));
}

function gridPoints({ width, height }: Mask): Point[] {
  return Array.from({ length: POINTS * POINTS }, (_, i) => ({
    x: Math.floor((((i % POINTS) + 0.5) * width) / POINTS),
    y: Math.floor(((Math.floor(i / POINTS) + 0.5) * height) / POINTS),
  }));
}

function isSure({ predictedIoU, stability }: TokenScore): boolean {
  return predictedIoU >= LEAST_PREDICTED_IOU && stability >= LEAST_STABILITY;
}

function tokenLogits({ lowRes }: Decoded, { token }: TokenScore): Float32Array {
  return lowRes.subarray(token * CELLS, (token + 1) * CELLS);
}

/** Share of a mask's cells that the coarse mask has too. */
function shareInside(lowRes: Float32Array, cells: Uint8Array): number {
  let inside = 0;
  let area = 0;
  for (let i = 0; i < cells.length; i++) {
    if (lowRes[i]! <= 0) continue;
    area++;
    inside += cells[i]!;
  }
  return area === 0 ? 0 : inside / area;
}

/** Takes the higher logit everywhere. */
function raise(union: Float32Array, lowRes: Float32Array): void {
  for (let i = 0; i < union.length; i++) if (lowRes[i]! > union[i]!) union[i] = lowRes[i]!;
}

/** Scores of the masks SAM proposes, and the choice among them (sections 3.1 and 3.3). */
import { OptionError } from "./errors.ts";
import { LOW_RES_SIZE } from "./frame.ts";
import { countOnes } from "./mask.ts";
import type { MethodSettings } from "./settings.ts";

const CELLS = LOW_RES_SIZE * LOW_RES_SIZE;

/** Scores of one mask token. */
export interface TokenScore {
  /** 0 single mask, 1..3 multimask. */
  readonly token: number;
  /** The IoU head's estimate. */
  readonly predictedIoU: number;
  /** The estimate of the head with an IoU adaptor (SAMRefiner++); absent without one. */
  readonly adaptedIoU?: number;
  /** #(logit > 1) / #(logit > −1) on the low-res grid, 0 for an empty mask. */
  readonly stability: number;
  /** IoU with the coarse mask on the low-res grid. */
  readonly coarseIoU: number;
}

/**
 * Scores the tokens that may be chosen: 1..3 in multimask mode, 0 in single-mask mode.
 *
 * @param lowRes `Float32Array [tokens, 256, 256]` logits
 * @param predictedIoU `[tokens]`
 * @param coarse `Uint8Array [256, 256]`, the coarse mask on the same grid
 * @param adaptedIoU `[tokens]`, with an IoU adaptor
 */
export function scoreTokens(
  lowRes: Float32Array,
  predictedIoU: Float32Array,
  coarse: Uint8Array,
  tokens: MethodSettings["tokens"],
  adaptedIoU?: Float32Array,
): TokenScore[] {
  const coarseCells = countOnes(coarse);
  return candidateTokens(predictedIoU.length, tokens).map((token) => {
    const counts = countCells(lowRes.subarray(token * CELLS, (token + 1) * CELLS), coarse);
    return {
      token,
      predictedIoU: predictedIoU[token]!,
      ...(adaptedIoU === undefined ? {} : { adaptedIoU: adaptedIoU[token]! }),
      stability: stabilityOf(counts),
      coarseIoU: iouOf(counts, coarseCells),
    };
  });
}

/** The tokens that may be chosen of a decoder with `count` of them. */
export function candidateTokens(count: number, tokens: MethodSettings["tokens"]): number[] {
  return tokens === "single" ? [0] : [1, 2, 3].filter((token) => token < count);
}

/** How a mask token is chosen; `single` takes token 0 as it is. */
export type SelectionPolicy = MethodSettings["selection"] | "single";

/** The policy that settings stand for. */
export function selectionPolicy({
  tokens,
  selection,
}: Pick<MethodSettings, "tokens" | "selection">): SelectionPolicy {
  return tokens === "single" ? "single" : selection;
}

/** The settings that steer a choice. */
export type SelectionSettings = Pick<MethodSettings, "selection" | "agreement">;

/**
 * The token with the highest score under a policy, plus its agreement with the coarse mask where that has a weight;
 * ties go to the lower token.
 *
 * @throws {OptionError} without any score
 */
export function selectToken(
  scores: readonly TokenScore[],
  { selection, agreement }: SelectionSettings,
): TokenScore {
  if (scores.length === 0) throw new OptionError("There are no scores: expected those of at least one token");
  const score = SCORES[selection];
  const value = (token: TokenScore): number => score(token) + agreement * token.coarseIoU;
  return scores.reduce((best, token) => (value(token) > value(best) ? token : best));
}

/** What counts under a policy. Where there is no adapted score, the head's own stands in for it. */
const SCORES: Readonly<Record<MethodSettings["selection"], (token: TokenScore) => number>> = {
  "predicted-iou": ({ predictedIoU }) => predictedIoU,
  adapted: headScore,
  stability: ({ stability }) => stability,
  "coarse-iou": ({ coarseIoU }) => coarseIoU,
  combined: (token) => headScore(token) + token.stability,
};

function headScore({ adaptedIoU, predictedIoU }: TokenScore): number {
  return adaptedIoU ?? predictedIoU;
}

/** How little a mask changes when the threshold moves: #(logit > 1) / #(logit > −1); 0 when nothing exceeds −1. */
export function stability(logits: Float32Array): number {
  return stabilityOf(countCells(logits, NOTHING));
}

const NOTHING = new Uint8Array(CELLS);

/** IoU of positive logits with a mask, both on the same grid; 0 when both are empty. */
export function gridIoU(logits: Float32Array, coarse: Uint8Array): number {
  return iouOf(countCells(logits, coarse), countOnes(coarse));
}

/** How many logits are above −1, 0 and 1, and how many above 0 lie in a mask. */
interface CellCounts {
  readonly possible: number;
  readonly positive: number;
  readonly sure: number;
  readonly shared: number;
}

/** All that scores need in one pass: most logits are far below −1 and looked at once. */
function countCells(logits: Float32Array, coarse: Uint8Array): CellCounts {
  let possible = 0;
  let positive = 0;
  let sure = 0;
  let shared = 0;
  for (let i = 0; i < logits.length; i++) {
    const v = logits[i]!;
    if (v <= -1) continue;
    possible++;
    if (v <= 0) continue;
    positive++;
    shared += coarse[i]!;
    if (v > 1) sure++;
  }
  return { possible, positive, sure, shared };
}

function stabilityOf({ possible, sure }: CellCounts): number {
  return possible === 0 ? 0 : sure / possible;
}

function iouOf({ positive, shared }: CellCounts, coarseCells: number): number {
  const either = positive + coarseCells - shared;
  return either === 0 ? 0 : shared / either;
}

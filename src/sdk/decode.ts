/** SAM's decoder with prompts of the caller, without the method around it. */
import { OptionError } from "../core/errors.ts";
import { LOW_RES_SIZE } from "../core/frame.ts";
import type { Mask } from "../core/mask.ts";
import type { Prompts } from "../core/prompts/excavate.ts";
import { stability } from "../core/selection.ts";
import { type MethodSettings, resolveSettings } from "../core/settings.ts";
import { type Interpolation, upscaleMask } from "../core/upscale.ts";
import { checkOwnPrompts } from "../dataset/session/check-own-prompts.ts";
import { combineHq } from "../engine/combine-hq.ts";
import type { Engine } from "../engine/engine.ts";
import { embeddingFrame, type ImageEmbedding } from "./embeddings.ts";

/** Prompts of one decode, in photo pixels: those of `prompts`, or own ones. At least one of them. */
export type DecodePrompts = Partial<Prompts>;

/** Options of `decode`. */
export interface DecodeOptions {
  /** How low-res logits become photo pixels. @default "bicubic" */
  readonly upscale?: Interpolation;
  /** What becomes of the mask of HQ-SAM's own token; see the setting `hq`. @default "sum" */
  readonly hq?: MethodSettings["hq"];
  /** Stops before the decoder runs. */
  readonly signal?: AbortSignal;
}

/** One of the masks that SAM proposes. */
export interface DecodedCandidate {
  /** 0 single mask, 1..3 multimask. */
  readonly token: number;
  /** SAM's own estimate, about 0..1. */
  readonly predictedIoU: number;
  /** How little the mask changes with the threshold, 0..1. */
  readonly stability: number;
  /** `Float32Array [256, 256]` logits over the padded square of the photo; positive inside. */
  readonly lowRes: Float32Array;
  /** The logits' positive pixels, of the photo's size. */
  readonly mask: Mask;
}

const CELLS = LOW_RES_SIZE * LOW_RES_SIZE;

/** Decodes one set of prompts. */
export async function decodeOwn(
  engine: Engine,
  embedding: ImageEmbedding,
  prompts: DecodePrompts,
  { upscale = "bicubic", hq = "sum", signal }: DecodeOptions,
): Promise<DecodedCandidate[]> {
  const frame = embeddingFrame(embedding, engine.embeddingValues);
  checkPrompts(prompts, embedding);
  if (upscale !== "bicubic" && upscale !== "bilinear")
    throw new OptionError(`Unknown upscale "${upscale}": expected bilinear or bicubic`);
  resolveSettings("default", { hq });
  signal?.throwIfAborted();
  // The decoder asks for no tight box: it only tells others where the mask was.
  const given: Prompts = { tightBox: [0, 0, embedding.width - 1, embedding.height - 1], ...prompts };
  const decoded = await engine.decode(embedding.data, given, frame);
  const { lowRes, predictedIoU } = combineHq(decoded, hq);
  return Array.from({ length: lowRes.length / CELLS }, (_, token) => {
    const logits = lowRes.slice(token * CELLS, (token + 1) * CELLS);
    const mask = upscaleMask(logits, frame, upscale);
    return { token, predictedIoU: predictedIoU[token]!, stability: stability(logits), lowRes: logits, mask };
  });
}

function checkPrompts(prompts: DecodePrompts, photo: ImageEmbedding): void {
  const { positive, negative, own = [], box, maskLogits } = prompts;
  const points = [
    ...(positive === undefined ? [] : [{ ...positive, positive: true }]),
    ...(negative === undefined ? [] : [{ ...negative, positive: false }]),
    ...own,
  ];
  if (points.length === 0 && box === undefined && maskLogits === undefined)
    throw new OptionError("There are no prompts: expected a point, a box or mask logits");
  checkOwnPrompts({ points, ...(box === undefined ? {} : { box }) }, photo);
  if (maskLogits === undefined || (maskLogits instanceof Float32Array && maskLogits.length === CELLS)) return;
  throw new OptionError(
    `The mask logits have ${maskLogits.length} values: expected a Float32Array of ${CELLS}`,
  );
}

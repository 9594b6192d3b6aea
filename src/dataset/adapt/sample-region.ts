/** The decodes of one region, each under a single prompt type. */
import type { AdaptionSample } from "../../core/adaption/adaption-sample.ts";
import { frameOf } from "../../core/frame.ts";
import type { Mask } from "../../core/mask.ts";
import { excavate, type Prompts } from "../../core/prompts/excavate.ts";
import { lowResMask } from "../../core/prompts/gaussian-mask.ts";
import { scoreTokens } from "../../core/selection.ts";
import type { MethodSettings } from "../../core/settings.ts";
import type { EncodedPhoto } from "../../engine/cascade.ts";
import { combineHq } from "../../engine/combine-hq.ts";
import type { Decoded } from "../../engine/decoder.ts";
import type { Engine } from "../../engine/engine.ts";
import { type PromptType, promptTypes } from "./photo-samples.ts";

/** A decode under one prompt type. */
export interface RegionSample extends AdaptionSample {
  readonly prompt: PromptType;
}

/**
 * Decodes a region under each prompt type that the settings have, and scores the answers by its coarse mask (section 4).
 *
 * @param mask not empty
 * @throws the signal's reason, checked before every decode
 */
export async function sampleRegion(
  engine: Pick<Engine, "decode">,
  { photo, embedding }: EncodedPhoto,
  mask: Mask,
  settings: MethodSettings,
  signal: AbortSignal | undefined,
): Promise<RegionSample[]> {
  const frame = frameOf(photo.width, photo.height);
  const prompts = excavate(mask, embedding, frame, settings);
  const coarse = lowResMask(mask, frame, prompts.tightBox);
  const samples: RegionSample[] = [];
  for (const prompt of promptTypes) {
    const single = singlePrompt(prompts, prompt);
    if (single === undefined) continue;
    // Native runs block the event loop: timers and signals get their turn between them.
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    const decoded = await engine.decode(embedding, single, frame);
    samples.push({ prompt, ...sampleOf(combineHq(decoded, settings.hq), coarse) });
  }
  return samples;
}

function singlePrompt(
  { tightBox, positive, negative, box, maskLogits }: Prompts,
  type: PromptType,
): Prompts | undefined {
  if (type === "box") return box && { tightBox, box };
  if (type === "mask") return maskLogits && { tightBox, maskLogits };
  return positive && { tightBox, positive, ...(negative === undefined ? {} : { negative }) };
}

function sampleOf({ lowRes, predictedIoU, features }: Decoded, coarse: Uint8Array): AdaptionSample {
  const stability = new Float32Array(predictedIoU.length);
  const coarseIoU = new Float32Array(predictedIoU.length);
  for (const score of scoreTokens(lowRes, predictedIoU, coarse, "multi")) {
    stability[score.token] = score.stability;
    coarseIoU[score.token] = score.coarseIoU;
  }
  return { features, predictedIoU, stability, coarseIoU };
}

/** Prompt excavation (section 3.2): everything SAM is told about one coarse mask. */
import { checkMask } from "../check-mask.ts";
import { InputError } from "../errors.ts";
import type { Frame } from "../frame.ts";
import { type Box, countOnes, type Mask, maskArea, maskBox, type Point } from "../mask.ts";
import type { MethodSettings } from "../settings.ts";
import { elasticBox, marginBox, referenceElasticBox } from "./boxes.ts";
import { distanceGaussian, gaussianMask, radialGaussian, signedGaussianMask } from "./gaussian-mask.ts";
import type { OwnPoint } from "./own-prompts.ts";
import { negativePoint, positivePoint, referencePoints } from "./points.ts";
import { referenceSimilarity, similarityMap } from "./similarity.ts";

/** Prompts for one mask, in photo pixels. */
export interface Prompts {
  /** Point inside of the object. */
  readonly positive?: Point;
  /** Point outside of the object. */
  readonly negative?: Point;
  /** Points of the caller. */
  readonly own?: readonly OwnPoint[];
  /** Tight box of the mask, both ends inclusive. */
  readonly tightBox: Box;
  /** Box given to SAM, both ends inclusive. */
  readonly box?: Box;
  /** `Float32Array [256, 256]` logits over the padded 1024 frame. */
  readonly maskLogits?: Float32Array;
}

/**
 * Excavates the prompts of one mask.
 *
 * @param embedding image embedding `Float32Array [256, 64, 64]`, for the elastic box
 * @param iteration index of the cascade iteration, which picks the margin
 * @throws {InputError} for a mask that is empty, which has no prompts, has too few values, or is not of the frame's size
 */
export function excavate(
  mask: Mask,
  embedding: Float32Array,
  frame: Frame,
  settings: MethodSettings,
  iteration = 0,
): Prompts {
  checkMask(mask);
  if (mask.width !== frame.width || mask.height !== frame.height)
    throw new InputError(
      `The mask is ${mask.width}×${mask.height} pixels: expected the frame's ${frame.width}×${frame.height}`,
    );
  const prompts = excavateOnce(mask, embedding, frame, settings);
  if (prompts === undefined)
    throw new InputError("The mask is empty: expected one with a pixel to excavate prompts from");
  return withMargin(prompts, frame, settings, iteration);
}

/**
 * What {@link excavate} gives in every iteration, the box before its margin; `undefined` for an empty mask.
 *
 * @param tightBox of the mask, where it is known
 */
export function excavateOnce(
  mask: Mask,
  embedding: Float32Array,
  frame: Frame,
  settings: MethodSettings,
  tightBox: Box | undefined = maskBox(mask),
): Prompts | undefined {
  if (tightBox === undefined) return undefined;
  const rules = settings.rules === "reference" ? referencePrompts : paperPrompts;
  return rules(mask, tightBox, embedding, frame, settings);
}

/** Moves the box of {@link excavateOnce} out by the iteration's margin, which the published code does not know. */
export function withMargin(
  prompts: Prompts,
  frame: Frame,
  { rules, margins }: Pick<MethodSettings, "rules" | "margins">,
  iteration: number,
): Prompts {
  const margin = margins[Math.min(iteration, margins.length - 1)]!;
  if (prompts.box === undefined || margin === 0 || rules === "reference") return prompts;
  return { ...prompts, box: marginBox(prompts.box, margin, frame) };
}

function paperPrompts(
  mask: Mask,
  tightBox: Box,
  embedding: Float32Array,
  frame: Frame,
  settings: MethodSettings,
): Prompts {
  const centre = positivePoint(mask, tightBox);
  const negative = settings.negativePoint ? negativePoint(mask, tightBox) : undefined;
  const similar = settings.elasticBox && settings.box ? similarityMap(embedding, mask, frame) : undefined;
  const grown = similar === undefined ? tightBox : elasticBox(tightBox, similar, frame, growthRule(settings));
  const rows = mask.data.subarray(tightBox[1] * mask.width, (tightBox[3] + 1) * mask.width);
  const weight = radialGaussian(centre, countOnes(rows), settings.gamma);
  return {
    tightBox,
    ...(settings.point ? { positive: centre } : {}),
    ...(negative === undefined ? {} : { negative }),
    ...(settings.box ? { box: grown } : {}),
    ...(settings.mask
      ? { maskLogits: maskPrompt(settings)(mask, weight, settings.omega, frame, tightBox) }
      : {}),
  };
}

function referencePrompts(
  mask: Mask,
  tightBox: Box,
  embedding: Float32Array,
  frame: Frame,
  settings: MethodSettings,
): Prompts {
  const { positive, negative, distance } = referencePoints(mask, tightBox);
  const similarity =
    settings.elasticBox && settings.box ? referenceSimilarity(embedding, mask, frame) : undefined;
  const box =
    similarity === undefined
      ? tightBox
      : referenceElasticBox(tightBox, similarity, frame, growthRule(settings));
  const grew = box.some((v, i) => v !== tightBox[i]);
  const peak = distance[positive.y * mask.width + positive.x]!;
  const weight = distanceGaussian(distance, peak, maskArea(mask), settings.gamma);
  return {
    tightBox,
    ...(settings.point ? { positive } : {}),
    ...(settings.negativePoint ? { negative } : {}),
    ...(settings.box ? { box } : {}),
    // The code drops the amplitude to ±1 where the box grew (section 5 of docs/method.md).
    ...(settings.mask
      ? { maskLogits: maskPrompt(settings)(mask, weight, grew ? 1 : settings.omega, frame, tightBox) }
      : {}),
  };
}

/** How the Gaussian mask reaches the decoder's grid. */
function maskPrompt({ maskOutline }: MethodSettings): typeof gaussianMask {
  return maskOutline === "hard" ? signedGaussianMask : gaussianMask;
}

function growthRule({ lambda, similarity, boxRounds, boxStep }: MethodSettings): {
  lambda: number;
  similarity: number;
  rounds: number;
  step: number;
} {
  return { lambda, similarity, rounds: boxRounds, step: boxStep };
}

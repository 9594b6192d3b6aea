/** How finely SAM's own masks are looked at when they prompt SAM again. */
import type { Frame } from "../frame.ts";
import type { Box, Point } from "../mask.ts";
import type { MethodSettings } from "../settings.ts";
import type { Prompts } from "./excavate.ts";

/** Pixels of the encoder's frame to a pixel of the prompt frame, along a side. */
const STEP = 2;

/**
 * The frame in which prompts are excavated from a mask out of the decoder: two pixels to a low-res cell, which is all that
 * its logits tell, or the photo's own where that is smaller. The published code's rules and the elastic box count photo
 * pixels.
 */
export function promptFrame(photo: Frame, { rules, box, elasticBox }: MethodSettings): Frame {
  const width = Math.ceil(photo.scaledWidth / STEP);
  const height = Math.ceil(photo.scaledHeight / STEP);
  const counts = rules === "reference" || (box && elasticBox);
  return counts || width >= photo.width || height >= photo.height ? photo : { ...photo, width, height };
}

/** Prompts found in one frame of a photo, in the pixels of another. */
export function promptsIn(prompts: Prompts, from: Frame, to: Frame): Prompts {
  if (from === to) return prompts;
  const sx = to.width / from.width;
  const sy = to.height / from.height;
  const point = ({ x, y }: Point): Point => ({
    x: Math.floor((x + 0.5) * sx),
    y: Math.floor((y + 0.5) * sy),
  });
  const box = ([x0, y0, x1, y1]: Box): Box => [
    Math.round(x0 * sx),
    Math.round(y0 * sy),
    Math.max(Math.round(x0 * sx), Math.round((x1 + 1) * sx) - 1),
    Math.max(Math.round(y0 * sy), Math.round((y1 + 1) * sy) - 1),
  ];
  return {
    ...prompts,
    tightBox: box(prompts.tightBox),
    ...(prompts.positive && { positive: point(prompts.positive) }),
    ...(prompts.negative && { negative: point(prompts.negative) }),
    ...(prompts.box && { box: box(prompts.box) }),
  };
}

import { frameOf } from "../core/frame.ts";
import type { Box } from "../core/mask.ts";
import { upscaleLogits } from "../core/upscale.ts";
import { blend } from "./blend.ts";
import type { Colour } from "./colour.ts";
import { crop } from "./crop.ts";
import { heatColour } from "./heat-colour.ts";
import type { Picture } from "./picture.ts";

const RAMP: readonly Colour[] = Array.from({ length: 256 }, (_, i) => heatColour(i / 255));

/**
 * A mask prompt as a heat map over the photo: the strongest logit of either sign is one end of the ramp.
 *
 * @param logits `Float32Array [256, 256]` row-major, over the padded 1024 frame of the photo
 * @param box part of the photo to show, both ends inclusive, within the photo; all of it when absent
 * @returns a picture of the box's size
 */
export function heat(photo: Picture, logits: Float32Array, box: Box = wholeBox(photo)): Picture {
  const [x0, y0, x1, y1] = box;
  const picture = crop(photo, box);
  const frame = frameOf(photo.width, photo.height);
  const { data } = upscaleLogits(logits, frame, "bilinear", { x0, y0, x1: x1 + 1, y1: y1 + 1 });
  const strongest = strength(logits);
  for (const [i, logit] of data.entries()) {
    const level = Math.min(1, Math.max(0, 0.5 + (0.5 * logit) / strongest));
    blend(picture, i, RAMP[Math.round(level * 255)]!, 0.5 + 0.35 * level);
  }
  return picture;
}

/** The box of a whole picture, both ends inclusive. */
export function wholeBox({ width, height }: { width: number; height: number }): Box {
  return [0, 0, width - 1, height - 1];
}

function strength(logits: Float32Array): number {
  const most = logits.reduce((max, logit) => Math.max(max, Math.abs(logit)), 0);
  return most > 0 ? most : 1;
}

/** The mask prompt as a translucent picture. */
import type { IterationPictures } from "../../protocol/views.ts";
import { heatColour } from "../../render/heat-colour.ts";
import { ink } from "./ink.ts";

type Heat = NonNullable<IterationPictures["heat"]>;

const made = new WeakMap<Heat, HTMLCanvasElement>();
/** The object's middle is opaque enough to be seen, its surroundings are clear. */
const LARGEST_OPACITY = 0.75;

/** A canvas of the mask prompt's own size: the strongest logit of either sign is one end of the ramp. */
export function heatImage(heat: Heat): HTMLCanvasElement {
  let canvas = made.get(heat);
  if (canvas === undefined) {
    canvas = document.createElement("canvas");
    canvas.width = heat.size;
    canvas.height = heat.size;
    const pixels = new Uint8ClampedArray(heatPixels(heat).buffer);
    canvas.getContext("2d")?.putImageData(new ImageData(pixels, heat.size), 0, 0);
    made.set(heat, canvas);
  }
  return canvas;
}

/** `Uint32Array [size, size]` as {@link ink} makes them. */
export function heatPixels({ values }: Heat): Uint32Array<ArrayBuffer> {
  const strongest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const ramp = Array.from({ length: 256 }, (_, i) =>
    ink(heatColour(i / 255), LARGEST_OPACITY * (i / 255) ** 0.7),
  );
  return Uint32Array.from(values, (value) => ramp[Math.round(127.5 + (127.5 * value) / strongest)]!);
}

/** Masks that prompts are excavated from: pixels are there while somebody looks at them. */
import type { Frame } from "../frame.ts";
import { type Mask, orInto } from "../mask.ts";
import { type Interpolation, paintPositive } from "../upscale.ts";

/** A mask of a photo. */
export interface Shape {
  /**
   * Sets the mask's pixels to 1.
   *
   * @param data `[height, width]` of the frame
   * @param frame the photo's own, or one of fewer pixels
   */
  readonly paint: (data: Uint8Array, frame: Frame) => void;
  /** The mask in photo pixels, where it is kept anyway. */
  readonly mask?: Mask;
}

/** The shape of a mask. */
export function maskShape(mask: Mask): Shape {
  return { paint: (data, frame) => orInto(data, sampled(mask, frame)), mask };
}

/**
 * The shape of positive logits.
 *
 * @param lowRes `Float32Array [256, 256]`
 */
export function logitShape(lowRes: Float32Array, interpolation: Interpolation): Shape {
  return { paint: (data, frame) => paintPositive(lowRes, frame, interpolation, data) };
}

/** What either of two shapes holds. */
export function unionShape(a: Shape, b: Shape): Shape {
  return {
    paint: (data, frame) => {
      a.paint(data, frame);
      b.paint(data, frame);
    },
  };
}

/** A mask of its own for whoever keeps it. */
export function shapeMask(shape: Shape, photo: Frame): Mask {
  if (shape.mask !== undefined) return shape.mask;
  const data = new Uint8Array(photo.width * photo.height);
  shape.paint(data, photo);
  return { width: photo.width, height: photo.height, data };
}

/** The mask's pixels in the middle of each pixel of a frame. */
function sampled({ width, height, data }: Mask, frame: Frame): Uint8Array {
  if (frame.width === width && frame.height === height) return data;
  const out = new Uint8Array(frame.width * frame.height);
  const columns = Int32Array.from({ length: frame.width }, (_, x) =>
    Math.floor(((x + 0.5) * width) / frame.width),
  );
  for (let y = 0, i = 0; y < frame.height; y++) {
    const row = Math.floor(((y + 0.5) * height) / frame.height) * width;
    for (let x = 0; x < frame.width; x++, i++) out[i] = data[row + columns[x]!]!;
  }
  return out;
}

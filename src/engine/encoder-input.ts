/** The encoder's input in the order of axes that a graph wants. */
import { ENCODER_SIZE } from "../core/frame.ts";
import type { Layout } from "./model-manifest.ts";

/** Shape of the input in each layout. */
export const INPUT_SHAPES: Readonly<Record<Layout, readonly number[]>> = {
  nchw: [1, 3, ENCODER_SIZE, ENCODER_SIZE],
  nhwc: [1, ENCODER_SIZE, ENCODER_SIZE, 3],
  chw: [3, ENCODER_SIZE, ENCODER_SIZE],
  hwc: [ENCODER_SIZE, ENCODER_SIZE, 3],
};

/**
 * The same values with the channels where the layout has them.
 *
 * @param planes `Float32Array [3, 1024, 1024]`
 */
export function arranged(planes: Float32Array, layout: Layout): Float32Array {
  if (layout.endsWith("chw")) return planes;
  const pixels = ENCODER_SIZE * ENCODER_SIZE;
  const interleaved = new Float32Array(3 * pixels);
  for (let c = 0; c < 3; c++)
    for (let i = 0, from = c * pixels; i < pixels; i++) interleaved[3 * i + c] = planes[from + i]!;
  return interleaved;
}

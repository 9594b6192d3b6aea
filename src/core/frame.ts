/** SAM's square input frame: the photo scaled so that its longest side is 1024, padded right and bottom. */

import { InputError } from "./errors.ts";

/** Side of the encoder's input in pixels. */
export const ENCODER_SIZE = 1024;
/** Side of the decoder's mask grid in cells. */
export const LOW_RES_SIZE = 256;
/** Side of the image embedding in cells. */
export const EMBEDDING_SIZE = 64;
/** Channels of the image embedding. */
export const EMBEDDING_CHANNELS = 256;

/** Where a photo lies in the encoder's frame. */
export interface Frame {
  /** Photo size in pixels. */
  readonly width: number;
  /** Photo height in pixels. */
  readonly height: number;
  /** Size of the scaled photo inside the 1024 frame, in frame pixels. */
  readonly scaledWidth: number;
  /** Height of the scaled photo, in frame pixels. */
  readonly scaledHeight: number;
}

/**
 * The frame of a photo: both sides scaled by 1024 / longest side and rounded half up, at least 1.
 *
 * @throws {InputError} for sides that are no whole numbers from 1 on
 */
export function frameOf(width: number, height: number): Frame {
  if (![width, height].every((side) => Number.isInteger(side) && side > 0))
    throw new InputError(
      `A photo of ${width}×${height} pixels has no frame: expected whole numbers from 1 on`,
    );
  const scale = ENCODER_SIZE / Math.max(width, height);
  return {
    width,
    height,
    scaledWidth: Math.max(1, Math.floor(width * scale + 0.5)),
    scaledHeight: Math.max(1, Math.floor(height * scale + 0.5)),
  };
}

/** Photo pixels covered by one cell of the low-res mask grid along its side. */
export function lowResCell({ width, height }: { width: number; height: number }): number {
  return Math.max(width, height) / LOW_RES_SIZE;
}

/** Image embeddings as scripts use them. */
import { OptionError } from "../core/errors.ts";
import { type Frame, frameOf } from "../core/frame.ts";
import type { ImageInput } from "../dataset/inputs.ts";
import { loadPhoto } from "../dataset/load-photo.ts";
import type { Engine } from "../engine/engine.ts";

/** What SAM's encoder makes of a photo: all that the decoder needs to know of it. */
export interface ImageEmbedding {
  /** Width of the photo as displayed, in pixels. */
  readonly width: number;
  /** Height of the photo as displayed, in pixels. */
  readonly height: number;
  /**
   * `Float32Array [256, 64, 64]`, channels first; the 64 × 64 cells lie over the padded square of the photo. Behind it the
   * early features that HQ-SAM's decoder takes, with those models.
   */
  readonly data: Float32Array;
  /** Runs of the encoder that it took: 0 where the cache had it. */
  readonly encoderRuns: 0 | 1;
}

/** Options of `embeddings`. */
export interface EmbeddingOptions {
  /** Stops before the encoder runs. */
  readonly signal?: AbortSignal;
}

/** Reads a photo and encodes it, or takes what the cache has. */
export async function embed(
  engine: Engine,
  image: ImageInput,
  { signal }: EmbeddingOptions,
  pixelLimit: number,
): Promise<ImageEmbedding> {
  signal?.throwIfAborted();
  const { photo, identity } = await loadPhoto(image, [], pixelLimit, signal);
  signal?.throwIfAborted();
  const { embedding, encoderRuns } = await engine.encode(photo, identity);
  return { width: photo.width, height: photo.height, data: embedding, encoderRuns };
}

/**
 * Checks an embedding, and says where its photo lies in the encoder's square.
 *
 * @param values of an embedding of this model
 * @throws {OptionError} for one of another size
 */
export function embeddingFrame({ width, height, data }: ImageEmbedding, values: number): Frame {
  if (!(data instanceof Float32Array) || data.length !== values)
    throw new OptionError(`The embedding has ${data?.length} values: expected a Float32Array of ${values}`);
  if (![width, height].every((side) => Number.isInteger(side) && side > 0))
    throw new OptionError(
      `The embedding's photo is ${width}×${height} pixels: expected whole numbers from 1 on`,
    );
  return frameOf(width, height);
}

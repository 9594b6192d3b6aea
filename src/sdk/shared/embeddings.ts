/** Image embeddings with the shared refiner. */
import type { ImageInput } from "../../dataset/inputs.ts";
import type { EmbeddingOptions, ImageEmbedding } from "../embeddings.ts";
import { sharedRefiner } from "./shared-refiner.ts";

/**
 * What SAM's encoder makes of a photo, from the cache where it is known.
 *
 * @throws {InputError} when the photo is missing or broken
 * @throws the signal's reason when aborted
 * @example
 * ```ts
 * import { embeddings } from "samrefiner";
 * const { data } = await embeddings("examples/sample/photo.jpg");
 * console.log(data.length === 256 * 64 * 64); // true
 * ```
 */
export async function embeddings(image: ImageInput, options: EmbeddingOptions = {}): Promise<ImageEmbedding> {
  return (await sharedRefiner()).embeddings(image, options);
}

/** Own prompts with the shared refiner. */
import type { DecodedCandidate, DecodeOptions, DecodePrompts } from "../decode.ts";
import type { ImageEmbedding } from "../embeddings.ts";
import { sharedRefiner } from "./shared-refiner.ts";

/**
 * Asks SAM's decoder with prompts of the caller, without the method around it.
 *
 * @param embedding of the photo, see {@link embeddings}
 * @param prompts in photo pixels; at least one
 * @returns a candidate for every token, in their order
 * @throws {OptionError} without any prompt, for places outside of the photo, and for arrays of another size
 * @throws the signal's reason when aborted
 * @example
 * ```ts
 * import { decode, embeddings } from "samrefiner";
 * const embedding = await embeddings("examples/sample/photo.jpg");
 * const candidates = await decode(embedding, { own: [{ x: 400, y: 300, positive: true }] });
 * console.log(candidates.map(({ predictedIoU }) => predictedIoU));
 * ```
 */
export async function decode(
  embedding: ImageEmbedding,
  prompts: DecodePrompts,
  options: DecodeOptions = {},
): Promise<DecodedCandidate[]> {
  return (await sharedRefiner()).decode(embedding, prompts, options);
}

/** Runs cascades to their end on a decoder, in lockstep batches. */
import { frameOf } from "../core/frame.ts";
import type { Cascade, CascadeResult, EncodedPhoto } from "./cascade.ts";
import type { Decoder } from "./decoder.ts";

/** Results in the order of the cascades, and what they cost. */
export interface CascadeRun {
  readonly results: CascadeResult[];
  /** Runs of the encoder for second looks on crops; that of the photo itself is not among them. */
  readonly encoderRuns: number;
  /** Milliseconds inside the encoder's runtime for those. */
  readonly encodeMs: number;
  readonly decoderRuns: number;
  /** Milliseconds inside the decoder's runtime. */
  readonly decodeMs: number;
  /** Milliseconds outside it. */
  readonly methodMs: number;
}

/**
 * Drives cascades of one photo to their end.
 *
 * @param batch most prompts of one decoder run
 * @throws the signal's reason, checked before every decoder run
 */
export async function driveCascades(
  cascades: readonly Cascade[],
  decoder: Pick<Decoder, "decode" | "elapsed">,
  { embedding, photo }: EncodedPhoto,
  batch: number,
  signal?: AbortSignal,
): Promise<CascadeRun> {
  const frame = frameOf(photo.width, photo.height);
  const start = performance.now();
  const before = decoder.elapsed;
  let decoderRuns = 0;
  const results: CascadeResult[] = [];
  for (let first = 0; first < cascades.length; first += batch) {
    const group = cascades.slice(first, first + batch);
    for (;;) {
      signal?.throwIfAborted();
      const asking = group.flatMap((cascade) => {
        const prompts = cascade.prompts();
        return prompts === undefined ? [] : [{ cascade, prompts }];
      });
      if (asking.length === 0) break;
      const answers = await decoder.decode(
        embedding,
        asking.map(({ prompts }) => prompts),
        frame,
      );
      decoderRuns += asking.length;
      for (const [i, { cascade }] of asking.entries()) cascade.accept(answers[i]!);
    }
    for (const cascade of group) results.push(cascade.finish());
  }
  const decodeMs = decoder.elapsed - before;
  const methodMs = performance.now() - start - decodeMs;
  return { results, encoderRuns: 0, encodeMs: 0, decoderRuns, decodeMs, methodMs };
}

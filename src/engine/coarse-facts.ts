/** What every refinement of a coarse mask works out from it and its photo alone. */
import { boundaryContrast } from "../core/boundary-contrast.ts";
import { type ContrastView, contrastView } from "../core/contrast-view.ts";
import { frameOf } from "../core/frame.ts";
import { embeddingWitness } from "../core/gate/embedding-witness.ts";
import { lookalikes } from "../core/growth/lookalikes.ts";
import type { Photo } from "../core/lab.ts";
import { type Box, type Mask, maskBox } from "../core/mask.ts";
import { lowResMask } from "../core/prompts/gaussian-mask.ts";

/** The photo and embedding of a mask. */
interface Ground {
  readonly photo: Photo;
  readonly embedding: Float32Array;
}

const known = new WeakMap<Mask, CoarseFacts>();

/** The facts of a mask that is not empty; whoever refines the very same object again finds them worked out. */
export function coarseFacts(ground: Ground, mask: Mask): CoarseFacts {
  const found = known.get(mask);
  if (found?.isOf(ground)) return found;
  const facts = new CoarseFacts(ground, mask);
  known.set(mask, facts);
  return facts;
}

/** See {@link coarseFacts}; each is worked out when it is first asked for. */
export class CoarseFacts {
  readonly #ground: Ground;
  readonly #mask: Mask;
  #box: Box | undefined;
  #view: ContrastView | undefined;
  #contrast: number | undefined;
  #lowRes: Uint8Array | undefined;
  #witness: ReturnType<typeof embeddingWitness> | undefined;
  #lookalikes: { readonly found: Float32Array | undefined } | undefined;

  constructor({ photo, embedding }: Ground, mask: Mask) {
    this.#ground = { photo, embedding };
    this.#mask = mask;
  }

  /** Whether they are of this photo. */
  isOf({ photo, embedding }: Ground): boolean {
    return photo === this.#ground.photo && embedding === this.#ground.embedding;
  }

  /** Tight box of the mask, both ends inclusive. */
  get box(): Box {
    this.#box ??= maskBox(this.#mask)!;
    return this.#box;
  }

  /** Where masks of the object are compared. */
  get view(): ContrastView {
    this.#view ??= contrastView(this.#ground.photo, this.box);
    return this.#view;
  }

  /** Boundary contrast of the mask. */
  get contrast(): number {
    this.#contrast ??= boundaryContrast(this.view, this.#mask);
    return this.#contrast;
  }

  /** The mask on the decoder's grid, `Uint8Array [256, 256]`. */
  get lowRes(): Uint8Array {
    const { width, height } = this.#ground.photo;
    this.#lowRes ??= lowResMask(this.#mask, frameOf(width, height), this.box);
    return this.#lowRes;
  }

  /** Confirms candidates by their embeddings, see {@link embeddingWitness}. */
  get witness(): ReturnType<typeof embeddingWitness> {
    const { embedding, photo } = this.#ground;
    this.#witness ??= embeddingWitness(embedding, frameOf(photo.width, photo.height), this.lowRes);
    return this.#witness;
  }

  /** What looks like the mask in embedding space, see {@link lookalikes}. */
  get lookalikes(): Float32Array | undefined {
    const { embedding, photo } = this.#ground;
    this.#lookalikes ??= {
      found: lookalikes(embedding, this.lowRes, this.lowRes, frameOf(photo.width, photo.height)),
    };
    return this.#lookalikes.found;
  }
}

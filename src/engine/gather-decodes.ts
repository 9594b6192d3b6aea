/** One decoder for many askers: what is asked at about the same time is decoded at once. */
import { frameOf } from "../core/frame.ts";
import type { Prompts } from "../core/prompts/excavate.ts";
import type { EncodedPhoto } from "./cascade.ts";
import type { Decoded, Decoder } from "./decoder.ts";

/** An answer, and the device's milliseconds that went into it. */
export interface Gathered {
  readonly decoded: readonly Decoded[];
  readonly ms: number;
}

interface Asked {
  readonly encoded: EncodedPhoto;
  readonly prompts: readonly Prompts[];
  readonly resolve: (gathered: Gathered) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers questions while the device is busy, and asks them photo by photo. */
export class GatheringDecoder {
  readonly #decoder: Pick<Decoder, "decode" | "elapsed">;
  readonly #batch: number;
  readonly #asked: Asked[] = [];
  #isBusy = false;

  /** @param batch most prompts of one decoder run */
  constructor(decoder: Pick<Decoder, "decode" | "elapsed">, batch: number) {
    this.#decoder = decoder;
    this.#batch = batch;
  }

  decode(encoded: EncodedPhoto, prompts: readonly Prompts[]): Promise<Gathered> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ encoded, prompts, resolve, reject });
      if (!this.#isBusy) void this.#answerAll();
    });
  }

  async #answerAll(): Promise<void> {
    this.#isBusy = true;
    while (this.#asked.length > 0) {
      // Questions of other workers that have been sent already come in.
      await new Promise((resolve) => setImmediate(resolve));
      await this.#answer(this.#next());
    }
    this.#isBusy = false;
  }

  /** The oldest question, and others on its photo as far as they fit. */
  #next(): Asked[] {
    const { encoded } = this.#asked[0]!;
    const group: Asked[] = [];
    let count = 0;
    for (const asked of [...this.#asked]) {
      if (asked.encoded !== encoded) continue;
      if (group.length > 0 && count + asked.prompts.length > this.#batch) break;
      this.#asked.splice(this.#asked.indexOf(asked), 1);
      group.push(asked);
      count += asked.prompts.length;
    }
    return group;
  }

  async #answer(group: readonly Asked[]): Promise<void> {
    const { photo, embedding } = group[0]!.encoded;
    const before = this.#decoder.elapsed;
    try {
      const prompts = group.flatMap((asked) => asked.prompts);
      const decoded = await this.#decoder.decode(embedding, prompts, frameOf(photo.width, photo.height));
      const ms = (this.#decoder.elapsed - before) / prompts.length;
      let next = 0;
      for (const asked of group) {
        const own = decoded.slice(next, next + asked.prompts.length);
        next += own.length;
        asked.resolve({ decoded: own, ms: ms * own.length });
      }
    } catch (error) {
      for (const asked of group) asked.reject(error);
    }
  }
}

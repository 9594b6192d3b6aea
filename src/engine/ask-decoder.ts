/** A decoder that is somewhere else: a worker's way to the device, which one thread alone may use. */
import type { MessagePort } from "node:worker_threads";
import { type ErrorData, unpackError } from "../core/errors.ts";
import type { Prompts } from "../core/prompts/excavate.ts";
import type { Decoded } from "./decoder.ts";

/** What a worker asks. */
export interface Question {
  readonly ask: readonly Prompts[];
}

/** What it is told. */
export interface Reply {
  readonly decoded?: readonly Decoded[];
  /** Milliseconds of the device's time that went into it. */
  readonly ms?: number;
  readonly refused?: ErrorData;
}

/** Asks through a port, one question at a time. */
export class AskDecoder {
  readonly #port: MessagePort;
  #elapsed = 0;
  #waiting: { resolve: (decoded: Decoded[]) => void; reject: (error: unknown) => void } | undefined;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  get elapsed(): number {
    return this.#elapsed;
  }

  /** Decodes prompts on the photo of the region under way. */
  decode(_embedding: Float32Array, prompts: readonly Prompts[]): Promise<Decoded[]> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#port.postMessage({ ask: prompts } satisfies Question);
    });
  }

  /** Takes the reply to the last question. */
  take({ decoded, ms = 0, refused }: Reply): void {
    this.#elapsed += ms;
    if (decoded !== undefined) this.#waiting?.resolve([...decoded]);
    else this.#waiting?.reject(unpackError(refused!));
    this.#waiting = undefined;
  }
}

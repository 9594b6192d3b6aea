/** The image encoder: photo to image embedding. */

import { ModelError } from "../core/errors.ts";
import { EMBEDDING_CHANNELS, EMBEDDING_SIZE, ENCODER_SIZE } from "../core/frame.ts";
import type { Photo } from "../core/lab.ts";
import type { DeviceName } from "./devices.ts";
import type { EncoderContract } from "./model-manifest.ts";
import { INPUT_VALUES, preprocess } from "./preprocess.ts";
import { floatTensor, openSession, type Session } from "./sessions.ts";

/** SAM's image encoder on one device. */
export class Encoder {
  readonly #session: Session;
  readonly #contract: EncoderContract;
  #spare: Float32Array | undefined;

  private constructor(session: Session, contract: EncoderContract) {
    this.#session = session;
    this.#contract = contract;
  }

  /**
   * Opens the encoder.
   *
   * @throws {ModelError} when the file is no encoder of the expected contract
   */
  static async open(
    path: string,
    contract: EncoderContract,
    device: DeviceName,
    threads: number,
  ): Promise<Encoder> {
    const session = await openSession(path, path, device, threads);
    try {
      return new Encoder(session, checkContract(session, contract, path));
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** Statistics that the cache key must name. */
  get contract(): EncoderContract {
    return this.#contract;
  }

  /** The embedding of a photo, `Float32Array [256, 64, 64]`. */
  async encode(photo: Photo): Promise<Float32Array> {
    // One input is kept from photo to photo: fresh memory costs more time than filling it. Calls at once get their own.
    const spare = this.#spare ?? new Float32Array(INPUT_VALUES);
    this.#spare = undefined;
    const embedding = await this.run(await preprocess(photo, this.#contract, spare));
    this.#spare = spare;
    return embedding;
  }

  /**
   * Runs the encoder on a prepared input.
   *
   * @param input `Float32Array [1, 3, 1024, 1024]`
   */
  async run(input: Float32Array): Promise<Float32Array> {
    const tensor = floatTensor(input, [1, 3, ENCODER_SIZE, ENCODER_SIZE]);
    const output = (await this.#session.run({ [this.#contract.input]: tensor }))[this.#contract.output]!;
    const data = (await output.getData()) as Float32Array;
    output.dispose();
    return data;
  }

  /** Milliseconds inside the runtime so far. */
  get elapsed(): number {
    return this.#session.elapsed;
  }

  /** Frees the model's memory until the next run. */
  rest(): Promise<void> {
    return this.#session.rest();
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

const INPUT_SHAPE = [1, 3, ENCODER_SIZE, ENCODER_SIZE];
const OUTPUT_SHAPE = [1, EMBEDDING_CHANNELS, EMBEDDING_SIZE, EMBEDDING_SIZE];

/** Checks names and shapes; empty names in the contract (own files) are taken from the graph. */
function checkContract(session: Session, contract: EncoderContract, path: string): EncoderContract {
  const input = pick(session.inputs, contract.input, INPUT_SHAPE, path, "input");
  const output = pick(session.outputs, contract.output, OUTPUT_SHAPE, path, "output");
  return { ...contract, input, output };
}

interface ValueInfo {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

function pick(
  values: readonly unknown[],
  name: string,
  shape: readonly number[],
  path: string,
  kind: string,
): string {
  const infos = values as readonly ValueInfo[];
  const candidates = infos.filter((info) => (name === "" ? true : info.name === name));
  const match = candidates.find((info) => info.type === "float32" && fits(info.shape ?? [], shape));
  if (match !== undefined) return match.name;
  const found = infos.map((info) => `${info.name} ${info.type} [${info.shape?.join(", ")}]`).join("; ");
  throw new ModelError(
    `${path} has no ${kind} ${name === "" ? "" : `"${name}" `}float32 [${shape.join(", ")}]: found ${found}`,
  );
}

function fits(found: readonly (number | string)[], wanted: readonly number[]): boolean {
  return (
    found.length === wanted.length &&
    found.every((size, i) => typeof size === "string" || size < 1 || size === wanted[i])
  );
}

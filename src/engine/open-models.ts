/** Opening a model's encoder and decoder on a device, and checking that the device can be believed. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Decoder, loadDecoder } from "./decoder.ts";
import type { DeviceName } from "./devices.ts";
import { Encoder } from "./encoder.ts";
import type { EngineOptions } from "./engine.ts";
import type { SelfTestRecord } from "./model-manifest.ts";
import type { ModelOnDisk } from "./model-store.ts";
import type { OptimisedGraphs } from "./optimised-graphs.ts";
import { Placement } from "./placement.ts";
import type { RewrittenDecoder } from "./rewrite-decoder.ts";
import { compareRecords, keptRecord, selfTestRecord, selfTestRecords } from "./self-test.ts";

/** What an engine works with. */
export interface Opened {
  readonly place: Placement;
  readonly encoder: Encoder;
  readonly decoder: Decoder;
  readonly rewritten: RewrittenDecoder;
}

/** The decoder for each device: the CPU's is optimised, all others take the same. */
export class DecoderSource {
  readonly graphs: OptimisedGraphs;
  readonly #path: string;
  #rewritten: Promise<RewrittenDecoder> | undefined;

  constructor({ decoderPath }: ModelOnDisk, graphs: OptimisedGraphs) {
    this.#path = decoderPath;
    this.graphs = graphs;
  }

  for(device: DeviceName): Promise<RewrittenDecoder> {
    return device === "cpu" ? this.graphs.decoder(() => this.rewritten()) : this.rewritten();
  }

  rewritten(): Promise<RewrittenDecoder> {
    this.#rewritten ??= loadDecoder(this.#path);
    return this.#rewritten;
  }
}

/**
 * Opens the encoder of a model.
 *
 * @param decoder may take more of the encoder than the embedding
 * @param graphs where the CPU's graph is kept; without them the encoder is opened as its file has it
 * @throws {ModelError} when the file is no encoder of the expected contract
 */
export function openEncoder(
  on: DeviceName | Placement,
  { encoderPath, encoderData, manifest }: ModelOnDisk,
  { features }: Pick<RewrittenDecoder, "features">,
  threads: number,
  graphs?: OptimisedGraphs,
): Promise<Encoder> {
  const optimised = graphs && (() => graphs.encoder());
  const sourceServes = manifest.encoder.quantise === undefined;
  const needs = { features, data: encoderData, optimised, sourceServes };
  return Encoder.open(encoderPath, manifest.encoder, on, threads, needs);
}

/** CPU threads of one run. */
export function threadsOf(options: EngineOptions): number {
  return options.threads ?? availableParallelism();
}

/**
 * Opens a model on a device; other devices than the CPU have to agree with it.
 *
 * @throws {ModelError} when the model is broken
 * @throws {Error} when the device does not work, or disagrees
 */
export async function openOn(
  device: DeviceName,
  model: ModelOnDisk,
  source: DecoderSource,
  options: EngineOptions,
): Promise<Opened> {
  const threads = threadsOf(options);
  const place = new Placement(device, options.onNotice);
  const rewritten = await source.for(device);
  const encoder = await openEncoder(place, model, rewritten, threads, source.graphs);
  try {
    const decoder = await Decoder.open(rewritten, model.decoderPath, place, threads);
    const opened = { place, encoder, decoder, rewritten };
    if (device !== "cpu") await checkDeviceAgrees(opened, model, options);
    place.trust();
    return opened;
  } catch (error) {
    await encoder.close();
    throw error;
  }
}

/** Encoder, decoder and its batch axis: two equal rows, each of which must be what the CPU computed. */
async function checkDeviceAgrees(
  { encoder, decoder, rewritten }: Opened,
  model: ModelOnDisk,
  options: EngineOptions,
): Promise<void> {
  try {
    const found = await selfTestRecords(encoder, decoder, 2);
    const expected = await cpuRecord(model, rewritten, options);
    const complaint = found.map((record) => compareRecords(record, expected)).find(Boolean);
    if (complaint !== undefined) throw new Error(complaint);
  } catch (error) {
    await decoder.close();
    throw error;
  }
}

/** The CPU's record: shipped in the manifest, or computed once for own models and kept. */
async function cpuRecord(
  model: ModelOnDisk,
  rewritten: RewrittenDecoder,
  options: EngineOptions,
): Promise<SelfTestRecord> {
  if (model.manifest.selfTest !== undefined) return model.manifest.selfTest;
  const file = options.cacheDir && join(options.cacheDir, "self-test", `${model.sha256}.json`);
  return keptRecord(file, () => computeCpuRecord(model, rewritten, threadsOf(options)));
}

/** Runs the self-test's input on the CPU, in the precision that devices have too. */
export async function computeCpuRecord(
  model: ModelOnDisk,
  rewritten: RewrittenDecoder,
  threads: number,
): Promise<SelfTestRecord> {
  const encoder = await openEncoder("cpu", model, rewritten, threads);
  const decoder = await Decoder.open(rewritten, model.decoderPath, "cpu", threads);
  const record = await selfTestRecord(encoder, decoder);
  await encoder.close();
  await decoder.close();
  return record;
}

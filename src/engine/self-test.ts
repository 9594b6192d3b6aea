/** Start-up self-test: a device must compute what the CPU computed before it is trusted. */
import { ENCODER_SIZE, type Frame, LOW_RES_SIZE } from "../core/frame.ts";
import type { Prompts } from "../core/prompts/excavate.ts";
import type { Decoder } from "./decoder.ts";
import { EMBEDDING_VALUES } from "./embedding-values.ts";
import type { Encoder } from "./encoder.ts";
import { keptJSON } from "./kept-json.ts";
import type { SelfTestRecord } from "./model-manifest.ts";

/** Samples kept of each output. */
const SAMPLES = 64;
/** Largest difference in embedding values, predicted IoU and logits; an fp16 device stays well inside. */
const TOLERANCE = { embedding: 0.05, predictedIoU: 0.01, logits: 0.5 } as const;

/** Runs the model on the fixed input. */
export async function selfTestRecord(encoder: Encoder, decoder: Decoder): Promise<SelfTestRecord> {
  const [record] = await selfTestRecords(encoder, decoder, 1);
  return record!;
}

/** As {@link selfTestRecord}, with the same prompts several times in one decoder run: a record of each. */
export async function selfTestRecords(
  encoder: Encoder,
  decoder: Decoder,
  batch: number,
): Promise<SelfTestRecord[]> {
  const embedding = await encoder.run(testInput());
  const prompts = Array.from({ length: batch }, testPrompts);
  const decoded = await decoder.decode(embedding, prompts, TEST_FRAME);
  return decoded.map(({ predictedIoU, lowRes }) => ({
    embedding: sampled(embedding.subarray(0, EMBEDDING_VALUES)),
    predictedIoU: Array.from(predictedIoU, round),
    logits: sampled(lowRes),
  }));
}

/** Milliseconds of one decoder run with so many masks, after a first one that compiles what it needs. */
export async function decodeTime(decoder: Decoder, batch: number): Promise<number> {
  const embedding = new Float32Array(decoder.embeddingValues).fill(0.1);
  const prompts = Array.from({ length: batch }, testPrompts);
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const before = performance.now();
    await decoder.decode(embedding, prompts, TEST_FRAME);
    times.push(performance.now() - before);
    // Where one run takes seconds, a second one says nothing new.
    if (times[i]! > 1000) break;
  }
  return Math.min(...times);
}

/**
 * Compares a device's record with the CPU's.
 *
 * @returns `undefined` when they agree, else one sentence with the largest difference
 */
export function compareRecords(found: SelfTestRecord, expected: SelfTestRecord): string | undefined {
  for (const part of ["embedding", "predictedIoU", "logits"] as const) {
    const difference = largestDifference(found[part], expected[part]);
    if (!(difference <= TOLERANCE[part])) {
      return `self-test failed: ${part} differs from the CPU by ${difference.toPrecision(3)}, at most ${TOLERANCE[part]} is allowed`;
    }
  }
  return undefined;
}

/** A record that is computed once and kept in a file, see {@link keptJSON}. */
export function keptRecord(
  file: string | undefined,
  compute: () => Promise<SelfTestRecord>,
): Promise<SelfTestRecord> {
  return keptJSON(file, asRecord, compute);
}

function asRecord(value: unknown): SelfTestRecord | undefined {
  const { embedding, predictedIoU, logits } = value as Record<string, unknown>;
  const complete =
    isNumbers(embedding) &&
    embedding.length === SAMPLES &&
    isNumbers(logits) &&
    logits.length === SAMPLES &&
    isNumbers(predictedIoU) &&
    predictedIoU.length > 0;
  return complete ? { embedding, predictedIoU, logits } : undefined;
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(Number.isFinite);
}

function largestDifference(found: readonly number[], expected: readonly number[]): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  // NaN must fail: comparisons with it are false, so it is looked for.
  return found.reduce(
    (most, v, i) => (Number.isNaN(v) ? Number.NaN : Math.max(most, Math.abs(v - expected[i]!))),
    0,
  );
}

const TEST_FRAME: Frame = {
  width: ENCODER_SIZE,
  height: ENCODER_SIZE,
  scaledWidth: ENCODER_SIZE,
  scaledHeight: ENCODER_SIZE,
};

/** A bright disc on waves: something to segment, made of few operations that every machine rounds alike. */
function testInput(): Float32Array {
  const input = new Float32Array(3 * ENCODER_SIZE * ENCODER_SIZE);
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < ENCODER_SIZE; y++) {
      for (let x = 0; x < ENCODER_SIZE; x++) {
        const inside = (x - 512) ** 2 + (y - 480) ** 2 < 220 ** 2;
        const wave = ((x * (c + 1) + y * 3) % 96) / 96 - 0.5;
        input[(c * ENCODER_SIZE + y) * ENCODER_SIZE + x] = inside ? 1.6 - 0.4 * c + 0.2 * wave : wave - 0.8;
      }
    }
  }
  return input;
}

function testPrompts(): Prompts {
  const maskLogits = new Float32Array(LOW_RES_SIZE * LOW_RES_SIZE).fill(-15);
  for (let y = 70; y < 170; y++) maskLogits.fill(8, y * LOW_RES_SIZE + 80, y * LOW_RES_SIZE + 180);
  const box = [288, 256, 736, 704] as const;
  return { positive: { x: 512, y: 480 }, tightBox: box, box, maskLogits };
}

/** Golden-ratio steps: an even stride falls on the same column, or cell, in every row. */
function sampled(values: Float32Array): number[] {
  const golden = 0.6180339887498949;
  return Array.from({ length: SAMPLES }, (_, i) => {
    const share = ((i + 1) * golden) % 1;
    return round(values[Math.floor(share * values.length)]!);
  });
}

function round(value: number): number {
  return Number(value.toPrecision(7));
}

/** How many masks a device decodes best at once: found by measuring, and remembered. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { keptJSON } from "./kept-json.ts";

/** What a measurement depends on. */
export interface BatchKey {
  readonly device: string;
  readonly adapter: string;
  /** sha256 of the model. */
  readonly model: string;
  /** Version of ONNX Runtime. */
  readonly runtime: string;
}

/** What was measured. */
export interface BatchMeasure {
  /** The size to use. */
  readonly batch: number;
  /** Milliseconds of a decoder run by its number of masks. */
  readonly runs: readonly { readonly batch: number; readonly ms: number }[];
}

const SIZES = [1, 2, 4, 8, 16, 32] as const;
/** A larger batch must be worth its memory: at most this share of the best time of a mask so far. */
const GAIN = 0.93;
/** A device on which measuring takes longer than this is given one mask at a time, or what was best until then. */
const PATIENCE_MS = 3000;

/**
 * Doubles the batch while a mask gets cheaper by it.
 *
 * @param time milliseconds of one decoder run with so many masks
 */
export async function measureBatch(time: (batch: number) => Promise<number>): Promise<BatchMeasure> {
  const runs: { batch: number; ms: number }[] = [];
  let [best, least] = [1, Number.POSITIVE_INFINITY];
  let spent = 0;
  for (const batch of SIZES) {
    const ms = await time(batch);
    runs.push({ batch, ms });
    spent += ms;
    if (ms / batch > least * GAIN) break;
    [best, least] = [batch, ms / batch];
    if (spent > PATIENCE_MS) break;
  }
  return { batch: best, runs };
}

/** The batch size for a device, measured when nobody has done so before. */
export async function batchSize(
  cacheDir: string | undefined,
  key: BatchKey,
  time: (batch: number) => Promise<number>,
): Promise<number> {
  const text = [key.device, key.adapter, key.model, key.runtime].join("\n");
  const name = `${createHash("sha256").update(text).digest("hex")}.json`;
  const file = cacheDir === undefined ? undefined : join(cacheDir, "batch-sizes", name);
  const measured = await keptJSON(file, asMeasure, async () => ({ ...(await measureBatch(time)), key }));
  return measured.batch;
}

function asMeasure(value: unknown): BatchMeasure | undefined {
  const { batch, runs } = value as Partial<BatchMeasure>;
  const isKnown = (SIZES as readonly unknown[]).includes(batch) && Array.isArray(runs);
  return isKnown ? (value as BatchMeasure) : undefined;
}

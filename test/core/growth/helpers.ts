/** Synthetic embeddings: what a cell shows is known, so what growth must find is too. */

import type { EmbeddingGrid } from "../../../src/core/cell-coverage.ts";
import { EMBEDDING_CHANNELS, EMBEDDING_SIZE } from "../../../src/core/frame.ts";
import type { Mask } from "../../../src/core/mask.ts";
import { numbers } from "../arbitrary.ts";

/**
 * An embedding `[256, 64, 64]` of two stuffs: cells of the drawing marked `#` show one, all others the other; a little
 * noise keeps cells apart.
 */
export function embeddingOf({ width, height, data }: Mask, noise = 0.05): Float32Array {
  const random = numbers(7);
  const embedding = new Float32Array(EMBEDDING_CHANNELS * EMBEDDING_SIZE * EMBEDDING_SIZE);
  for (let k = 0, i = 0; k < EMBEDDING_CHANNELS; k++) {
    const [stuff, other] = [random() - 0.5, random() - 0.5];
    for (let y = 0; y < EMBEDDING_SIZE; y++) {
      for (let x = 0; x < EMBEDDING_SIZE; x++, i++) {
        const shown = x < width && y < height && data[y * width + x] === 1 ? stuff : other;
        embedding[i] = shown + noise * (random() - 0.5);
      }
    }
  }
  return embedding;
}

/** The grid of a drawing that fills it, and the coverage 0 or 1 of its cells. */
export function cellsOf({ width, height, data }: Mask): { grid: EmbeddingGrid; coverage: Float32Array } {
  return { grid: { columns: width, rows: height }, coverage: Float32Array.from(data) };
}

/** Logits `[256, 256]` of a drawing of embedding cells: 5 inside, −5 outside. */
export function logitsOf({ width, height, data }: Mask): Float32Array {
  const logits = new Float32Array(256 * 256).fill(-5);
  for (let y = 0; y < height * 4; y++) {
    for (let x = 0; x < width * 4; x++) {
      if (data[Math.floor(y / 4) * width + Math.floor(x / 4)] === 1) logits[y * 256 + x] = 5;
    }
  }
  return logits;
}

/** A mask `[256, 256]` of a drawing of embedding cells. */
export function lowResOf(drawing: Mask): Uint8Array {
  return Uint8Array.from(logitsOf(drawing), (v) => (v > 0 ? 1 : 0));
}

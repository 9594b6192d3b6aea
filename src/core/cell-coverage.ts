/** Masks on the grid of the image embedding. */
import { EMBEDDING_SIZE, ENCODER_SIZE, type Frame, LOW_RES_SIZE } from "./frame.ts";

const CELL_PIXELS = ENCODER_SIZE / EMBEDDING_SIZE;
const STEP = LOW_RES_SIZE / EMBEDDING_SIZE;

/** The cells of the 64×64 embedding grid that show the photo. */
export interface EmbeddingGrid {
  readonly columns: number;
  readonly rows: number;
}

/** The cells of a photo; those at its right and bottom may be partly padding. */
export function embeddingGrid(frame: Frame): EmbeddingGrid {
  return {
    columns: Math.ceil(frame.scaledWidth / CELL_PIXELS),
    rows: Math.ceil(frame.scaledHeight / CELL_PIXELS),
  };
}

/**
 * Share of each embedding cell that a mask covers, 0..1.
 *
 * @param lowRes `[256, 256]`: positive inside the mask (logits or a mask of 0 and 1)
 * @returns `Float32Array [rows, columns]` row-major
 */
export function cellCoverage(
  lowRes: Float32Array | Uint8Array,
  { columns, rows }: EmbeddingGrid,
): Float32Array {
  const coverage = new Float32Array(columns * rows);
  for (let y = 0; y < rows * STEP; y++) {
    const row = Math.floor(y / STEP) * columns;
    for (let x = 0, i = y * LOW_RES_SIZE; x < columns * STEP; x++, i++) {
      const cell = row + Math.floor(x / STEP);
      if (lowRes[i]! > 0) coverage[cell] = coverage[cell]! + 1 / (STEP * STEP);
    }
  }
  return coverage;
}

/** How much each part of the photo resembles the object in embedding space (Eq. 1 and 2). */
import { EMBEDDING_CHANNELS, EMBEDDING_SIZE, ENCODER_SIZE, type Frame } from "../frame.ts";
import type { Mask } from "../mask.ts";

const CELLS = EMBEDDING_SIZE * EMBEDDING_SIZE;
const CELL_PIXELS = ENCODER_SIZE / EMBEDDING_SIZE;

/** Cosine similarity to the object at a photo pixel, −1..1. */
export type SimilarityMap = (x: number, y: number) => number;

/** The part of the 64×64 grid that belongs to the photo, and where photo pixels fall on it. */
interface Grid {
  readonly columns: number;
  readonly rows: number;
  /** Grid column of a photo column, fractional. */
  readonly u: (x: number) => number;
  /** Grid row of a photo row, fractional. */
  readonly v: (y: number) => number;
}

/**
 * The cosine between the object's mean embedding and the embedding at each photo pixel (Eq. 1 and 2): the
 * embedding is interpolated bilinearly **before** the cosine, as the paper resizes F itself.
 *
 * @param embedding `Float32Array [256, 64, 64]` row-major
 * @returns a function of the photo pixel, or `undefined` when the mask vanishes on the 64×64 grid (no query)
 */
export function similarityMap(embedding: Float32Array, mask: Mask, frame: Frame): SimilarityMap | undefined {
  const columns = Math.ceil(frame.scaledWidth / CELL_PIXELS);
  const rows = Math.ceil(frame.scaledHeight / CELL_PIXELS);
  const u = (x: number) => ((x + 0.5) * frame.scaledWidth) / frame.width / CELL_PIXELS - 0.5;
  const v = (y: number) => ((y + 0.5) * frame.scaledHeight) / frame.height / CELL_PIXELS - 0.5;
  return cosineMap(embedding, mask, { columns, rows, u, v });
}

/** The published code's map: the grid cut to whole cells and stretched over the photo. */
export function referenceSimilarity(
  embedding: Float32Array,
  mask: Mask,
  frame: Frame,
): SimilarityMap | undefined {
  const columns = Math.max(1, Math.floor(frame.scaledWidth / CELL_PIXELS));
  const rows = Math.max(1, Math.floor(frame.scaledHeight / CELL_PIXELS));
  const u = (x: number) => ((x + 0.5) * columns) / frame.width - 0.5;
  const v = (y: number) => ((y + 0.5) * rows) / frame.height - 0.5;
  return cosineMap(embedding, mask, { columns, rows, u, v });
}

function cosineMap(embedding: Float32Array, mask: Mask, grid: Grid): SimilarityMap | undefined {
  const query = meanEmbedding(embedding, mask, grid);
  if (query === undefined) return undefined;
  const dots = dotMap(embedding, query);
  const gram = neighbourProducts(embedding);
  const length = Math.sqrt(query.reduce((sum, q) => sum + q * q, 0));
  const clamp = (p: number, cells: number) => Math.min(Math.max(p, 0), cells - 1);
  return (x, y) => {
    const u = clamp(grid.u(x), grid.columns);
    const v = clamp(grid.v(y), grid.rows);
    return interpolatedCosine(dots, gram, length, u, v, grid);
  };
}

/** Mean embedding over the mask resized (nearest) to the grid, `Float64Array [256]` (Eq. 1). */
function meanEmbedding(
  embedding: Float32Array,
  mask: Mask,
  { columns, rows }: Grid,
): Float64Array | undefined {
  const cells: number[] = [];
  for (let r = 0; r < rows; r++) {
    const y = Math.floor((r * mask.height) / rows);
    for (let c = 0; c < columns; c++) {
      const x = Math.floor((c * mask.width) / columns);
      if (mask.data[y * mask.width + x] === 1) cells.push(r * EMBEDDING_SIZE + c);
    }
  }
  if (cells.length === 0) return undefined;
  const mean = new Float64Array(EMBEDDING_CHANNELS);
  for (let k = 0; k < EMBEDDING_CHANNELS; k++) {
    let sum = 0;
    for (const cell of cells) sum += embedding[k * CELLS + cell]!;
    mean[k] = sum / cells.length;
  }
  return mean;
}

function dotMap(embedding: Float32Array, query: Float64Array): Float64Array {
  const dots = new Float64Array(CELLS);
  for (let k = 0; k < EMBEDDING_CHANNELS; k++) {
    const q = query[k]!;
    for (let i = 0; i < CELLS; i++) dots[i] = dots[i]! + q * embedding[k * CELLS + i]!;
  }
  return dots;
}

/** Products of each cell's embedding with its own and its neighbours': what bilinear interpolation's norm needs. */
interface NeighbourProducts {
  readonly self: Float64Array;
  readonly right: Float64Array;
  readonly below: Float64Array;
  readonly belowRight: Float64Array;
  /** Cell's right neighbour with the one below the cell. */
  readonly cross: Float64Array;
}

const productsOf = new WeakMap<Float32Array, NeighbourProducts>();

/** Kept with the embedding: every region of a photo needs the same five maps. */
function neighbourProducts(embedding: Float32Array): NeighbourProducts {
  let products = productsOf.get(embedding);
  if (products === undefined) {
    products = {
      self: shiftedProducts(embedding, 0),
      right: shiftedProducts(embedding, 1),
      below: shiftedProducts(embedding, EMBEDDING_SIZE),
      belowRight: shiftedProducts(embedding, EMBEDDING_SIZE + 1),
      cross: shiftedProducts(embedding, EMBEDDING_SIZE - 1),
    };
    productsOf.set(embedding, products);
  }
  return products;
}

function shiftedProducts(embedding: Float32Array, shift: number): Float64Array {
  const products = new Float64Array(CELLS);
  for (let k = 0; k < EMBEDDING_CHANNELS; k++) {
    const channel = k * CELLS;
    for (let i = 0; i + shift < CELLS; i++) {
      products[i] = products[i]! + embedding[channel + i]! * embedding[channel + i + shift]!;
    }
  }
  return products;
}

function interpolatedCosine(
  dots: Float64Array,
  gram: NeighbourProducts,
  length: number,
  u: number,
  v: number,
  { columns, rows }: Grid,
): number {
  const c = Math.min(Math.floor(u), Math.max(0, columns - 2));
  const r = Math.min(Math.floor(v), Math.max(0, rows - 2));
  const fx = columns > 1 ? u - c : 0;
  const fy = rows > 1 ? v - r : 0;
  const a = (1 - fx) * (1 - fy);
  const b = fx * (1 - fy);
  const d = (1 - fx) * fy;
  const e = fx * fy;
  const i = r * EMBEDDING_SIZE + c;
  const j = i + EMBEDDING_SIZE;
  const dot = a * dots[i]! + b * dots[i + 1]! + d * dots[j]! + e * dots[j + 1]!;
  const squares =
    a * a * gram.self[i]! + b * b * gram.self[i + 1]! + d * d * gram.self[j]! + e * e * gram.self[j + 1]!;
  const pairs =
    a * b * gram.right[i]! +
    d * e * gram.right[j]! +
    a * d * gram.below[i]! +
    b * e * gram.below[i + 1]! +
    a * e * gram.belowRight[i]! +
    b * d * gram.cross[i + 1]!;
  // Rounding can take a squared length of 0 below 0.
  return dot / Math.max(length * Math.sqrt(Math.max(0, squares + 2 * pairs)), 1e-12);
}

/**
 * Products with a matrix of embeddings, one cell a row, four rows at a time: each value of the vector is loaded once
 * for four products.
 */
import { EMBEDDING_CHANNELS } from "../frame.ts";

const GROUP = 4;
const SECOND = EMBEDDING_CHANNELS;
const THIRD = 2 * EMBEDDING_CHANNELS;
const FOURTH = 3 * EMBEDDING_CHANNELS;

/** Rows to allocate for `rows` rows: whole groups, those past the end are zeros. */
export function groupedRows(rows: number): number {
  return Math.ceil(rows / GROUP) * GROUP;
}

/**
 * Adds Xᵀv to `out`.
 *
 * @param features X, `Float32Array [rows, 256]`, rows a multiple of four
 * @param v `[rows]`
 * @param out `[256]`
 */
export function addTransposedTimes(features: Float32Array, v: Float64Array, out: Float64Array): void {
  for (let row = 0; row < v.length; row += GROUP) addRows(features, v, out, row);
}

/**
 * Adds XᵀWX·w to `out`, in one pass over X.
 *
 * @param features X, `Float32Array [rows, 256]`, rows a multiple of four
 * @param weight the diagonal of W, `[rows]`
 * @param w `[256]`
 * @param out `[256]`
 */
export function addNormalTimes(
  features: Float32Array,
  weight: Float64Array,
  w: Float64Array,
  out: Float64Array,
): void {
  const products = new Float64Array(weight.length);
  for (let row = 0; row < weight.length; row += GROUP) {
    dotRows(features, w, products, row);
    for (let i = row; i < row + GROUP; i++) products[i] = products[i]! * weight[i]!;
    addRows(features, products, out, row);
  }
}

/** Writes the products of four rows with `w`. */
function dotRows(features: Float32Array, w: Float64Array, out: Float64Array, row: number): void {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let k = 0, i = row * EMBEDDING_CHANNELS; k < EMBEDDING_CHANNELS; k++, i++) {
    const x = w[k]!;
    a += x * features[i]!;
    b += x * features[i + SECOND]!;
    c += x * features[i + THIRD]!;
    d += x * features[i + FOURTH]!;
  }
  out[row] = a;
  out[row + 1] = b;
  out[row + 2] = c;
  out[row + 3] = d;
}

/** Adds four rows, each times its value of `v`. */
function addRows(features: Float32Array, v: Float64Array, out: Float64Array, row: number): void {
  const [a, b, c, d] = [v[row]!, v[row + 1]!, v[row + 2]!, v[row + 3]!];
  for (let k = 0, i = row * EMBEDDING_CHANNELS; k < EMBEDDING_CHANNELS; k++, i++) {
    const near = a * features[i]! + b * features[i + SECOND]!;
    const far = c * features[i + THIRD]! + d * features[i + FOURTH]!;
    out[k] = out[k]! + near + far;
  }
}

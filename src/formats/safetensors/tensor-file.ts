/** The safetensors format, as far as this product writes it: named float32 tensors and a table of texts. */

/** Values and their shape, row-major. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The contents of a file. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, FloatTensor>;
  /** What the file says of itself. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Bytes of the number that says how long the header is. */
export const LENGTH_BYTES = 8;
/** Key of the table of texts in the header. */
export const METADATA = "__metadata__";
/** Bytes of one value. */
export const VALUE_BYTES = 4;

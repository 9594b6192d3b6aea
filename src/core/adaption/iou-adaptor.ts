/** The IoU adaptor of SAMRefiner++ (section 3.3): a low-rank change of the IoU head's last layer. */

/** ΔW = B·A, added to the weight of the IoU head's last layer. */
export interface IoUAdaptor {
  /** Rank of the change. */
  readonly rank: number;
  /** Inputs of the layer, 256 in SAM. */
  readonly width: number;
  /** Outputs of the layer: mask tokens, 4 in SAM. */
  readonly tokens: number;
  /** A, `Float32Array [rank, width]` row-major. */
  readonly a: Float32Array;
  /** B, `Float32Array [tokens, rank]` row-major. */
  readonly b: Float32Array;
}

/**
 * The predicted IoUs of a decode as the adapted head gives them. The layer is linear: what the change adds to its weight
 * adds ΔW·x to its output.
 *
 * @param features x, `Float32Array [width]`: what the layer takes
 * @param predictedIoU `Float32Array [tokens]`: what the layer gives without the adaptor
 * @returns `Float32Array [tokens]`
 * @throws {RangeError} when the adaptor is for a layer of another size
 */
export function adaptedIoU(
  adaptor: IoUAdaptor,
  features: Float32Array,
  predictedIoU: Float32Array,
): Float32Array {
  const { rank, width, tokens, b } = adaptor;
  if (features.length !== width || predictedIoU.length !== tokens) {
    throw new RangeError(
      `The IoU head takes ${features.length} values and gives ${predictedIoU.length}, but the adaptor is for ${width} and ${tokens}: expected the same`,
    );
  }
  const inner = project(adaptor.a, features);
  return predictedIoU.map((iou, token) => {
    let sum = iou;
    for (let r = 0; r < rank; r++) sum += b[token * rank + r]! * inner[r]!;
    return sum;
  });
}

/**
 * A·x.
 *
 * @param a `[rows, x.length]` row-major
 */
export function project(a: Float32Array | Float64Array, x: Float32Array): Float64Array {
  const width = x.length;
  const out = new Float64Array(a.length / width);
  for (let row = 0; row < out.length; row++) {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += a[row * width + i]! * x[i]!;
    out[row] = sum;
  }
  return out;
}

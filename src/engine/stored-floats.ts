/** The values of a stored tensor. */
import type { OnnxTensor } from "./onnx-model.ts";

/** How many values a float32 tensor has; what is no number of them in a damaged one. */
export function storedCount({ rawData, floatData = [] }: OnnxTensor): number {
  return rawData?.length ? rawData.length / Float32Array.BYTES_PER_ELEMENT : floatData.length;
}

/** Values of a float32 tensor, row-major. The format stores them as little-endian bytes, or one by one. */
export function storedFloats({ rawData, floatData = [] }: OnnxTensor): Float32Array {
  if (!rawData?.length) return Float32Array.from(floatData);
  // A copy: where the bytes begin in their file, numbers may not.
  return new Float32Array(Uint8Array.from(rawData).buffer);
}

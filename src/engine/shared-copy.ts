/**
 * Copies bytes to memory that worker threads read without a copy of their own.
 *
 * @returns a view of shared memory, which the runtime itself does not read; the bytes themselves where they lie there
 */
export function sharedCopy(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes;
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** The same for floating-point values. */
export function sharedValues(values: Float32Array): Float32Array {
  const { buffer, byteOffset, byteLength, length } = values;
  const { buffer: shared } = sharedCopy(new Uint8Array(buffer, byteOffset, byteLength));
  return new Float32Array(shared, buffer === shared ? byteOffset : 0, length);
}

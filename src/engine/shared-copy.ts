/**
 * Copies bytes to memory that worker threads read without a copy of their own.
 *
 * @returns a view of shared memory, which the runtime itself does not read
 */
export function sharedCopy(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/**
 * Working memory that is used again: fresh megabyte arrays cost page faults and garbage collection, more than the
 * sums done in them. Only for arrays that never leave the function that asks for them; workers have their own.
 */
const buffers = new Map<string, ArrayBuffer>();

/** A `Float32Array` with whatever values were left in it. */
export function scratchFloats(name: string, length: number): Float32Array {
  return new Float32Array(buffer(name, length * 4), 0, length);
}

/** An `Int32Array` with whatever values were left in it. */
export function scratchInts(name: string, length: number): Int32Array {
  return new Int32Array(buffer(name, length * 4), 0, length);
}

/** A `Uint8Array` with whatever values were left in it. */
export function scratchBytes(name: string, length: number): Uint8Array {
  return new Uint8Array(buffer(name, length), 0, length);
}

/** A `Uint8Array` of zeros. */
export function scratchZeros(name: string, length: number): Uint8Array {
  return scratchBytes(name, length).fill(0);
}

function buffer(name: string, bytes: number): ArrayBuffer {
  const known = buffers.get(name);
  if (known !== undefined && known.byteLength >= bytes) return known;
  const fresh = new ArrayBuffer(bytes);
  buffers.set(name, fresh);
  return fresh;
}

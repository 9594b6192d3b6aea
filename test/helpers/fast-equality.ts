/** Masks and embeddings are compared as bytes: value by value, as `toEqual` does it, a million takes seconds. */
import { expect } from "vitest";

type Bytes = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;
const kinds = [Uint8Array, Uint16Array, Uint32Array, Int32Array, Float32Array, Float64Array];

const bytesOf = ({ buffer, byteOffset, byteLength }: Bytes): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

expect.addEqualityTesters([
  (a: unknown, b: unknown): true | undefined => {
    const kind = kinds.find((one) => a instanceof one && b instanceof one);
    // What differs is left to the usual way, which tells where, and knows equal values of other bytes.
    return kind !== undefined && bytesOf(a as Bytes).equals(bytesOf(b as Bytes)) ? true : undefined;
  },
]);

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { readTensors } from "../../../src/formats/safetensors/read-tensors.ts";
import type { TensorFile } from "../../../src/formats/safetensors/tensor-file.ts";
import { writeTensors } from "../../../src/formats/safetensors/write-tensors.ts";

/** A file with any header and so many bytes of values. */
function fileOf(header: unknown, bytes = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const out = new Uint8Array(8 + text.length + bytes);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  return out;
}

const tensor = fc
  .array(fc.nat(3), { maxLength: 3 })
  .chain((shape) =>
    fc
      .array(fc.float(), { minLength: product(shape), maxLength: product(shape) })
      .map((data) => ({ shape, data: Float32Array.from(data) })),
  );
const name = fc.string({ minLength: 1, unit: "grapheme" }).filter((text) => text !== "__metadata__");
const file: fc.Arbitrary<TensorFile> = fc.record({
  tensors: fc
    .uniqueArray(fc.tuple(name, tensor), { maxLength: 4, selector: ([key]) => key })
    .map((list) => new Map(list)),
  metadata: fc
    .uniqueArray(fc.tuple(name, fc.string()), { maxLength: 3, selector: ([key]) => key })
    .map((list) => new Map(list)),
});

function product(shape: readonly number[]): number {
  return shape.reduce((all, side) => all * side, 1);
}

/** Keys that are array indices come first in a JSON object: order is no part of the content. */
function sorted({ tensors, metadata }: TensorFile): unknown {
  const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]) => (a[0] < b[0] ? -1 : 1);
  return [[...tensors].sort(byKey), [...metadata].sort(byKey)];
}

describe("readTensors", () => {
  it("reads what was written, wherever it lies in memory", () => {
    fc.assert(
      fc.property(file, fc.nat(7), (content, shift) => {
        const bytes = writeTensors(content);
        const moved = new Uint8Array(bytes.length + shift).subarray(shift);
        moved.set(bytes);
        expect(sorted(readTensors(moved, "a"))).toEqual(sorted(content));
      }),
    );
  });

  it("reads or refuses in one sentence whatever became of a file", () => {
    const change = fc.tuple(file, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat());
    fc.assert(
      fc.property(change, ([content, changes, cut]) => {
        const bytes = writeTensors(content);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        readOrRefuse(cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes);
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), readOrRefuse));
    fc.assert(fc.property(fc.json(), fc.nat(16), (text, bytes) => readOrRefuse(fileOf(text, bytes))));
  });

  it("reads the format's own example of a layout", () => {
    const bytes = fileOf({ b: { dtype: "F32", shape: [], data_offsets: [8, 12] }, a: entry([2], 0, 8) }, 12);
    new DataView(bytes.buffer).setFloat32(bytes.length - 4, 1.5, true);
    const { tensors } = readTensors(bytes, "a");
    expect(tensors.get("b")).toEqual({ shape: [], data: Float32Array.of(1.5) });
    expect(tensors.get("a")?.data).toHaveLength(2);
  });

  it.each([
    [new Uint8Array(3), "3 bytes without a whole header"],
    [Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255), "8 bytes without a whole header"],
    [fileOf("[]"), "its header is no JSON object"],
    [fileOf("{"), "its header is no JSON object"],
    [fileOf({ __metadata__: { a: 1 } }), "its metadata are no texts"],
    [fileOf({ a: 1 }), 'its tensor "a" is not described'],
    [fileOf({ a: { ...entry([1], 0, 2), dtype: "F16" } }, 2), 'its tensor "a" is of type "F16"'],
    [fileOf({ a: entry([-1], 0, 4) }, 4), 'its tensor "a" is of shape [-1]'],
    [fileOf({ a: entry([2 ** 60], 0, 4) }, 4), 'its tensor "a" is of shape [1152921504606847000]'],
    [fileOf({ a: entry([2 ** 50, 2 ** 50], 0, 4) }, 4), 'its tensor "a" takes 4 bytes instead of'],
    [fileOf({ a: { ...entry([1], 0, 4), data_offsets: [0] } }, 4), 'its tensor "a" lies at [0]'],
    [fileOf({ a: entry([1], 4, 8) }, 8), "its tensors do not fill its 8 bytes of values"],
    [
      fileOf({ a: entry([1], 0, 4), b: entry([1], 0, 4) }, 4),
      "its tensors do not fill its 4 bytes of values",
    ],
    [fileOf({ a: entry([1], 0, 4) }, 3), "its tensors do not fill its 3 bytes of values"],
  ])("refuses number %#", (bytes, found) => {
    expect(() => readTensors(bytes, "x.safetensors")).toThrow(InputError);
    expect(() => readTensors(bytes, "x.safetensors")).toThrow(
      `x.safetensors is no safetensors file (${found}`,
    );
  });
});

function entry(shape: readonly number[], begin: number, end: number): object {
  return { dtype: "F32", shape, data_offsets: [begin, end] };
}

function readOrRefuse(bytes: Uint8Array): void {
  try {
    const { tensors } = readTensors(bytes, "a");
    for (const { shape, data } of tensors.values()) expect(data).toHaveLength(product(shape));
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(
      /^a is no safetensors file \(.*\): expected one of float32 tensors$/s,
    );
  }
}

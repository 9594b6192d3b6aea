import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { readMaskFile } from "../../../src/formats/read-mask-file.ts";
import { buildNpy, npyOfHeader } from "./build-npy.ts";

const types = [
  "|b1",
  "|u1",
  "|i1",
  "<u2",
  ">u2",
  "<i2",
  ">i2",
  "<u4",
  ">u4",
  "<i4",
  ">i4",
  "<u8",
  ">u8",
  "<i8",
  ">i8",
];

function largestOf(descr: string): number {
  if (descr === "|b1") return 1;
  const bits = 8 * Number(descr[2]) - (descr[1] === "i" ? 1 : 0);
  return Math.min(65_535, 2 ** bits - 1);
}

const arrays = fc
  .record({
    descr: fc.constantFrom(...types),
    width: fc.integer({ min: 1, max: 6 }),
    height: fc.integer({ min: 1, max: 6 }),
    fortran: fc.boolean(),
    version: fc.constantFrom<1 | 2 | 3>(1, 2, 3),
    around: fc.constantFrom<"" | "before" | "behind">("", "before", "behind"),
  })
  .chain((kind) =>
    fc
      .array(fc.integer({ min: 0, max: largestOf(kind.descr) }), {
        minLength: kind.width * kind.height,
        maxLength: kind.width * kind.height,
      })
      .map((numbers) => ({ ...kind, numbers })),
  );

function build({
  descr,
  width,
  height,
  fortran,
  version,
  around,
  numbers,
}: typeof arrays extends fc.Arbitrary<infer T> ? T : never) {
  const before = around === "before" && height > 1 ? [1] : [];
  const behind = around === "behind" && height > 1 ? [1] : [];
  return buildNpy({ descr, shape: [...before, height, width, ...behind], numbers, fortran, version });
}

const read = (bytes: Uint8Array, encoding: "auto" | "labels" | "binary" = "auto") =>
  readMaskFile(bytes, { name: "m.npy", encoding });

describe("NumPy masks", () => {
  it("of every type and order are read as they were saved, and unchanged they are the same bytes", async () => {
    await fc.assert(
      fc.asyncProperty(arrays, async (array) => {
        const bytes = build(array);
        const file = await read(bytes, "labels");
        expect([file.format, file.width, file.height]).toEqual(["npy", array.width, array.height]);
        if (file.encoding === "labels") expect(Array.from(file.values)).toEqual(array.numbers);
        expect(Buffer.compare(file.write(file.values), bytes)).toBe(0);
        const asObject = await read(bytes, "binary");
        expect(Buffer.compare(asObject.write(asObject.values), bytes)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it("change in the pixels that were changed and in nothing else", async () => {
    await fc.assert(
      fc.asyncProperty(arrays, fc.nat(), fc.nat(), async (array, place, number) => {
        const file = await read(build(array), "labels");
        const values = file.values.slice();
        const i = place % values.length;
        const numbers = [...array.numbers];
        numbers[i] = number % (largestOf(array.descr) + 1);
        values[i] = numbers[i]!;
        expect(Buffer.compare(file.write(values), build({ ...array, numbers }))).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it("of two values are binary, and keep the value of the object", async () => {
    const spec = { descr: "<i4", shape: [1, 3], numbers: [0, 255, 0] };
    const file = await read(buildNpy(spec));
    expect([file.encoding, ...file.values]).toEqual(["binary", 0, 1, 0]);
    const grown = file.write(Uint8Array.of(1, 1, 0));
    expect(Buffer.compare(grown, buildNpy({ ...spec, numbers: [255, 255, 0] }))).toBe(0);
  });

  it("refuse a value that their type does not hold", async () => {
    const file = await read(buildNpy({ descr: "|i1", shape: [1, 3], numbers: [0, 7, 3] }));
    expect(() => file.write(Uint8Array.of(0, 7, 200))).toThrow(RangeError);
  });

  it("above one byte keep 255 as an id; in one byte it is void", async () => {
    const numbers = [0, 7, 255];
    const wide = await read(buildNpy({ descr: "<i8", shape: [1, 3], numbers }));
    expect(wide.ignoreLabel).toBeUndefined();
    expect((await read(buildNpy({ descr: "|u1", shape: [1, 3], numbers }))).ignoreLabel).toBe(255);
  });
});

describe("NumPy files that are no masks", () => {
  const small = { shape: [1, 2], numbers: [0, 1] };
  const header = (descr: string, shape = "(1, 2)") =>
    npyOfHeader(`{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`, new Uint8Array(2));
  it.each<[string, Uint8Array, string]>([
    ["pickled", header("'|O'"), "found pickled Python objects"],
    ["records", header("[('a', '<u2'), ('b', '<f4')]"), "found a NumPy array of records"],
    ["fractions", header("'<f4'"), 'found a NumPy array of type "<f4"'],
    ["text", header("'<U8'"), 'found a NumPy array of type "<U8"'],
    ["no byte order", header("'|u2'"), "found a NumPy type without byte order"],
    ["one side", buildNpy({ ...small, descr: "|u1", shape: [2] }), "found a NumPy array of shape (2)"],
    ["a stack", header("'|u1'", "(2, 1, 2)"), "found a NumPy array of shape (2, 1, 2)"],
    ["no pixels", header("'|u1'", "(0, 2)"), "found a NumPy array of shape (0, 2)"],
    ["a negative id", buildNpy({ ...small, descr: "<i8", numbers: [0, -1] }), "found the number -1"],
    [
      "a large id",
      buildNpy({ ...small, descr: ">u8", numbers: [0, 2n ** 63n] }),
      "found the number 9223372036854775808",
    ],
    ["65536", buildNpy({ ...small, descr: "<i4", numbers: [0, 65_536] }), "found the number 65536"],
    ["half a truth", buildNpy({ ...small, descr: "|b1", numbers: [0, 2] }), "found the number 2"],
    ["cut short", buildNpy({ ...small, descr: "<u2" }).subarray(0, -1), "found a NumPy array cut short"],
    ["cut in its header", buildNpy({ ...small, descr: "<u2" }).subarray(0, 60), "cut short in its header"],
    ["cut in its magic", buildNpy({ ...small, descr: "<u2" }).subarray(0, 7), "cut short in its header"],
    [
      "more than one",
      Buffer.concat([buildNpy({ ...small, descr: "|u1" }), Buffer.of(9)]),
      "found 1 bytes behind",
    ],
    ["a bomb", header("'|u1'", "(99999999, 99999999)"), "pixels"],
    ["no dictionary", npyOfHeader("import os"), "found a damaged NumPy header"],
    [
      "a call",
      npyOfHeader("{'descr': exit(), 'fortran_order': False, 'shape': (1, 2)}"),
      "a damaged NumPy header",
    ],
    ["a key twice", npyOfHeader("{'shape': (1, 2), 'shape': (1, 2)}"), "a damaged NumPy header"],
    ["no order", npyOfHeader("{'descr': '|u1', 'shape': (1, 2)}"), "a NumPy header without shape or order"],
    ["version 9", buildNpy({ ...small, descr: "|u1", version: 9 as 1 }), "file of version 9"],
  ])("%s", async (_, bytes, found) => {
    const error = await read(bytes).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain("m.npy: found ");
    expect((error as Error).message).toContain(found);
  });

  it("any damage is an error of one sentence or a right size, never a hang", async () => {
    const damage = fc.array(fc.record({ at: fc.nat(200), byte: fc.nat(255) }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(arrays, damage, fc.nat(200), async (array, changes, cut) => {
        const bytes = build(array);
        for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
        const part = cut % 3 === 0 ? bytes.subarray(0, cut) : bytes;
        const file = await read(part).catch((thrown: unknown) => thrown);
        if (file instanceof Error) expect(file).toBeInstanceOf(InputError);
        else expect((file as { values: Uint8Array }).values.length).toBe(array.width * array.height);
      }),
      { numRuns: 500 },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countBytes, forEachOtherWord, mapBytes } from "../../src/formats/same-words.ts";

/** Few values in long runs, at any place in memory. */
const areas = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(0, 1, 7, 255), fc.integer({ min: 1, max: 40 })), { maxLength: 12 }),
    fc.integer({ min: 0, max: 5 }),
  )
  .map(([runs, offset]) => {
    const values = runs.flatMap(([value, length]) => Array<number>(length).fill(value));
    const bytes = new Uint8Array(values.length + offset).subarray(offset);
    bytes.set(values);
    return bytes;
  });
const table = fc.uint8Array({ minLength: 256, maxLength: 256 });

describe("countBytes", () => {
  it("counts every byte", () => {
    fc.assert(
      fc.property(areas, (bytes) => {
        const expected = new Uint32Array(256);
        for (const byte of bytes) expected[byte]!++;
        expect(countBytes(bytes)).toEqual(expected);
      }),
    );
  });
});

describe("mapBytes", () => {
  it("takes every byte through the table", () => {
    fc.assert(
      fc.property(areas, table, (bytes, entries) => {
        expect(mapBytes(bytes, entries)).toEqual(Uint8Array.from(bytes, (byte) => entries[byte]!));
      }),
    );
  });
});

describe("forEachOtherWord", () => {
  it("visits every byte that differs", () => {
    fc.assert(
      fc.property(areas, table, fc.array(fc.nat(500), { maxLength: 5 }), (bytes, entries, places) => {
        const values = mapBytes(bytes, entries);
        const wrong = new Set(places.filter((place) => place < values.length));
        for (const place of wrong) values[place]! ^= 1;
        forEachOtherWord(bytes, entries, values, (from, to) => {
          for (let i = from; i < to; i++) wrong.delete(i);
        });
        expect(wrong.size).toBe(0);
      }),
    );
  });
});

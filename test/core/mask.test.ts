import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  boxArea,
  boxUnion,
  createMask,
  isBinary,
  maskArea,
  maskBox,
  orInto,
  sameValues,
} from "../../src/core/mask.ts";
import { ascii, draw } from "../helpers/ascii-mask.ts";
import { anyMask, anyPair } from "./arbitrary.ts";

describe("masks", () => {
  it("creates an empty mask of the size asked for", () => {
    expect(draw(createMask(3, 2))).toBe("...\n...");
  });

  it("counts foreground pixels", () => {
    const mask = ascii`
      .#.
      ###
    `;
    expect(maskArea(mask)).toBe(4);
    expect(maskArea(ascii`...`)).toBe(0);
  });

  it("counts them in any slice of memory", () => {
    const bytes = Uint8Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? 1 : 0));
    for (let start = 0; start < 8; start++) {
      for (let length = 0; length < 20; length++) {
        const data = bytes.subarray(start, start + length);
        expect(maskArea({ width: length, height: 1, data })).toBe(data.filter((v) => v === 1).length);
      }
    }
  });

  it("sets what another mask holds", () => {
    const pair = anyPair(12);
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const data = a.data.slice();
        orInto(data, b.data);
        expect(data).toEqual(a.data.map((value, i) => value | b.data[i]!));
      }),
    );
  });

  it("boxes the foreground, both ends inclusive", () => {
    const mask = ascii`
      ......
      ...#..
      .#....
      ....#.
      ......
    `;
    expect(maskBox(mask)).toEqual([1, 1, 4, 3]);
  });

  it("boxes a foreground with empty rows in between", () => {
    const mask = ascii`
      ..#
      ...
      #..
    `;
    expect(maskBox(mask)).toEqual([0, 0, 2, 2]);
  });

  it("has no box for an empty mask", () => {
    expect(maskBox(ascii`..`)).toBeUndefined();
  });

  it("boxes random masks as their extreme coordinates say", () => {
    fc.assert(
      fc.property(anyMask(10), (mask) => {
        const xs: number[] = [];
        const ys: number[] = [];
        mask.data.forEach((v, i) => {
          if (v === 0) return;
          xs.push(i % mask.width);
          ys.push(Math.floor(i / mask.width));
        });
        const expected =
          xs.length === 0 ? undefined : [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
        expect(maskBox(mask)).toEqual(expected);
        expect(maskArea(mask)).toBe(xs.length);
      }),
    );
  });
});

describe("boxes", () => {
  it("counts both ends", () => {
    expect(boxArea([2, 3, 2, 3])).toBe(1);
    expect(boxArea([0, 0, 3, 1])).toBe(8);
  });

  it("joins into the smallest box around both", () => {
    expect(boxUnion([5, 1, 6, 2], [0, 2, 5, 9])).toEqual([0, 1, 6, 9]);
    expect(boxUnion([0, 0, 9, 9], [3, 3, 4, 4])).toEqual([0, 0, 9, 9]);
  });
});

describe("isBinary", () => {
  it("finds a value above 1 anywhere", () => {
    for (let length = 0; length < 12; length++) {
      for (let offset = 0; offset < 5; offset++) {
        const data = new Uint8Array(length + offset).fill(1).subarray(offset);
        expect(isBinary(data)).toBe(true);
        expect(isBinary(Uint16Array.from(data))).toBe(true);
        for (let i = 0; i < length; i++)
          expect(isBinary(data.map((v, k) => (k === i ? (i % 2 === 0 ? 2 : 255) : v)))).toBe(false);
      }
    }
  });
});

describe("sameValues", () => {
  it("compares values, not types", () => {
    expect(sameValues(Uint8Array.of(1, 2), Uint16Array.of(1, 2))).toBe(true);
    expect(sameValues(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(sameValues(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskArea } from "../../src/core/mask.ts";
import { decodeRuns, encodeRuns, runArea } from "../../src/core/run-length.ts";
import { ascii } from "../helpers/ascii-mask.ts";
import { anyMask } from "./arbitrary.ts";

describe("runs", () => {
  it("go down the columns and begin with background", () => {
    const mask = ascii`
      #..
      #.#
    `;
    expect([...encodeRuns(mask).counts]).toEqual([0, 2, 3, 1]);
    expect(runArea(encodeRuns(mask))).toBe(3);
  });

  it("are the mask again when decoded", () => {
    fc.assert(
      fc.property(anyMask(), (mask) => {
        expect(decodeRuns(encodeRuns(mask))).toEqual(mask);
        expect(runArea(encodeRuns(mask))).toBe(maskArea(mask));
      }),
    );
  });

  it("are refused when they cover another number of pixels", () => {
    const runs = { width: 2, height: 2, counts: Uint32Array.from([1, 2]) };
    expect(() => decodeRuns(runs)).toThrow("The runs cover 3 pixels: expected 4 for 2×2");
  });
});

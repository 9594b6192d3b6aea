import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compressCounts, expandCounts } from "../../src/formats/compressed-counts.ts";

describe("compressed counts", () => {
  it("are five bits a character, from the third count on a difference to the one before the last", () => {
    // 40 needs a second character for its sixth bit; 4 is written as 4 − 1, 5 as 5 − 40, and so on.
    expect(compressCounts([6, 1, 40, 4, 5, 4, 5, 4, 21])).toBe("61X13mN000`0");
    expect(Array.from(expandCounts("61X13mN000`0"))).toEqual([6, 1, 40, 4, 5, 4, 5, 4, 21]);
    expect(compressCounts([])).toBe("");
  });

  it("come back as they were", () => {
    const count = fc.oneof(fc.nat(40), fc.nat(2 ** 31 - 1));
    fc.assert(
      fc.property(fc.array(count, { maxLength: 40 }), (counts) => {
        expect(Array.from(expandCounts(compressCounts(counts)))).toEqual(counts);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["a number that is cut off", "61X"],
    ["a character below the alphabet", "6/"],
    ["a character above it", "6p"],
    ["a character beyond 16 bits", "6😀"],
    ["a negative run", "N"],
    ["a negative run by its difference", "1119000N0m"],
    ["a number without an end", "oooooooooooooooo"],
    ["a run of 2^31", "PPPPPP2"],
  ])("refuse %s", (_name, text) => {
    expect(() => expandCounts(text)).toThrow(RangeError);
  });

  it("read any text as counts or refuse it", () => {
    const near = fc.array(fc.integer({ min: 46, max: 113 }), { maxLength: 30 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          near.map((codes) => String.fromCharCode(...codes)),
        ),
        (text) => {
          try {
            expect(expandCounts(text).length).toBeLessThanOrEqual(text.length);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

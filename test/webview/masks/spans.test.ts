import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../../src/protocol/mask-runs.ts";
import { eachSpan, hasPixel, type Spans, spansOf } from "../../../src/webview/masks/spans.ts";
import { subtractSpans } from "../../../src/webview/masks/subtract-spans.ts";
import { anyMask, drawn, type Mask } from "../samples.ts";

/** The mask that stretches make. */
function raster(spans: Spans, { width, height }: Mask): Uint8Array {
  const data = new Uint8Array(width * height);
  eachSpan(spans, 0, height - 1, (start, end, y) => data.fill(1, y * width + start, y * width + end));
  return data;
}

describe("stretches", () => {
  it("are the mask", () => {
    fc.assert(
      fc.property(anyMask(), (mask) => {
        expect(raster(spansOf(runsOf(mask)), mask)).toEqual(mask.data);
      }),
    );
  });

  it("are worked out once", () => {
    const runs = drawn`#.#`;
    expect(spansOf(runs)).toBe(spansOf(runs));
  });

  it("are told for some rows alone", () => {
    const rows: [number, number, number][] = [];
    const spans = spansOf(drawn`
      .....
      .##.#
      .....
      ###..
    `);
    eachSpan(spans, 2, 9, (start, end, y) => rows.push([start, end, y]));
    expect(rows).toEqual([[0, 3, 3]]);
  });

  it("know their pixels", () => {
    fc.assert(
      fc.property(anyMask(), fc.nat(30), fc.nat(30), (mask, x, y) => {
        const there = x < mask.width && y < mask.height && mask.data[y * mask.width + x] === 1;
        expect(hasPixel(spansOf(runsOf(mask)), { x, y })).toBe(there);
      }),
    );
  });
});

describe("a difference of stretches", () => {
  it("is what one has and the other lacks", () => {
    const size = { width: 17, height: 9 };
    fc.assert(
      fc.property(anyMask(size), anyMask(size), (a, b) => {
        const left = subtractSpans(spansOf(runsOf(a)), spansOf(runsOf(b)));
        expect(raster(left, a)).toEqual(a.data.map((value, i) => value & (1 - b.data[i]!)));
      }),
    );
  });
});

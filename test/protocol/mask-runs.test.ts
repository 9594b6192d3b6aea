/** Masks as runs, there and back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Mask } from "../../src/core/mask.ts";
import { eachStretch, fillRuns, runsOf } from "../../src/protocol/mask-runs.ts";
import { ascii } from "../helpers/ascii-mask.ts";

const masks: fc.Arbitrary<Mask> = fc
  .tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 }))
  .chain(([width, height]) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
      .map((values) => ({ width, height, data: Uint8Array.from(values) })),
  );

function filled({ width, height }: Mask, runs: ReturnType<typeof runsOf>, value?: number): Uint8Array {
  const data = new Uint8Array(width * height);
  fillRuns(runs, data, width, value);
  return data;
}

describe("runs", () => {
  it("come back as the mask they were made of", () => {
    fc.assert(
      fc.property(masks, (found) => {
        expect(filled(found, runsOf(found))).toEqual(found.data);
      }),
    );
  });

  it("cover the mask's tight box and nothing else", () => {
    fc.assert(
      fc.property(masks, (found) => {
        const { box, runs } = runsOf(found);
        const sum = runs.reduce((total, run) => total + run, 0);
        if (box === undefined) {
          expect([sum, found.data.includes(1)]).toEqual([0, false]);
          return;
        }
        const [x0, y0, x1, y1] = box;
        expect(sum).toBe((x1 - x0 + 1) * (y1 - y0 + 1));
        const outside = found.data.filter((value, i) => {
          const [x, y] = [i % found.width, Math.floor(i / found.width)];
          return value === 1 && (x < x0 || x > x1 || y < y0 || y > y1);
        });
        expect(outside).toHaveLength(0);
        // Tight: every side touches the mask.
        const touches = (at: (x: number, y: number) => boolean): boolean =>
          found.data.some((value, i) => value === 1 && at(i % found.width, Math.floor(i / found.width)));
        expect(
          [
            touches((x) => x === x0),
            touches((x) => x === x1),
            touches((_, y) => y === y0),
            touches((_, y) => y === y1),
          ].every(Boolean),
        ).toBe(true);
      }),
    );
  });

  it("begin with background, which may be none", () => {
    const found = ascii`
      ....
      .##.
      ..#.
    `;
    expect(runsOf(found)).toEqual({ box: [1, 1, 2, 2], runs: Uint32Array.from([0, 2, 1, 1]) });
  });

  it("of an empty mask are none", () => {
    expect(runsOf({ width: 3, height: 2, data: new Uint8Array(6) })).toEqual({
      box: undefined,
      runs: new Uint32Array(0),
    });
  });

  it("are told stretch by stretch, none over the end of a row", () => {
    const found = ascii`
      ##
      ##
      #.
    `;
    const stretches: number[][] = [];
    eachStretch(runsOf(found), (...stretch) => stretches.push(stretch));
    expect(stretches).toEqual([
      [0, 2, 0],
      [0, 2, 1],
      [0, 1, 2],
    ]);
  });

  it("fill with any value and leave the rest", () => {
    const data = Uint8Array.from([9, 9, 9, 9]);
    fillRuns(
      runsOf(ascii`
      .#
      #.
    `),
      data,
      2,
      7,
    );
    expect([...data]).toEqual([9, 7, 7, 9]);
  });
});

/** Label maps taken apart into the changes of their regions, and put together again without some of them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { composeLabels } from "../../../src/dataset/run/compose-labels.ts";
import { labelChanges } from "../../../src/dataset/run/label-changes.ts";
import { turnBack, turnUpright } from "../../../src/dataset/upright.ts";
import type { PixelMoves } from "../../../src/engine/pixel-moves.ts";

const width = 7;
const height = 5;
const regions = 4;
const label = (region: number): number => (region === -1 ? 0 : region + 1);
const owner = fc.integer({ min: -1, max: regions - 1 });
const owners = fc.array(owner, { minLength: width * height, maxLength: width * height });

describe("composeLabels", () => {
  it("is coarse where the region that had a pixel or the one that won it is rejected, else refined", () => {
    fc.assert(
      fc.property(
        owners,
        owners,
        fc.subarray([...Array(regions).keys()]),
        fc.integer({ min: 1, max: 8 }),
        (had, won, rejected, orientation) => {
          const displayed = Uint8Array.from(had, label);
          const size = orientation >= 5 ? { width: height, height: width } : { width, height };
          const stored = (values: Uint8Array | Uint16Array) => turnBack(values, size, orientation);
          const source = stored(displayed);
          const pixels = Uint32Array.from(had.keys()).filter((i) => label(had[i]!) !== label(won[i]!));
          const moves: PixelMoves = {
            pixels,
            from: Int32Array.from(pixels, (i) => had[i]!),
            to: Int32Array.from(pixels, (i) => won[i]!),
          };
          const ids = [...Array(regions).keys()].map(String);
          const changes = labelChanges(moves, { target: 0, ids, pixels: displayed.length, stored });
          const out = composeLabels(source, changes, (id) => Number(id) + 1, new Set(rejected.map(String)));
          const coarse = (i: number): boolean => rejected.includes(had[i]!) || rejected.includes(won[i]!);
          const expected = had.map((region, i) => label(coarse(i) ? region : won[i]!));
          expect([...turnUpright({ ...source, data: out }, orientation).data]).toEqual(expected);
        },
      ),
    );
  });

  it("refuses a map of another size", () => {
    const change = { target: 0, region: "1", size: [2, 3] as const, counts: "6" };
    const map = { width: 4, height: 2, data: new Uint8Array(8) };
    expect(() => composeLabels(map, [change], () => 1, new Set())).toThrow(/4×2 pixels: expected 3×2/);
  });
});

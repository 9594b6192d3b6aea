import { describe, expect, it } from "vitest";
import { levelFor, TILE_SIZE, tilesIn, touches } from "../../../src/webview/draw/tile.ts";

describe("tiles", () => {
  it("have about one pixel for one of the device's", () => {
    expect([0.1, 0.5, 0.9, 1, 1.3, 3, 64, 128, 1000].map((scale) => levelFor(scale) + 0)).toEqual([
      -3, -1, 0, 0, 0, 2, 6, 7, 7,
    ]);
  });

  it("cover what is seen", () => {
    expect(tilesIn(0, 0, 0, TILE_SIZE, TILE_SIZE)).toEqual([{ level: 0, column: 0, row: 0 }]);
    expect(tilesIn(-1, 0, 0, 2 * TILE_SIZE + 1, 10)).toEqual([
      { level: -1, column: 0, row: 0 },
      { level: -1, column: 1, row: 0 },
    ]);
    expect(tilesIn(1, 300, 0, 400, 10)).toEqual([{ level: 1, column: 1, row: 0 }]);
  });

  it("depend on boxes in them and two pixels beside", () => {
    const tile = { level: 0, column: 1, row: 0 };
    expect(touches(tile, [600, 10, 610, 20])).toBe(true);
    expect(touches(tile, [500, 10, 510, 20])).toBe(true);
    expect(touches(tile, [500, 10, 508, 20])).toBe(false);
    expect(touches(tile, [600, 514, 610, 520])).toBe(false);
  });
});

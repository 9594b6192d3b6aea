import { describe, expect, it } from "vitest";
import { runsOf } from "../../../src/protocol/mask-runs.ts";
import { changeKinds, paintChanges } from "../../../src/webview/draw/paint-changes.ts";
import { TILE_SIZE } from "../../../src/webview/draw/tile.ts";
import { changesOf } from "../../../src/webview/masks/changes.ts";
import { rectangle } from "../../helpers/ascii-mask.ts";
import { drawn } from "../samples.ts";

const first = changesOf(drawn`###..`, drawn`##..#`);
const second = changesOf(drawn`...#.`, drawn`..##.`);

describe("kinds of changes", () => {
  it("are added, removed and gone to another region", () => {
    const kinds = changeKinds([first, second], { level: 0, column: 0, row: 0 })!;
    expect([...kinds.subarray(0, 6)]).toEqual([0, 0, 3, 0, 1, 0]);
  });

  it("are squares when magnified", () => {
    const kinds = changeKinds([first, second], { level: 2, column: 0, row: 0 })!;
    expect([...kinds.subarray(8, 20)]).toEqual([3, 3, 3, 3, 0, 0, 0, 0, 1, 1, 1, 1]);
    expect([kinds[3 * TILE_SIZE + 8], kinds[4 * TILE_SIZE + 8]]).toEqual([3, 0]);
  });

  it("are not lost when reduced, and neighbours are not taken for a change of region", () => {
    const small = changesOf(drawn`#.......`, drawn`.#......`);
    const kinds = changeKinds([small], { level: -3, column: 0, row: 0 })!;
    expect(kinds[0]).toBe(1);
    const moved = [changesOf(drawn`#`, drawn`.`), changesOf(drawn`.`, drawn`#`)];
    expect(changeKinds(moved, { level: -3, column: 0, row: 0 })?.[0]).toBe(3);
  });

  it("are none where nothing changed", () => {
    const same = changesOf(drawn`##`, drawn`##`);
    expect(changeKinds([same], { level: 0, column: 0, row: 0 })).toBeUndefined();
    expect(changeKinds([first], { level: 0, column: 5, row: 5 })).toBeUndefined();
  });
});

describe("painted changes", () => {
  const empty = { box: undefined, runs: new Uint32Array(0) };
  const block = runsOf(rectangle(64, 64, [0, 0, 63, 63]));
  const inks = { added: [1, 2], removed: [3, 4], relabelled: [5, 6] } as const;
  const drawing = (changes: ReturnType<typeof changesOf>[]): string =>
    [...paintChanges(changes, inks, { level: 0, column: 0, row: 0 })!.subarray(0, 16)].join("");

  it("differ by pattern, not by colour alone", () => {
    expect(drawing([changesOf(empty, block)])).toBe("2211111122111111");
    expect(drawing([changesOf(block, empty)])).toBe("4433333344333333");
    expect(drawing([changesOf(block, empty), changesOf(empty, block)])).toBe("6665555566655555");
    const [risen, fallen] = [changesOf(empty, block), changesOf(block, empty)].map(
      (changes) => paintChanges([changes], inks, { level: 0, column: 0, row: 0 })![TILE_SIZE + 1]!,
    );
    expect([risen, fallen]).toEqual([1, 4]);
  });
});

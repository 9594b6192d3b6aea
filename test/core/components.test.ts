import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Component, componentMask, connectedComponents } from "../../src/core/components.ts";
import type { Mask } from "../../src/core/mask.ts";
import { ascii, draw } from "../helpers/ascii-mask.ts";
import { anyMask } from "./arbitrary.ts";

/** Ids by flood fill from each yet unseen pixel in row-major order. */
function floodFill({ width, height, data }: Mask): { ids: number[]; list: Component[] } {
  const ids: number[] = Array(data.length).fill(0);
  const list: Component[] = [];
  for (let seed = 0; seed < data.length; seed++) {
    if (data[seed] === 0 || ids[seed] !== 0) continue;
    const id = list.length + 1;
    const pixels: [number, number][] = [];
    const stack: [number, number][] = [[seed % width, Math.floor(seed / width)]];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const [x, y] = next;
      const inside = x >= 0 && x < width && y >= 0 && y < height;
      if (!inside || data[y * width + x] === 0 || ids[y * width + x] !== 0) continue;
      ids[y * width + x] = id;
      pixels.push([x, y]);
      for (const dy of [-1, 0, 1]) for (const dx of [-1, 0, 1]) stack.push([x + dx, y + dy]);
    }
    const xs = pixels.map(([x]) => x);
    const ys = pixels.map(([, y]) => y);
    const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const;
    list.push({ id, box, area: pixels.length });
  }
  return { ids, list };
}

describe("connectedComponents", () => {
  it("finds none in an empty mask", () => {
    expect(connectedComponents(ascii`...`).list).toEqual([]);
  });

  it.each([
    [
      "down right",
      ascii`
      #.
      .#
    `,
    ],
    [
      "down left",
      ascii`
      .#
      #.
    `,
    ],
  ])("connects diagonal neighbours, %s", (_, mask) => {
    expect(connectedComponents(mask).list).toEqual([{ id: 1, box: [0, 0, 1, 1], area: 2 }]);
  });

  it("does not connect the end of a row with the start of the next", () => {
    const mask = ascii`
      ...#
      #...
    `;
    expect(connectedComponents(mask).list).toEqual([
      { id: 1, box: [3, 0, 3, 0], area: 1 },
      { id: 2, box: [0, 1, 0, 1], area: 1 },
    ]);
  });

  it("joins the arms of a U at its foot", () => {
    const mask = ascii`
      #.#
      #.#
      ###
    `;
    expect(connectedComponents(mask).list).toEqual([{ id: 1, box: [0, 0, 2, 2], area: 7 }]);
  });

  it("joins the teeth of a comb, whose ids meet one after the other", () => {
    const mask = ascii`
      #.#.#.#
      #.#.###
      #.###..
      ###....
    `;
    expect(connectedComponents(mask).list).toEqual([{ id: 1, box: [0, 0, 6, 3], area: 4 + 5 + 4 + 3 }]);
  });

  it("follows a spiral and keeps what lies inside apart", () => {
    const mask = ascii`
      ########
      .......#
      ######.#
      #....#.#
      #.##.#.#
      #....#.#
      #......#
      ########
    `;
    const { list } = connectedComponents(mask);
    expect(list.map(({ area }) => area)).toEqual([mask.data.filter((v) => v === 1).length - 2, 2]);
    expect(list[1]!.box).toEqual([2, 4, 3, 4]);
  });

  it("numbers regions by their first pixel in row-major order", () => {
    const mask = ascii`
      ....#
      ##..#
      ....#
      #....
    `;
    expect([...connectedComponents(mask).ids]).toEqual([
      ...[0, 0, 0, 0, 1],
      ...[2, 2, 0, 0, 1],
      ...[0, 0, 0, 0, 1],
      ...[3, 0, 0, 0, 0],
    ]);
  });

  it("finds a box that widens to the left further down", () => {
    const mask = ascii`
      ..#.
      .#..
      #...
      .##.
    `;
    expect(connectedComponents(mask).list).toEqual([{ id: 1, box: [0, 0, 2, 3], area: 5 }]);
  });

  it("agrees with flood fill on random masks: ids, boxes and areas", () => {
    fc.assert(
      fc.property(anyMask(14), (mask) => {
        const { ids, list } = connectedComponents(mask);
        const expected = floodFill(mask);
        expect([...ids]).toEqual(expected.ids);
        expect(list).toEqual(expected.list);
      }),
      { numRuns: 500 },
    );
  });
});

describe("componentMask", () => {
  it("draws only the members asked for", () => {
    const mask = ascii`
      #.#.#
      #...#
    `;
    const components = connectedComponents(mask);
    expect(draw(componentMask(components, new Set([1, 3]), mask))).toBe("#...#\n#...#");
    expect(draw(componentMask(components, new Set([2]), mask))).toBe("..#..\n.....");
    expect(draw(componentMask(components, new Set(), mask))).toBe(".....\n.....");
  });
});
